# Everything from a clean clone, with Python 3.11 or newer and make alone.

PYTHON ?= python3
PY := .venv/bin/python
MANAGE := $(PY) manage.py

.DEFAULT_GOAL := help
.PHONY: help run test lint format demo bench shots golden backup restore messages

help:
	@echo "make run      serve the application at http://localhost:8000 (PORT=8001 for another port)"
	@echo "make test     run all tests (ARGS=\"tests/config -x\" for some)"
	@echo "make lint     check format, types, imports, templates, migrations, translations"
	@echo "make format   put Python files into their form"
	@echo "make demo     fill a business with examples"
	@echo "make backup   write database and files into one file (FILE=...)"
	@echo "make restore  put them back (FILE=..., YES=1 to go without asking)"
	@echo "make bench    measure"
	@echo "make shots    take pictures of the main pages and papers"
	@echo "make golden   keep texts and pictures of the papers as they are now"

# The stamps carry the hash of what was installed: a second start installs nothing.
.venv/.stamp: requirements.txt constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + ": make PYTHON=python3.12 ...")'
	@test -x $(PY) || { echo "Making a virtual environment ..."; $(PYTHON) -m venv .venv; }
	@sh -c 'new=$$(cat $^ | cksum); test "$$new" = "$$(cat $@ 2>/dev/null)" || \
	  { echo "Installing packages ..."; $(PY) -m pip install -qq --disable-pip-version-check -r requirements.txt && echo "$$new" > $@; }'
	@touch $@

.venv/.stamp-dev: .venv/.stamp requirements-dev.txt
	@sh -c 'new=$$(cat requirements.txt requirements-dev.txt constraints.txt | cksum); test "$$new" = "$$(cat $@ 2>/dev/null)" || \
	  { echo "Installing what tests and checks need ..."; $(PY) -m pip install -qq --disable-pip-version-check -r requirements-dev.txt && echo "$$new" > $@; }'
	@touch $@

run: .venv/.stamp
	@exec $(MANAGE) serve

demo: .venv/.stamp
	@$(MANAGE) prepare
	@$(MANAGE) demo

backup: .venv/.stamp
	@$(MANAGE) backup $(FILE)

restore: .venv/.stamp
	@test -n "$(FILE)" || { echo "Say which: make restore FILE=var/backups/....tar.gz" >&2; exit 2; }
	@$(MANAGE) restore $(if $(YES),--yes) $(FILE)

test: .venv/.stamp-dev
	@.venv/bin/pytest $(ARGS)

format: .venv/.stamp-dev
	@.venv/bin/ruff check --fix --exit-zero --quiet .
	@.venv/bin/ruff format .

lint: .venv/.stamp-dev
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/lint-imports
	.venv/bin/mypy .
	.venv/bin/djlint --lint --quiet templates
	DJANGO_SETTINGS_MODULE=tests.settings $(MANAGE) makemigrations --check --dry-run
	DJANGO_SETTINGS_MODULE=tests.settings $(MANAGE) messages --check

messages: .venv/.stamp-dev
	@DJANGO_SETTINGS_MODULE=tests.settings $(MANAGE) messages

bench: .venv/.stamp-dev
	@test -f bench/__main__.py || { echo "There is nothing under bench/ to run yet." >&2; exit 1; }
	@$(PY) -m bench $(ARGS)

golden: .venv/.stamp-dev
	@$(PY) -m tests.invoicing.pdf.golden

shots: .venv/.stamp-dev
	@test -f tests/e2e/shots.py || { echo "There is no tests/e2e/shots.py yet." >&2; exit 1; }
	@$(PY) -m tests.e2e.shots $(ARGS)
