"""What Binder would make of environment.yml, without Docker: `python -m tools.binder`.

It asks repo2docker, with which Binder builds its images.
"""

import contextlib
import sys
import tomllib
import warnings
from pathlib import Path

import yaml
from packaging.requirements import InvalidRequirement, Requirement

ROOT = Path(__file__).resolve().parents[1]
CONDA_NAMES = {"matplotlib": "matplotlib-base"}  # the same library without a desktop toolkit
PYTHON = "3.12"


def check_environment(path):
    """The Dockerfile that Binder makes of the environment.yml at `path`, whose packages have to be pyproject.toml's.

    Raises ValueError with what is wrong.
    """
    packages, by_pip = _dependencies(path)
    if f"python={PYTHON}" not in packages:
        raise ValueError(f"environment.yml needs python={PYTHON}: Binder takes an old Python for all but an exact one")
    if by_pip != {"pip": ["-e ."]}:
        raise ValueError("environment.yml has to end with the checkout itself, installed by pip: -e .")
    listed = {_parse(package) for package in packages if package not in (f"python={PYTHON}", "pip")}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {(CONDA_NAMES.get(name, name), versions) for name, versions in map(_parse, project["dependencies"])}
    if listed != wanted:
        told = ", ".join(" ".join(pair) for pair in sorted(listed ^ wanted))
        raise ValueError(f"environment.yml and pyproject.toml differ in {told}")
    return dockerfile(path.parent)


def _dependencies(path):
    try:
        *packages, by_pip = yaml.safe_load(path.read_text(encoding="utf-8"))["dependencies"]
    except (yaml.YAMLError, TypeError, KeyError, ValueError) as error:
        raise ValueError(f"environment.yml has no list of packages that can be read: {error}") from error
    return packages, by_pip


def _parse(requirement):
    try:
        parsed = Requirement(requirement)
    except InvalidRequirement as error:
        raise ValueError(f"environment.yml has {requirement!r}, which is no requirement") from error
    return parsed.name, str(parsed.specifier)


def dockerfile(folder):
    """The Dockerfile that repo2docker makes of `folder`. Raises ValueError if it isn't one for conda and our Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # repo2docker uses an old name of python-json-logger
        from repo2docker.app import Repo2Docker
        from repo2docker.buildpacks import CondaBuildPack
    app = Repo2Docker()
    with contextlib.chdir(folder):
        packs = [make(app.base_image) for make in app.buildpacks]
        pack = next(pack for pack in packs if pack.detect())
        if type(pack) is not CondaBuildPack:
            raise ValueError(f"Binder would build this with {type(pack).__name__}, not with conda")
        if pack.python_version != PYTHON:
            raise ValueError(f"Binder would build this with Python {pack.python_version}, not {PYTHON}")
        pack.platform = "linux/amd64"
        return pack.render()


if __name__ == "__main__":
    try:
        print(check_environment(ROOT / "environment.yml"))
    except ValueError as error:
        sys.exit(str(error))
