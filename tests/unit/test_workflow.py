"""The workflow that tests the course and publishes it: its form, and that what it names is there."""

import json
import os
import re
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator
from jsonschema.exceptions import best_match
from ruamel.yaml import YAML

from tools.workflow import FILE, HOST, VALUES, run

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / FILE).read_text(encoding="utf-8")
SCHEMA = json.loads((files("check_jsonschema.builtin_schemas.vendor") / "github-workflows.json").read_text("utf-8"))
HOSTS_OWN = {"github.workflow", "github.ref", "github.event_name", "runner.os"}  # values that the host names
SMALL = """
jobs:
  build:
    steps:
      - uses: someone/elses@v1
      - name: Say
        run: echo "$GITHUB_REPOSITORY, $CI" > said
        env:
          CI: ${{ runner.os == 'Linux' }}
"""


def form(text):
    """What the schema of such files, which check-jsonschema brings, says of this one."""
    workflow = YAML(typ="safe", pure=True).load(text)  # PyYAML takes the key `on` for true
    error = best_match(Draft7Validator(SCHEMA).iter_errors(workflow))
    return [error.message] if error else []


def names(text):
    """What no schema knows: commands, jobs and values that nothing here has, and actions that may change."""
    jobs = yaml.load(text, yaml.BaseLoader)["jobs"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    values = set(HOSTS_OWN)
    for job in jobs.values():
        values |= {f"matrix.{name}" for name in job.get("strategy", {}).get("matrix", {})}
        values |= {f"steps.{step.get('id')}.outputs.{url}" for step in job["steps"] for url in ("base_url", "page_url")}
        if job.get("needs", "test") not in jobs:
            yield f"there is no job {job['needs']}"
    for expression in re.findall(r"\$\{\{(.*?)\}\}", text):
        unknown = set(re.findall(r"\w+\.[\w.]+", expression)) - values
        yield from (f"nothing is called {name}" for name in unknown)
    for target in re.findall(r"run: make (\S+)", text):
        if f"\n{target}:" not in makefile:
            yield f"there is no make {target}"
    for action in re.findall(r"uses: (.*)", text):
        if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v[\d.]+", action):
            yield f"not pinned to a commit: {action}"


def test_it_has_the_form_of_a_workflow_and_names_what_there_is():
    assert [*form(TEXT), *names(TEXT)] == []


@pytest.mark.parametrize(
    ("right", "typo"),
    [
        ("runs-on:", "run-on:"),
        ("permissions:", "permission:"),
        ("contents: read", "contents: reed"),
        ("timeout-minutes: 30", "timeout-minutes: half an hour"),
        ("    steps:\n", "    step:\n"),
        ("pull_request:", "pull-request:"),
    ],
)
def test_a_typo_in_its_form_is_found(right, typo):
    assert form(TEXT.replace(right, typo, 1))


@pytest.mark.parametrize(
    ("right", "typo"),
    [
        ("make publish", "make public"),
        ("matrix.python", "matrix.version"),
        ("needs: build", "needs: site"),
        ("steps.deployment", "steps.deploy"),
        ("runner.os", "runner.so"),
        ("@fc324d3547104276b827a68afc52ff2a11cc49c9 # v5.0.0", "@v5"),
    ],
)
def test_a_typo_in_a_name_is_found(right, typo):
    assert [*names(TEXT.replace(right, typo, 1))]


def test_only_the_job_that_deploys_may_write():
    workflow = yaml.load(TEXT, yaml.BaseLoader)
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["jobs"]["deploy"]["permissions"] == {"pages": "write", "id-token": "write"}
    rights = [str(job.get("permissions")) for name, job in workflow["jobs"].items() if name != "deploy"]
    assert not any("write" in right for right in rights)


needs_bash = pytest.mark.skipif(os.name == "nt", reason="on Windows, the first bash may be another system's")


@needs_bash
def test_each_step_that_is_run_here_gets_its_values(tmp_path, capfd):
    (tmp_path / FILE).parent.mkdir(parents=True)
    (tmp_path / FILE).write_text(SMALL)
    run("build", tmp_path)
    assert (tmp_path / "said").read_text() == f"{HOST['GITHUB_REPOSITORY']}, true\n"
    assert "not run here: someone/elses@v1\nSay: 0 s" in capfd.readouterr().out
    for value in re.findall(r"(?m)^          \w+: (\$\{\{.*?\}\})", TEXT.partition("jobs:")[2]):
        assert value in VALUES or "matrix" in value, f"tools/workflow.py has to know {value}"


@needs_bash
def test_a_step_that_fails_ends_the_run(tmp_path):
    (tmp_path / FILE).parent.mkdir(parents=True)
    (tmp_path / FILE).write_text(SMALL.replace("echo", "false; echo"))
    with pytest.raises(subprocess.CalledProcessError):
        run("build", tmp_path)
    assert not (tmp_path / "said").exists()
