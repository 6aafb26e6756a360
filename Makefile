# make run     the whole system with the demo at http://127.0.0.1:8311 (Ctrl-C ends it)
# make test    every test          make check   lint, types, imports, sizes
# make bench   measurements        make soak    a long run under load
# Needs Python 3.11 or later and make; everything else is set up below .venv, build and var.

SHELL := /bin/sh
.DELETE_ON_ERROR:
# Started without any environment (env -i), programs must still be found.
ifeq ($(PATH),)
export PATH := /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
endif
.PHONY: run test check bench soak clean lock frontend chromium screenshots messages

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet --quiet
NPM := PATH="$(CURDIR)/.venv/bin:$$PATH" npm_config_cache="$(CURDIR)/build/npm" npm_config_update_notifier=false npm_config_loglevel=error \
	NODE_USE_SYSTEM_CA=1 npm
SOURCES := $(shell find frontend -name node_modules -prune -o -type f -print 2>/dev/null)
BUILT := src/wangge/static/build/manifest.json
# What the checks keep must not mingle with the state of a running system.
CHECKED := WANGGE_HOME=build/check WANGGE_ENV_FILE=/dev/null

run: .venv/run.stamp $(BUILT)
	@$(PY) -m wangge up --demo

test: .venv/dev.stamp $(BUILT) chromium
	@cd frontend && $(NPM) --silent test
	@$(PY) -m pytest -q -n $(JOBS) --dist loadgroup $(TESTS)

check: .venv/dev.stamp $(BUILT)
	@$(PY) -m ruff check .
	@$(CHECKED) $(PY) -m mypy
	@$(CHECKED) .venv/bin/lint-imports --no-logo 2>/dev/null || $(CHECKED) .venv/bin/lint-imports
	@$(PY) -m djlint --quiet --lint src/wangge
	@cd frontend && $(NPM) --silent run types && $(NPM) --silent run size
	@$(PY) -m pytest -q -n0 tests/architecture

bench: .venv/dev.stamp $(BUILT)
	@$(PY) -m bench

soak: .venv/dev.stamp $(BUILT)
	@$(PY) -m bench.soak

screenshots: .venv/dev.stamp $(BUILT) chromium
	@$(PY) -m tests.browser.screenshots

frontend: $(BUILT)

# The environment: the versions and digests of the lock files, and nothing else.
.venv/bin/pip:
	@test -n "$(PYTHON)" || { echo "Wangge needs Python 3.11 or later; none was found (set PYTHON=…)"; exit 1; }
	@echo "Setting up .venv with $(PYTHON) …"
	@$(PYTHON) -m venv --clear .venv || { echo "Python's venv module is missing (Debian: apt-get install python3-venv)"; exit 1; }

.venv/run.stamp: requirements.lock requirements-build.lock pyproject.toml | .venv/bin/pip
	@echo "Installing …"
	@$(PIP) install --require-hashes -r requirements.lock -r requirements-build.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements-dev.lock
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

frontend/node_modules/.stamp: frontend/package.json frontend/package-lock.json | .venv/run.stamp
	@echo "Fetching the parts of the pages …"
	@cd frontend && $(NPM) ci >/dev/null
	@touch $@

$(BUILT): frontend/node_modules/.stamp $(SOURCES)
	@echo "Building the pages …"
	@mkdir -p build
	@(cd frontend && $(NPM) run build) >build/pages.log 2>&1 || { cat build/pages.log; exit 1; }
	@touch $@

# Browser tests use the system's Chromium; without it they are left out and listed.
chromium:
	@command -v chromium >/dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	    mkdir -p build; echo "Installing Chromium …"; \
	    { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
	      chromium fonts-noto-cjk; } >build/chromium.log 2>&1 && rm build/chromium.log \
	      || echo "Chromium could not be installed (build/chromium.log): browser tests are left out and listed below."; \
	  else echo "No Chromium here, and it cannot be installed: browser tests are left out and listed below."; fi; }

# New versions, on purpose: look at the differences before committing them.
COMPILE := $(PY) -m piptools compile --quiet --generate-hashes --no-header --no-annotate --strip-extras --allow-unsafe \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-config
GROUP = $(PY) -c "import tomllib, sys; print(*tomllib.load(open('pyproject.toml', 'rb'))['dependency-groups'][sys.argv[1]], sep='\n')"
lock: .venv/dev.stamp
	@mkdir -p build
	@$(COMPILE) $(UPGRADE) -o requirements.lock pyproject.toml
	@$(GROUP) build >build/build.in
	@$(COMPILE) $(UPGRADE) -o requirements-build.lock -c requirements.lock build/build.in
	@$(GROUP) dev >build/dev.in
	@$(COMPILE) $(UPGRADE) -o requirements-dev.lock -c requirements.lock -c requirements-build.lock pyproject.toml build/dev.in

# Everything that was made, but not what was recorded: var stays.
clean:
	rm -rf .venv build dist frontend/node_modules src/wangge/static/build .mypy_cache .ruff_cache .pytest_cache \
	  .hypothesis .import_linter_cache test-results
	find src tests bench -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
