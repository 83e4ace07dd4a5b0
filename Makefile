# Everything that a person does with this repository. `make run` and `make test` need nothing before them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000
TESTERS ?= 3

.PHONY: help run test check format docs pictures bench bench-client bench-scale bench-telling clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.server ## serve the playground on http://127.0.0.1:8000
	@exec $(BIN)/remotehandsd serve --playground --host $(HOST) --port $(PORT)

test: $(VENV)/.dev ## run every test
	$(BIN)/python -m pytest -n $(TESTERS) --dist loadfile $(ARGS)

check: $(VENV)/.dev ## lint, types, import rules
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/rules -p no:randomly

format: $(VENV)/.dev ## put the code into its form
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

docs: $(VENV)/.dev ## write the reference pages of the customers' library and command
	$(BIN)/python tests/reference.py

pictures: $(VENV)/.dev ## take the pictures of the main pages again, with Debian's Chromium
	PYTHONPATH=. $(BIN)/python tests/pictures.py

bench: $(VENV)/.dev bench-client bench-telling ## measure a server as a user would start it, on both engines, and the customers' client
	$(BIN)/python -m benchmarks.run $(ARGS)

bench-client: $(VENV)/.dev ## measure the customers' client alone
	$(BIN)/python -m benchmarks.client

bench-scale: $(VENV)/.dev ## measure lists and creates up to ten million tickets on PostgreSQL
	$(BIN)/python -m benchmarks.scale $(ARGS)

bench-telling: $(VENV)/.dev ## measure what mail and webhooks cost who creates tickets, on both engines
	$(BIN)/python -m benchmarks.telling $(ARGS)

clean: ## remove what was installed and built, never the data folder
	rm -rf $(VENV) build dist src/*.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; name it with PYTHON=...")'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.server: $(VENV)/.made pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[server]'
	@touch $@

$(VENV)/.dev: $(VENV)/.made pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[server,dev]'
	@touch $@ $(VENV)/.server
