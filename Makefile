PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
VLLM_VENV ?= .venv-vllm
VLLM_BIN := $(VLLM_VENV)/bin
VLLM_STAMP := $(VLLM_VENV)/.installed

.PHONY: demo test check test-all fuzz test-vllm mutate measure weights bench clean

demo: $(VENV)/.demo  ## set up, then explain the example clip
	$(BIN)/affect-llm demo

test: $(STAMP)  ## every fast test
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 -m "not slow"

test-all: $(STAMP)  ## the slow ones too
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2

fuzz: $(STAMP)  ## the property tests on new random cases; a failure prints how to have it again
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 -m "not slow" --hypothesis-profile=fuzz

test-vllm: $(STAMP) $(VLLM_STAMP)  ## against a real vLLM, which has an environment of its own
	OMP_NUM_THREADS=1 VLLM_PYTHON=$(VLLM_BIN)/python $(BIN)/python -m pytest tests/vllm

check: $(STAMP)  ## what a change must pass before it is proposed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

mutate: $(STAMP)  ## do the metrics' tests notice changed rules? results in mutants/, half an hour
	OMP_NUM_THREADS=1 $(BIN)/mutmut run --max-children 2
	$(BIN)/mutmut results

measure: $(STAMP)  ## held-out numbers: make measure KIT=… BANKS=… OUT=…
	$(BIN)/affect-llm eval run --all --data $(KIT) --banks $(BANKS) --out $(OUT)

weights: $(STAMP)  ## the shipped weights made again, about three hours: make weights KIT=… OUT=… [TEACHER=…]
	$(BIN)/python -m workshop voice-head --kit $(KIT) --out $(OUT)/voice_head --bank $(OUT)/banks/voice
	$(BIN)/python -m workshop face-net --kit $(KIT) --out $(OUT)/face_net --bank $(OUT)/banks/face
	$(BIN)/python -m workshop embedded --kit $(KIT) --banks $(OUT)/banks --out $(OUT)/embedded $(if $(TEACHER),--teacher $(TEACHER))

bench: $(STAMP)  ## ratios, side by side in one run
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/media_decode.py
	$(BIN)/python benchmarks/voice_speed.py
	$(BIN)/python benchmarks/face_speed.py
	$(BIN)/python benchmarks/generation_speed.py
	$(BIN)/python benchmarks/quantised_memory.py
	$(BIN)/python benchmarks/whole_pipeline.py
	$(BIN)/python benchmarks/metrics_speed.py
	-$(BIN)/python benchmarks/emotion_wheel_speed.py  # needs the official word tables

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[demo]"
	touch $@

$(STAMP): pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $@ $(VENV)/.demo

$(VLLM_BIN)/python:
	$(PYTHON) -m venv $(VLLM_VENV)

$(VLLM_STAMP): constraints-vllm.txt | $(VLLM_BIN)/python
	$(VLLM_BIN)/python -m pip install --quiet --no-deps --requirement constraints-vllm.txt
	$(VLLM_BIN)/python -m pip install --quiet --no-deps --editable .
	touch $@

clean:
	rm -rf $(VENV) $(VLLM_VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis mutants
