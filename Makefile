# Two commands are all a newcomer needs: `make demo` and `make test`. Both set up what is missing.
#
#   make demo                       the main job on a film that is drawn for it
#   make demo FILM="a.mp4 b.mov"    the same on your own footage
#   make test                       the tests (within a quarter of an hour on two cores)
#   make slow                       the tests that take longer
#   make hosts                      the tests in editing applications (Blender, melt)
#   make blender                    the Blender plug-in, into dist/blender
#   make lint                       ruff, mypy
#   make proto                      regenerates the API's code
#   make docs                       regenerates the tables in docs/
#   make masks                      pages of the silhouettes of real films, to look at
#   make clean                      removes the environments and what the others wrote

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
FILM ?=

.PHONY: help setup demo test slow hosts blender lint proto docs masks clean

help:
	@sed -n 's/^#   //p' Makefile

setup: $(READY)

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "matchcut needs Python 3.11 or newer; set PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' \
	  || { echo "This Python has no venv: apt install python3-venv" >&2; exit 1; }
	@echo "Setting up $(VENV): some gigabytes the first time, a few minutes."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $(READY)

demo: $(READY)
	$(BIN)/python -m tests.demo $(foreach film,$(FILM),"$(film)")

test: $(READY)
	$(BIN)/python -m pytest

slow: $(READY)
	$(BIN)/python -m pytest -m slow

hosts: $(READY)
	tests/hosts/install.sh
	$(BIN)/python -m pytest -m hosts

blender: $(READY)
	$(BIN)/python plugin/blender/build.py

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

proto: $(READY)
	$(BIN)/python proto/generate.py

docs: $(READY)
	$(BIN)/python -m tests.tables --write

masks: $(READY)
	$(BIN)/python -m tests.benchmarks.masks

clean:
	rm -rf $(VENV) .venv-bpy demo dist masks
