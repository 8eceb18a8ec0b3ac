"""The edition for the browser, from `make lite`, in a Chromium that reaches this machine and nothing else."""

import json
from pathlib import Path
from urllib.parse import urljoin

import pytest

from tests.browser.conftest import pytest_xdist_make_scheduler, started, unavailable  # noqa: F401
from tests.browser.pages import Desk
from tools.publish.visit import OFFLINE, hosted

SITE = Path(__file__).parents[2] / "build" / "lite"
FIRST = "docs/in_your_browser.md"  # a page that starts no kernel


@pytest.fixture(scope="session")
def site():
    """The address of the site."""
    if not (SITE / "index.html").exists():
        unavailable("These tests need the edition for the browser: make lite")
    with hosted(SITE, []) as address:  # what is missing is told by the browser, below
        yield address


@pytest.fixture(scope="session")
def browser(site):
    with started(OFFLINE) as browser:
        asked = []
        browser.on("response", lambda response: asked.append((response.status, response.url)))
        browser.on("requestfailed", lambda request: asked.append((request.failure, request.url)))
        yield browser
        host = urljoin(site, "/")  # the service worker's own question is about the host, and answered by itself
        elsewhere = [url for _, url in asked if url.startswith("http") and not url.startswith(host)]
        assert elsewhere == [], "The edition for the browser asks others."
        missing = [url for status, url in asked if status == 404 and not url.endswith("_exercises.ipynb")]
        assert missing == [], "The edition for the browser lacks files."


@pytest.fixture(scope="module")
def desk(browser, site):
    desk = Desk(browser, f"{site}lab/index.html?path={FIRST}")
    desk.page.wait_for_function("path => jupyterapp.shell.currentWidget?.context?.path === path", arg=FIRST)
    yield desk
    desk.page.close()


@pytest.fixture
def silent_console(desk):
    """No test may make the browser's console complain, but of files that only the browser has."""
    yield
    complaints, desk.complaints = desk.complaints, []
    assert [text for text in complaints if "404 (File not found)" not in text] == []


def store(desk, path, notebook):
    """Put a notebook into the browser's own storage, as one that a student has brought along."""
    save = """([path, content]) =>
        jupyterapp.serviceManager.contents.save(path, { type: "notebook", format: "json", content }).then(() => null)"""
    desk.page.evaluate(save, [path, json.loads(notebook)])
