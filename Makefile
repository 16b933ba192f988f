# Works with GNU make 3.81 and in folders whose path has spaces: every path here is relative.
# Each target first lets bootstrap.py bring .venv up to date; when it is, that takes a twentieth of a second.

PYTHON ?= python3
VENV := .venv/bin/python
# Options for `make lock`, for example LOCK_OPTIONS=--upgrade
LOCK_OPTIONS ?=
COMPILE := build/lock-venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --custom-compile-command "make lock" $(LOCK_OPTIONS)

.PHONY: help setup reports test lab site bench lock clean
.NOTPARALLEL:

help:
	@echo "make reports   run every scenario of reports/scenarios into reports/built, with an index page"
	@echo "make test      lint, types, all tests, and nbval over the notebooks and the reference reports"
	@echo "               (CI=true make test runs the long tests too)"
	@echo "make lab       open the notebooks in JupyterLab"
	@echo "make site      build the reading site into build/site: the lessons and the ledgers as pages, offline"
	@echo "make bench     measure what reports cost (minutes), into build/bench.json; ONLY=report for one part;"
	@echo "               KEEP=1 adds the figures to tests/bench/history.csv, once a release"
	@echo "make setup     make .venv, or bring it up to date (the other targets do this by themselves)"
	@echo "make lock      pin the dependencies of pyproject.toml anew; LOCK_OPTIONS=--upgrade takes new versions"
	@echo "make clean     remove .venv, built reports and caches"
	@echo "Another Python than python3: make PYTHON=python3.12 reports"

setup:
	@$(PYTHON) bootstrap.py core

reports:
	@$(PYTHON) bootstrap.py core
	$(VENV) -m nbmodel reports

test:
	@$(PYTHON) bootstrap.py test
	$(VENV) -m ruff check
	$(VENV) -m ruff format --check
	$(VENV) -m mypy
	$(VENV) -m pytest -n logical --dist loadfile -m "not alone" --doctest-modules nbmodel tests
	@# Only the files that hold such a test are read for them: reading all takes ten seconds.
	$(VENV) -m pytest -m alone $$(grep -l "mark.alone" tests/test_*.py)
	$(VENV) -m nbmodel check

bench:
	@$(PYTHON) bootstrap.py test
	$(VENV) -m tests.bench $(ONLY) $(if $(KEEP),--keep)

lab:
	@$(PYTHON) bootstrap.py core
	$(VENV) -m nbmodel lab

site:
	@$(PYTHON) bootstrap.py test
	$(VENV) docs/build.py

# uv gets a folder of its own, so that the tool that writes the locks is not in them.
# The test lock comes first and constrains the core lock: same pins in both.
lock:
	$(PYTHON) -m venv build/lock-venv
	build/lock-venv/bin/python -m pip install --quiet "uv>=0.9,<1"
	$(COMPILE) --extra build --extra test --output-file requirements-test.lock pyproject.toml
	$(COMPILE) --extra build --constraint requirements-test.lock --output-file requirements.lock pyproject.toml

clean:
	rm -rf .venv build dist reports/built .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find nbmodel tests notebooks assignments reports \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +
