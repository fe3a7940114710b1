"""`python -m gapcalc` is `gapcalc`."""

from gapcalc.main import main

main()
