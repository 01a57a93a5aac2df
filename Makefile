# The same commands locally and on CI. VENV is the environment to use: make check VENV=/path/to/venv
VENV ?= .venv
PYTHON ?= $(VENV)/bin/python

.PHONY: help check format test test-slow test-train docs docs-check bench

help:  ## What can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

check:  ## Formatting, lint and types
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m pyright --pythonpath $(PYTHON)

format:  ## Put the formatting right, and what lint can mend by itself
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .

test:  ## All tests (the local model's weights are fetched by: codeact models pull)
	$(PYTHON) -m pytest

test-slow:  ## The tests that take minutes: cgroups in a virtual machine, the whole attack suite in each tier, the server under attack and kill
	$(PYTHON) -m pytest -m slow

test-train:  ## Types and tests of codeact.train, which need the extra train (a CPU build of torch will do)
	$(PYTHON) -m pyright --pythonpath $(PYTHON) --project pyright-train.json
	$(PYTHON) -m pytest tests/train

docs:  ## Fill the generated parts of README.md and docs/
	$(PYTHON) docs/generate.py

docs-check:  ## Fail if a generated part is not what `make docs` would write
	$(PYTHON) docs/generate.py --check

bench:  ## The side-by-side measurements (soak.py, many_sessions.py and fuzz.py take longer and are run by hand)
	@for name in session fidelity crash_table awkward_cells; do echo "== benchmarks/$$name.py"; $(PYTHON) benchmarks/$$name.py || exit 1; done
