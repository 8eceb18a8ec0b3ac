"""A JupyterHub as deploy/ configures it, with two students and an instructor who have accounts of this machine.

The tests tell one story, in the order of the files and of the tests in them: what one does, the next relies on.
"""

import os
import shutil

import nbformat
import pytest

from tools import hub as machine
from tools.lab import chromium

from .people import COURSE, SET, Class


@pytest.fixture(scope="session")
def hub():
    if why := machine.impossible():
        pytest.skip(f"No hub here: {why}")
    if why := machine.missing():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"No hub here: {why}")
    people = {"students": ["ada", "ben"], "instructors": ["ina"], "strangers": ["eve"]}
    with machine.jupyterhub(**people) as hub, machine.git_server(hub.folder) as git:
        machine.course_for_students(hub.folder / COURSE)
        hub.link = {"repo": f"{git}/{COURSE}", "branch": "student"}
        yield hub


@pytest.fixture(scope="session")
def ada(hub):
    return hub.people["ada"]


@pytest.fixture(scope="session")
def ben(hub):
    return hub.people["ben"]


@pytest.fixture(scope="session")
def ina(hub):
    """The instructor, whose home has the course with the solutions."""
    ina = hub.people["ina"]
    course = ina.home / COURSE
    for name in ("solutions", "notebooks"):
        shutil.copytree(machine.ROOT / name, course / name)
    shutil.copy(machine.ROOT / "nbgrader_config.py", course)
    machine.run("chown", "--recursive", f"{ina.name}:", course)
    assert ina.log_in()
    ina.start()
    return ina


@pytest.fixture(scope="session")
def classroom(ina):
    return Class(ina)


@pytest.fixture(scope="session")
def solution():
    """The answers of the first set, in the order of its cells."""
    cells = nbformat.read(machine.ROOT / "solutions" / SET / "01_exercises.ipynb", as_version=4).cells
    return [cell.source for cell in cells if "### BEGIN SOLUTION" in cell.source]


@pytest.fixture(scope="session")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    if chromium() is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("Chromium is missing")
    playwright.expect.set_options(timeout=30_000)
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(**chromium())
        yield browser
        browser.close()
