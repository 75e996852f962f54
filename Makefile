# Everything that people and CI run. `make help` lists it.
PYTHON := .venv/bin/python
ROOMS := desktop ui models sync documents provider resources translations tests
export PYTHONDONTWRITEBYTECODE=
export QT_LOGGING_RULES=qt.qpa.*=false

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench faults screenshots texts package lock format clean

help:  ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

setup:  ## make the virtual environment and check the system libraries
	@packaging/setup.sh

demo: setup  ## start a provider with sample data and the client, signed in; without a display, run the main job to the end
	@$(PYTHON) -m desktop.demo

test: setup check  ## run everything that CI runs
	@$(PYTHON) -m pytest -q -n 2 --dist worksteal --max-worker-restart 0 -m "not long"

check: setup  ## style, types, import rules and translations, without the tests
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports --no-cache
	@$(PYTHON) -m translations.check

bench: setup  ## measure the quality bars, each beside its reference; writes output/bench.json
	@$(PYTHON) -m tests.benchmarks

faults: setup  ## the long fault runs: 1,000 seeds of the sync simulation, kills at every point, planted bugs
	@$(PYTHON) -m pytest -q -n 2 --max-worker-restart 0 -m long tests/faults

screenshots: setup  ## render every screen, language, theme and state to output/screenshots/index.html
	@$(PYTHON) -m tests.screens.render

texts: setup  ## check that every text is translated; list what is missing
	@$(PYTHON) -m translations.check

package: setup  ## build the program folder for this system under dist/
	@packaging/build.sh

lock:  ## renew requirements/*.txt with hashes and no index address (needs uv)
	@packaging/lock.sh

format: setup  ## put the code into the project's style
	@$(PYTHON) -m ruff check --fix . ; $(PYTHON) -m ruff format .

clean:  ## remove what was made here, except .venv
	@rm -rf build dist output .pytest_cache .mypy_cache .ruff_cache .hypothesis translations/*/kabinet.mo
