"""A bar on standard error for whatever takes more than a second; it is gone when that is done."""

from __future__ import annotations

from threading import Lock, Timer
from typing import TYPE_CHECKING

from gapcalc.streams import letters

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

SECONDS = 1.0  # below, nobody has begun to wonder


class Bar:
    """Shows how far a run has come, on a terminal."""

    def __init__(self) -> None:
        self._timer: Timer | None = None
        self._bar: tuple[Progress, TaskID] | None = None
        self._last: tuple[str, int | None, float | None] = ("", None, None)
        self._lock = Lock()

    def start(self) -> None:
        """Begin to wait; the bar comes when a second has passed."""
        self._timer = Timer(SECONDS, self._show)
        self._timer.daemon = True
        self._timer.start()

    def tell(self, what: str, rows: int | None, share: float | None) -> None:
        """Show how far it is."""
        with self._lock:
            self._last = what, rows, share
            self._update()

    def stop(self) -> None:
        """Take the bar away."""
        if self._timer is not None:
            self._timer.cancel()
        with self._lock:
            self._timer = None
            if self._bar is not None:
                self._bar[0].stop()
            self._bar = None

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        with self._lock:
            if self._timer is None:
                return
            progress = Progress(
                SpinnerColumn("line"),
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                TextColumn("{task.fields[told]}", markup=False),
                TimeElapsedColumn(),
                console=Console(stderr=True),
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._bar = progress, progress.add_task("", total=None, told="")
            self._update()
            progress.start()

    def _update(self) -> None:
        if self._bar is None:
            return
        what, rows, share = self._last
        progress, task = self._bar
        told = [f"{rows:,} rows"] if rows is not None else []
        told += [f"{100 * share:.0f}%"] if share is not None else []
        total, done = (1.0, share) if share is not None else (None, 0.0)
        progress.update(task, description=letters(what), total=total, completed=done, told=", ".join(told))
