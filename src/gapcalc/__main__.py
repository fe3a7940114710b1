"""`python -m gapcalc` is `gapcalc`."""

from gapcalc.cli import main

main()
