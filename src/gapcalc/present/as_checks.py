"""Verdicts for machines that show checks: JUnit's XML, and annotations of GitHub's runners."""

from xml.sax.saxutils import escape, quoteattr

from gapcalc.present.verdict_words import (
    actual_text,
    contradiction_text,
    deciding,
    distance_text,
    notes,
    required_text,
    status_text,
)
from gapcalc.present.words import INTERNAL, printable
from gapcalc.targets.asked import VERDICTS
from gapcalc.verdicts import TargetVerdict, VerdictRelease


def fails(one: TargetVerdict, fail_on: str) -> bool:
    """Whether a verdict is as bad as what makes the run fail, or worse."""
    return fail_on != "never" and VERDICTS.index(one.verdict) >= [*VERDICTS].index(fail_on)  # type: ignore[arg-type]


def message(one: TargetVerdict) -> str:
    """A verdict in one line."""
    claim = deciding(one)
    parts = [status_text(one)]
    if claim is not None:
        pairs = (("actual", actual_text(claim)), ("required", required_text(claim)), ("distance", distance_text(claim)))
        parts += [f"{name} {text}" for name, text in pairs if text]
    said = [contradiction_text(one.id, each) for each in one.contradictions]
    return printable("; ".join([*parts, *notes(one), *said]))


def verdicts_junit(release: VerdictRelease) -> str:
    """A release in, JUnit XML out: a missed target is a failure, what cannot be said is skipped."""
    found = release.verdicts
    bad = [one for one in found.targets if fails(one, found.fail_on)]
    skipped = [one for one in found.targets if one.verdict == "cannot_say" and one not in bad]
    counts = f'tests="{len(found.targets)}" failures="{len(bad)}" errors="0" skipped="{len(skipped)}"'
    title = _attribute(f"{found.strategy}{f' - {INTERNAL}' if release.internal else ''}")
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites {counts}>", f"  <testsuite name={title} {counts}>"]
    for one in found.targets:
        lines.append(f"    <testcase classname={_attribute(found.strategy)} name={_attribute(f'{one.id} {one.says}')}>")
        said = message(one)
        if one in bad:
            lines.append(f"      <failure type={_attribute(one.verdict)} message={_attribute(said)}/>")
        elif one in skipped:
            lines.append(f"      <skipped message={_attribute(said)}/>")
        else:
            lines.append(f"      <system-out>{escape(said)}</system-out>")
        lines.append("    </testcase>")
    return "\n".join([*lines, "  </testsuite>", "</testsuites>"]) + "\n"


def verdicts_github(release: VerdictRelease) -> str:
    """A release in; a line for each target out, which GitHub's runners show as error, warning or notice."""
    found = release.verdicts
    lines = [f"::warning title=gapcalc::{_data(INTERNAL)}"] if release.internal else []
    for one in found.targets:
        worse = one.verdict in ("cannot_say", "off_track", "missed")
        command = "error" if fails(one, found.fail_on) else "warning" if worse else "notice"
        said = printable(f"{one.says}: {message(one)}")
        lines.append(f"::{command} title={_property(f'{one.id} {status_text(one)}')}::{_data(said)}")
    return "".join(f"{line}\n" for line in lines)


def _attribute(text: str) -> str:
    return quoteattr(printable(text))


def _data(text: str) -> str:
    """The text of an annotation: what would end the line is escaped as GitHub does."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """The same of a property, in which colons and commas mean something."""
    return _data(printable(text)).replace(":", "%3A").replace(",", "%2C")
