# Digits from Scratch. `make` alone lists the targets.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
# Test files side by side, two more than there are cores: some wait for a browser.
PYTEST = $(BIN)/python -m pytest --numprocesses=$(shell expr $$(nproc 2>/dev/null || echo 2) + 2) \
	--dist=loadfile --no-loadscope-reorder
ONE_LAB := $(LAB)
LAB ?= lab1_helper_utilities
PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$p; break; }; done)

.PHONY: help setup demo lint quick test test-lab lab notebooks fresh grade report bank reproduce bench clean
.DEFAULT_GOAL := help

help:
	@echo "Digits from Scratch: the targets"
	@echo "  make setup               create .venv and install everything that the labs and the grader need"
	@echo "  make demo                release Lab 1, grade a small class of submissions, show the marks"
	@echo "  make test                run the linters and all tests"
	@echo "  make quick               the linters, and the tests that need no kernel, no class and no training"
	@echo "  make test-lab LAB=$(LAB)   all tests of one lab"
	@echo "  make lab                 open the labs in JupyterLab"
	@echo "  make notebooks           rebuild the worked and the student notebooks from solutions/*/*.py,"
	@echo "                           on all of MNIST; with LAB=… those of one lab"
	@echo "  make fresh               check that the committed notebooks are what those scripts give;"
	@echo "                           where all of MNIST is, their outputs, too"
	@echo "  make grade LAB=$(LAB)   grade what lies in submitted/"
	@echo "  make report LAB=$(LAB)   write the class report again"
	@echo "  make bank                show which hidden tests reject and name each known mistake"
	@echo "  make reproduce           train each lab's network on MNIST, compare with what the course claims"
	@echo "  make bench               measure grading against plain nbgrader, and training against others"
	@echo "  make clean               remove .venv and demo/"

$(VENV)/pyvenv.cfg:
	@[ -n "$(PYTHON)" ] || { echo "No Python 3.11 or newer was found. Install one (python.org), or name yours: make PYTHON=/path/to/python3.12 setup"; exit 1; }
	@echo "Setting up: creating $(VENV) with $(PYTHON)."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python could not create a virtual environment. On Debian and Ubuntu: sudo apt install python3-venv"; exit 1; }

$(VENV)/.course: requirements.txt pyproject.toml
	@[ -e $(VENV) ] || [ -L $(VENV) ] || $(MAKE) --no-print-directory $(VENV)/pyvenv.cfg
	@$(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "$(VENV) is there, but is no virtual environment of Python 3.11 or newer that works. Remove it, and run this again."; exit 1; }
	@echo "Setting up: installing the packages in requirements.txt into $(VENV) (a few minutes the first time)."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[course]' || { echo "Installing the packages failed; the lines above say why. If the network was away, run the same command again."; exit 1; }
	@touch $@

$(VENV)/.dev: $(VENV)/.course
	@echo "Setting up: adding what only the tests need."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

setup: $(VENV)/.course
	@echo "Ready: $(BIN)/python has everything. Next: make lab, or make demo."

demo: $(VENV)/.course
	@echo "Demo: a small class hands in Lab 1 and is graded, all of it in the folder demo/."
	@$(BIN)/python -m autograder demo

lint: $(VENV)/.dev
	@$(BIN)/lint-imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/python -m mypy

quick: lint
	@$(PYTEST) -m "not kernel and not classroom and not training and not browser"

test-lab: lint
	@$(PYTEST) -m "$(firstword $(subst _, ,$(LAB)))"

test: lint
	@echo "Tests: pytest, on all cores."
	@$(PYTEST)

lab: $(VENV)/.course
	@echo "Opening JupyterLab on notebooks/ (stop it with Ctrl-C). Worked solutions are in solutions/."
	@PATH="$(CURDIR)/$(BIN):$$PATH" PYTHONPATH="$(CURDIR)$${PYTHONPATH:+:$$PYTHONPATH}" $(BIN)/jupyter lab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/notebooks

notebooks: $(VENV)/.course
	@echo "Notebooks: running each worked lab on all of MNIST and on the embedded digits, then cutting the student version."
	@$(BIN)/python -m authoring.notebooks $(ONE_LAB)

grade: $(VENV)/.course
	@echo "Grading $(LAB): what lies in submitted/STUDENT/$(LAB)/."
	@$(BIN)/python -m autograder $(LAB) $(OPTIONS)

fresh: $(VENV)/.course
	@echo "Fresh: comparing the committed notebooks with what the scripts in solutions/ give."
	@$(BIN)/python -m authoring.fresh

report: $(VENV)/.course
	@echo "Report: the picture of the class for $(LAB)."
	@$(BIN)/python -m autograder report $(LAB) $(OPTIONS)

bank: $(VENV)/.course
	@echo "Bank: every known mistake against every hidden test (a minute or two)."
	@$(BIN)/python -m grader_tests.engine.trial

reproduce: $(VENV)/.course
	@echo "Reproduce: training every lab's network on MNIST (some minutes; set MNIST_DIR if you have the files)."
	@$(BIN)/python -m bench.reproduce

bench: $(VENV)/.course
	@echo "Bench: grading throughput, ours and plain nbgrader's (some minutes)."
	@$(BIN)/python -m bench.grading
	@$(BIN)/python -m bench.training

clean:
	@echo "Removing $(VENV) and demo/."
	@rm -rf $(VENV) demo
