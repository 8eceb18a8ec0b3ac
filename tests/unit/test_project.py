"""The project's files agree with each other."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LOCKS = {
    "requirements.lock": ["dependencies"],
    "requirements-test.lock": ["dependencies", "test"],
    "requirements-lite.lock": ["dependencies", "lite"],
    "requirements-browser.lock": ["browser"],
    "requirements-hub.lock": ["dependencies", "hub"],
}


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def requirements(*groups):
    """The requirements of pyproject.toml: its dependencies, or one of its groups."""
    project = tomllib.loads(text("pyproject.toml"))
    listed = {"dependencies": project["project"]["dependencies"], **project["dependency-groups"]}
    return [Requirement(line) for group in groups for line in listed[group]]


def pins(lock):
    """What a lock holds: (name, version, marker, hashes) for each pin."""
    entries = text(lock).replace("\\\n", " ").splitlines()
    for entry in entries:
        pin, *hashes = entry.split("--hash=")
        pin = Requirement(pin)
        (exact,) = pin.specifier
        assert exact.operator == "==", f"{lock} doesn't pin {pin.name}. Run `make lock`."
        yield canonicalize_name(pin.name), Version(exact.version), pin.marker, hashes


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_fits_the_list_of_dependencies(lock):
    pinned = list(pins(lock))
    for requirement in requirements(*LOCKS[lock]):
        versions = [version for name, version, *_ in pinned if name == canonicalize_name(requirement.name)]
        assert versions and all(version in requirement.specifier for version in versions), (
            f"{lock} has {requirement.name} {', '.join(map(str, versions)) or 'not at all'}, but pyproject.toml wants "
            f"{requirement}. Run `make lock`."
        )


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_has_hashes_and_no_addresses_and_is_the_same_for_all(lock):
    assert not re.search(r"://|^-|--(extra-)?index|--find-links", text(lock), re.M), f"{lock} names an address."
    for name, _, marker, hashes in pins(lock):
        assert hashes and all(re.fullmatch(r"sha256:[0-9a-f]{64}\s*", h) for h in hashes), f"{name} has no hash."
        if name in {r.name for r in requirements("dependencies")}:
            assert marker is None, f"{lock} pins {name} only for {marker}; students' numbers would differ."


def test_locks_that_are_installed_together_agree():
    run, test, lite = (
        {(name, version) for name, version, *_ in pins(lock)}
        for lock in ("requirements.lock", "requirements-test.lock", "requirements-lite.lock")
    )
    assert run <= test & lite, f"The locks differ in {sorted(run - (test & lite))}. Run `make lock`."
    versions = dict(test)
    differ = [name for name, version in lite if versions.get(name, version) != version]
    assert not differ, f"requirements-test.lock and requirements-lite.lock differ in {differ}. Run `make lock`."


def test_every_make_target_is_described():
    targets = re.findall(r"^([a-z-]+):.*## .", text("Makefile"), re.M)
    phony = re.search(r"^\.PHONY: help (.*)$", text("Makefile"), re.M)[1].split()
    assert sorted(targets) == sorted(phony), "Each target of the Makefile needs a `## description` and to be .PHONY."
    missing = [target for target in targets if f"| `make {target}` |" not in text("CONTRIBUTING.md")]
    assert not missing, f"Describe in the table of commands in CONTRIBUTING.md: {missing}"


def test_tools_are_run_in_one_way():
    files = [ROOT / "Makefile", ROOT / ".ci/run", *ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("tools/*.py")]
    others = [file.name for file in files if re.search(r"python3?\)? tools/", file.read_text(encoding="utf-8"))]
    assert not others, f"Write python -m tools.name, run in the root of the repository, in {others}"


def test_each_command_that_opens_a_notebook_shows_the_exercises_too():
    jupyterlab = re.search(r"^jupyterlab = (.*)$", text("Makefile"), re.M)[1]
    lines = text("README.md").splitlines() + text("Makefile").replace("$(jupyterlab)", jupyterlab).splitlines()
    opening = [line for line in lines if re.search(r"jupyter ?lab .*00_start_here", line)]
    assert len(opening) >= 5
    wrong = [line for line in opening if "--ServerApp.root_dir=." not in line]
    assert not wrong, f"Without --ServerApp.root_dir=., the links to exercises/ lead nowhere: {wrong}"


def test_no_file_names_a_registry_or_a_machine():
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is not a git checkout")
    assert names
    place = re.compile(
        rb"pypi\.org|pythonhosted\.org|registry\.npmjs\.org|anaconda\.(org|com)|(?<![\w.])/(home(?!/jovyan)|root|Users|work)/\w"
    )
    found = [
        f"{name}: {match[0].decode()}"
        for name in names
        if (ROOT / name).is_file()
        for match in place.finditer((ROOT / name).read_bytes())
    ]
    assert not found, "These files name a package registry's host or a folder of one machine:\n" + "\n".join(found)


def test_the_readme_lists_each_notebook():
    if not (ROOT / "README.md").exists():
        pytest.skip("there is no README.md yet")
    table = "\n".join(line for line in text("README.md").splitlines() if line.startswith("|"))
    missing = [path.name for path in NOTEBOOKS if f"(notebooks/{path.name})" not in table]
    assert not missing, f"Add to the table of notebooks in README.md: {missing}"


def test_there_are_notebooks():
    assert NOTEBOOKS


def test_what_node_is_told_of_the_courses_modules_counts_for_no_other_file():
    """It counts for all that lies below. JupyterLab, in .venv, starts a script of its own with node: it would fail."""
    assert "type" not in json.loads(text("package.json"))
    assert json.loads(text("gdtools/package.json")) == {"type": "module"}  # live.js, question.js
