"""How fast gapcalc is, beside what else there is."""
