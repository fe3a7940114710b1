# Everything happens in .venv, made from nothing. `make test` and `make demo` are all a newcomer needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SAMPLES := data/samples

# Of a benchmark: how many rows each file has, and how often each contestant runs.
SIZES ?= 7000 90000 1000000
ROUNDS ?= 5

.PHONY: all test demo fix docs bench constraints clean
all: test

# The stamp is newer than what it was made from, so a changed pin reinstalls and nothing else does.
$(VENV)/ready: constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "gapcalc needs Python 3.11 or newer; try: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

test: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

demo: $(VENV)/ready
	$(BIN)/gapcalc compute $(SAMPLES)/synthetic-pupils.csv --national $(SAMPLES)/england.csv \
		--measure 5ac_em --measure rwm_l4 --period 2012/13 --period 2013/14 \
		--group fsm --group disadvantaged --group sen --group lac_12_months --group eal --group bme

fix: $(VENV)/ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/ready
	$(BIN)/python -m tests.docs.generate

# What gapcalc is compared with is installed beside it, and is nothing that it needs.
bench: $(VENV)/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r benchmarks/constraints.txt
	$(BIN)/python -m compileall -q src benchmarks
	$(BIN)/python -m benchmarks.run $(SIZES) --rounds $(ROUNDS) --write

# Needs uv; writes pins with hashes for every supported Python, and no address of an index.
constraints:
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --quiet -o constraints.txt

clean:
	rm -rf $(VENV)
