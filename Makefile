# Works with GNU make 3.81 (macOS) and newer. `make` alone lists the commands.

PYTHONS = $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 python)
python  = .venv/$(if $(filter Windows_NT,$(OS)),Scripts,bin)/python
# JupyterLab starts for root only when told to. Root, here, means a container.
as_root = $(if $(filter 0,$(shell id -u 2>/dev/null)),--allow-root)
jupyterlab = . tools/at_home.sh && $(python) -I -m jupyterlab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb $(as_root)
# Where pip's configuration sends packages elsewhere (user, target, ...), none of it counts.
elsewhere = '\.(target|prefix|root)=|\.(user|dry-run)=.(1|t|y|on)'
install = if $(python) -m pip config list | grep -Eiq $(elsewhere); then export PIP_CONFIG_FILE=/dev/null; fi; \
          $(python) -m pip install --quiet --disable-pip-version-check
not_installed = echo "The course is not installed: pip says above why. Then  make lab  goes on from here."; \
                echo "'$(python) -m pip config list' shows what pip is told to do."; exit 1

# JupyterHub, apart, where the accounts of its tests can use it. They are made by root, if at all.
HUB ?= .venv-hub
for_hub = .venv/test node_modules $(if $(as_root),$(HUB)/hub)

unit = tests/unit tests/laws gdtools
nbval = --nbval-lax --nbval-current-env --nbval-cell-timeout=120
compile = $(UV) pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
          --generate-hashes --no-header --no-annotate $(ARGS)
UV = uv
# JavaScript is checked where there is what checks it. Where the tests have to run, it has to be there.
if_there = @if command -v $(1) >/dev/null; then echo $(1) $(2); $(1) $(2); \
           elif [ "$$CI" = true ]; then echo "$(1) is missing: install nodejs and npm"; exit 1; \
           else echo "JavaScript was not checked: there is no $(1)"; fi

# The matrices here are small: one thread is faster than several that wait for each other.
export OPENBLAS_NUM_THREADS ?= 1

# The kernel is .venv's and imports from .venv, whatever else is installed and set on this machine.
export JUPYTER_PREFER_ENV_PATH = 1
unexport JUPYTER_PATH PIP_USER PIP_TARGET PIP_PREFIX PIP_ROOT PIP_DRY_RUN $(filter PYTHON%,$(.VARIABLES))

.DEFAULT_GOAL := help
.PHONY: help lab lecture quick test lint unit nbval slow browser hub hub-test notebooks exercises student-repo hub-files slides site lite lite-quick lite-test publish links lock replicate coverage test-versions test-processors bench load hub-load clean

help:
	@echo "make COMMAND, where COMMAND is one of"
	@awk -F ':.*## ' '/^#: / { printf "\n%s\n", substr($$0, 4) } /^[a-z-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' Makefile

#: To take the course

lab: .venv/lab ## open the course in JupyterLab (the first time, install it into .venv)
	$(jupyterlab) $(ARGS)

lecture: .venv/lab ## open the course for the projector: larger letters and thicker lines in all figures
	GDTOOLS_LECTURE=1 $(jupyterlab) $(ARGS)

#: To test

