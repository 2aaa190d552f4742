# make run | test | bench | lint | pictures. Python ≥ 3.11 and make are all that is assumed.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
PY := $(VENV)/bin/python
UV := $(VENV)/bin/uv

.PHONY: run test bench lint format pictures lock clean
.DEFAULT_GOAL := run

$(UV):
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (set PYTHON=/path/to/python)." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python cannot make an environment; on Debian: apt install python3-venv" >&2; exit 1; }
	@$(PY) -m pip install --quiet --disable-pip-version-check uv

$(VENV)/.installed: requirements.lock | $(UV)
	@echo "Installing from requirements.lock …"
	@$(UV) pip install --quiet --compile-bytecode --python $(PY) --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock | $(UV)
	@echo "Installing from requirements-dev.lock …"
	@$(UV) pip install --quiet --compile-bytecode --python $(PY) --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/.installed

# exec: Ctrl-C and signals reach the supervisor, not a shell in between.
run: $(VENV)/.installed
	@exec $(PY) manage.py start

test: $(VENV)/.installed-dev
	@exec $(PY) -m tests.run

bench: $(VENV)/.installed-dev
	@exec $(PY) -m bench

lint: $(VENV)/.installed-dev
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	@git ls-files -z 'site/templates/*.html' | xargs -0 $(VENV)/bin/djhtml --tabwidth 2 --check
	@git ls-files -z 'site/templates/*.html' | xargs -0 $(VENV)/bin/djade --target-version 5.2 --check
	DATA_DIR=$(VENV)/lint-data $(PY) manage.py makemigrations --check --dry-run

format: $(VENV)/.installed-dev
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .
	@git ls-files -z 'site/templates/*.html' | xargs -0 $(VENV)/bin/djade --target-version 5.2 || true
	@git ls-files -z 'site/templates/*.html' | xargs -0 $(VENV)/bin/djhtml --tabwidth 2

# Every picture of docs/, with Chromium and a demo city of its own.
pictures: $(VENV)/.installed-dev
	@exec $(PY) docs/make_pictures.py

# Rewrites the lock files from pyproject.toml (hashes, no registry's host).
lock: $(UV)
	$(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header pyproject.toml -o requirements.lock
	$(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV)
