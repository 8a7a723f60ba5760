# `make demo` and `make test` set up everything they need; the rest is for work on subemo.

PYTHON ?= $(shell for p in python3.12 python3.13 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null \
	&& echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
SYNC := UV_PROJECT_ENVIRONMENT=$(VENV) $(BIN)/uv sync --frozen --inexact --no-python-downloads --compile-bytecode --quiet

.PHONY: demo showcase research test lint types docs bench audit fuzz crash release-check clean

demo: $(VENV)/.core
	$(BIN)/subemo annotate samples/trailer.mp4 samples/trailer.srt --min-confidence 0.4 --verbose --overwrite
	@$(BIN)/subemo annotate samples/trailer.mp4 samples/trailer.srt --all --overwrite \
		-o samples/trailer.all.emo.srt > /dev/null
	@echo "Every cue tagged: samples/trailer.all.emo.srt"

# All outputs of subemo for the sample, in one folder, and the gallery of the documentation.
showcase: $(VENV)/.test
	$(BIN)/python -m benchmarks.showcase showcase
	$(BIN)/python -m benchmarks.gallery showcase

# All that a researcher needs: `. .venv/bin/activate` makes `subemo train` and `subemo evaluate` available.
research: $(VENV)/.train
	@echo "Set up. Next: . $(BIN)/activate"

test: $(VENV)/.test
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

# What checks JavaScript, where there is Node.
BIOME := $(if $(shell command -v npm),node_modules/.package-lock.json)
node_modules/.package-lock.json: package-lock.json
	npm ci --silent --no-audit --no-fund

lint: $(VENV)/.test $(BIOME)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(if $(BIOME),npx biome ci --error-on-warnings,@echo "The studio's JavaScript is not checked: that needs Node" >&2)

types: $(VENV)/.test
	$(BIN)/mypy

# The documentation as a site in site/, built without a network; a warning or a broken link is an error.
docs: $(VENV)/.test
	$(SYNC) --extra test --extra docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "Documentation: site/index.html"

bench: $(VENV)/.test
	$(BIN)/python -m benchmarks.annotate
	$(BIN)/python -m benchmarks.steps
	$(BIN)/python -m benchmarks.peers
	$(BIN)/python -m benchmarks.length
	$(BIN)/python -m benchmarks.archive
	$(BIN)/python -m benchmarks.review
	$(BIN)/python -m benchmarks.timeline

# Known weaknesses of what is installed with subemo, as far as the registry tells them.
audit: $(VENV)/.test
	$(SYNC) --extra test --extra audit
	$(BIN)/uv export --frozen --no-hashes --no-emit-project --quiet -o $(VENV)/requirements.txt
	$(BIN)/pip-audit -r $(VENV)/requirements.txt --no-deps --disable-pip --progress-spinner off

# Ten minutes over the readers of strangers' files (no crash, no hang, at most 500 MB), and five
# over captions of spoilt subtitles, which other readers judge; then every test of properties, with
# eight times as many examples as in `make test`.
fuzz: $(VENV)/.test
	$(SYNC) --extra test --extra fuzz
	$(BIN)/python fuzz/readers.py -max_total_time=600 -timeout=10 -rss_limit_mb=500
	$(BIN)/python -m fuzz.captions 300
	HYPOTHESIS_PROFILE=thorough $(BIN)/python -m pytest -m hypothesis --numprocesses auto --dist worksteal

# Ended at fifty moments each, by four signals: annotate, mux, burn, timeline and batch; the studio while it publishes.
crash: $(VENV)/.test
	SUBEMO_MOMENTS=50 $(BIN)/python -m pytest tests/test_crash.py tests/review/test_publishing.py

# As a stranger gets it: a clone, an empty home, no caches, each way of installing (CHECK=--no-tests leaves
# out make test).
release-check:
	@test -n "$(PYTHON)" || { echo "subemo needs Python 3.11, 3.12 or 3.13; name it with PYTHON=..." >&2; exit 1; }
	$(PYTHON) benchmarks/release_check.py $(CHECK)

clean:
	rm -rf $(VENV) build dist site .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
	rm -f samples/*.emo.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/uv:
	@test -n "$(PYTHON)" || { echo "subemo needs Python 3.11, 3.12 or 3.13; name it with PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9

$(VENV)/.core: $(BIN)/uv pyproject.toml uv.lock
	$(SYNC)
	@touch $@

$(VENV)/.train: $(BIN)/uv pyproject.toml uv.lock
	$(SYNC) --extra train
	@touch $@ $(VENV)/.core

$(VENV)/.test: $(BIN)/uv pyproject.toml uv.lock
	$(SYNC) --extra test
	@touch $@ $(VENV)/.train $(VENV)/.core