quick: .venv/test ## test one notebook in seconds: make quick NOTEBOOK=02, or one set of exercises: make quick SET=02
	$(if $(NOTEBOOK)$(SET),,$(error which one? make quick NOTEBOOK=02, or make quick SET=02))
	$(if $(NOTEBOOK),@$(python) -m tools.minutes $(NOTEBOOK))
	@$(python) -m pytest --quiet $(nbval) -k $(NOTEBOOK)$(SET) $(ARGS) \
	  $(if $(NOTEBOOK),tests/unit/test_every_notebook.py tests/unit/test_evidence.py notebooks/$(NOTEBOOK)_*.ipynb) \
	  $(if $(SET),tests/unit/test_every_notebook.py tests/unit/test_exercises.py tests/unit/test_checks.py solutions/$(SET)_*/*.ipynb)

test: lint unit nbval slow browser hub lite-quick ## run all tests, the seven below

lint: .venv/test node_modules ## check the code's style and everybody's spelling
	$(python) -m ruff check
	$(python) -m ruff format --check
	$(call if_there,node_modules/.bin/biome,check --error-on-warnings)
	$(python) -m codespell_lib

unit: .venv/test node_modules ## test the package, the notebooks' laws and form, and the project's files
	$(call if_there,node,--test tests/js/*.test.mjs)
	$(python) -m pytest $(unit) --numprocesses=auto $(ARGS)

nbval: .venv/test ## run every notebook and compare the printed numbers with the stored ones
	$(python) -m pytest $(nbval) --numprocesses=auto --dist=loadscope notebooks solutions $(ARGS)

slow: .venv/test ## test what takes long: claims on fresh data, any arguments, nbgrader, and that mistakes are found
	$(python) -m pytest tests/slow --numprocesses=auto --dist=loadscope $(ARGS)

browser: .venv/test node_modules ## use every notebook in JupyterLab and Chromium (skipped without Chromium)
	$(python) -m pytest tests/browser --numprocesses=auto $(ARGS)

hub: $(for_hub) ## a student's first day at a JupyterHub, with real accounts (skipped unless you are root)
	HUB=$(HUB) $(python) -m pytest tests/hub/test_1_a_first_day.py --verbose $(ARGS)

hub-test: $(for_hub) ## all of a class at a JupyterHub: log in, links, limits, grading, nobody sees what is another's (root)
	HUB=$(HUB) $(python) -m pytest tests/hub --verbose $(ARGS)

# Where the tests have to run, it has to be built.
lite-quick: .venv/test .venv/lite ## run three notebooks and a set of exercises in the browser alone (skipped without Chromium)
	$(python) -m tools.lite || [ "$$CI" != true ]
	$(python) -m pytest tests/lite -m "not long" --numprocesses=2 $(ARGS)

lite-test: .venv/test lite ## the same with all notebooks and exercises, and what else a student meets there
	$(python) -m pytest tests/lite --numprocesses=2 $(ARGS)

#: To make what is derived

notebooks: .venv/lab ## run the notebooks anew and store their outputs in normal form
	$(python) -m tools.notebooks $(ARGS)

exercises: .venv/test ## make the exercises from their solutions
	$(python) -m tools.exercises

student-repo: .venv/test ## write what students may have: make student-repo OUT=folder, or BRANCH=student
	$(if $(OUT)$(BRANCH),,$(error where to? make student-repo OUT=folder, or make student-repo BRANCH=student))
	@$(python) -m tools.student_repo $(if $(OUT),--out "$(OUT)") $(if $(BRANCH),--branch "$(BRANCH)")

hub-files: .venv/test ## write what a hub needs of the course, without solutions: make hub-files OUT=/srv/course
	$(if $(OUT),,$(error where to? make hub-files OUT=/srv/course))
	@$(python) -m tools.hub_files "$(OUT)"

slides: .venv/test node_modules ## write the notebooks as slides into build/slides
	$(python) -m tools.publish slides $(ARGS)

site: .venv/test node_modules ## write the notebooks as pages into build/site
	$(python) -m tools.publish site $(ARGS)

lite: .venv/lite ## build the edition for the browser, which needs no server, into build/lite (PYODIDE=folder)
	$(python) -m tools.lite $(ARGS)

publish: .venv/test .venv/lite node_modules ## pages, slides and the edition for the browser into build/public, for any web server
	$(python) -m tools.publish.public $(ARGS)

links: .venv/lab ## say in README and notebooks where they open with nothing to install: make links REPO=owner/name
	$(python) -m tools.links $(REPO) --branch $(or $(BRANCH),main) $(ARGS)

lock: ## compile the locks from pyproject.toml with uv (ARGS=--upgrade for newer versions)
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: pip install uv"; exit 1; }
	$(compile) pyproject.toml --output-file requirements.lock
	$(compile) pyproject.toml --group test --constraint requirements.lock --output-file requirements-test.lock
	$(compile) pyproject.toml --group lite --constraint requirements-test.lock --output-file requirements-lite.lock
	$(compile) pyproject.toml --group hub --constraint requirements-test.lock --output-file requirements-hub.lock
	$(subst 3.11,3.14,$(compile)) --no-deps --group browser --output-file requirements-browser.lock

#: To measure and to try

replicate: .venv/test ## run the experiment of every claim again, on other seeds and data (a few minutes)
	$(python) -m evidence $(ARGS)

coverage: .venv/test ## name the lines and branches of gdtools that no unit test reaches
	$(python) -m coverage run -m pytest $(unit) tests/slow/test_fuzz.py $(ARGS)
	$(python) -m coverage report

test-versions: ## test on each Python here, with the newest packages, and with the oldest allowed (needs uv)
	@command -v $(UV) >/dev/null || { echo "make test-versions needs uv: pip install uv"; exit 1; }
	UV=$(UV) python3 -m tools.versions $(ARGS)

test-processors: .venv/test ## run every notebook as on four processors: each has to print the same (a few minutes)
	$(python) -m tools.processors $(ARGS)

bench: .venv/test ## measure what is claimed to be fast, and how the costs grow
	$(python) -m benchmarks
	$(python) -m benchmarks.growth
	$(python) -m benchmarks.notebooks

load: .venv/test ## measure a class of students on this machine (ARGS="1 4 8 16" students at once)
	$(python) -m benchmarks.class_load $(ARGS)

hub-load: $(for_hub) ## measure a class at a JupyterHub, and compute what larger ones need (ARGS="1 16" students; root)
	HUB=$(HUB) $(python) -m benchmarks.hub_load $(ARGS)

#: To tidy up

clean: ## remove what these commands made, .venv included
	rm -rf .venv .venv-hub build node_modules .coverage .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} + -o -name .ipynb_checkpoints -prune -exec rm -rf {} +

# Empty files that say how far .venv is. All of it is made anew where it is another folder's (this one was moved, or
# copied) or its Python is gone; and what is in it, where packages are missing or have other versions.

.PHONY: $(shell $(python) -I -m gdtools.installation 2>/dev/null || echo .venv/made)

.venv/made:
	@for python in $(PYTHONS); do \
	  if "$$python" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Installing the course into .venv with $$("$$python" --version). This takes a minute or two, once."; \
	    rm -rf .venv && "$$python" -m venv .venv && touch $@; exit; \
	  fi; \
	done; \
	echo "The course needs Python 3.11 or newer with its venv module, and finds it under none of these names:"; \
	echo "  $(PYTHONS)"; \
	echo "To install it: 'sudo apt install python3-venv' (Debian, Ubuntu), 'brew install python' (macOS), or see python.org."; \
	echo "To use one that has another name: make lab PYTHON=/path/to/python3"; \
	exit 1

.venv/lab: .venv/made requirements.lock pyproject.toml
	@$(install) --require-hashes --requirement requirements.lock || { $(not_installed); }
	@$(install) --no-deps --editable . || { $(not_installed); }
	@test -z "$$($(python) -I -m gdtools.installation || echo no)" || { $(not_installed); }
	@# Else JupyterLab asks at its first start whether to fetch news, and looks on the internet for a newer one.
	@$(python) -m jupyterlab.labextensions disable --level=sys_prefix @jupyterlab/apputils-extension:announcements 2>/dev/null
	@touch $@

.venv/lite: .venv/lab requirements-lite.lock
	@$(install) --require-hashes --requirement requirements-lite.lock
	@touch $@

.venv/test: .venv/lab requirements-test.lock
	@$(install) --require-hashes --requirement requirements-test.lock
	@touch $@

# As one who has no rights here finds Python, so that the accounts can use it; `gdtools` as students get it.
$(HUB)/made:
	@for python in $(PYTHONS); do \
	  found=$$(setpriv --reuid=65534 --regid=65534 --clear-groups env $$python -c \
	    'import ensurepip, sys; print(sys.executable if sys.version_info >= (3, 11) else "")' 2>/dev/null); \
	  if [ -n "$$found" ]; then \
	    echo "Installing JupyterHub into $(HUB) with $$($$found --version). This takes a minute or two, once."; \
	    $$found -m venv --clear $(HUB) && touch $@; exit; \
	  fi; \
	done; \
	echo "The hub needs a Python, 3.11 or newer, with its venv module, that all accounts can use: apt-get install python3-venv"; \
	exit 1

$(HUB)/hub: .venv/test $(HUB)/made requirements-hub.lock $(wildcard gdtools/*.py gdtools/*/*)
	@$(HUB)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-hub.lock
	@folder=$$(mktemp -d) && $(python) -c "import sys; from tools.student_repo import write; write(sys.argv[1])" $$folder && \
	  $(HUB)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps $$folder && rm -r $$folder
	@touch $@

# What slides and pages load, and what draws their formulas and makes their search: then they need no internet.
node_modules: package.json
	@npm install --no-package-lock --ignore-scripts --no-audit --no-fund --silent 2>/dev/null && touch $@ || \
	  echo "npm or the network is missing: slides and pages will load it from jsdelivr.net, and have no search."
