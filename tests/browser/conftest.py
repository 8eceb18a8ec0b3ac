"""A real JupyterLab on a copy of notebooks/, and a real Chromium: one of each for all the tests of a worker."""

import os
import re
import shutil
from contextlib import contextmanager

import pytest
from xdist.scheduler import LoadScopeScheduling

from tools.lab import chromium, jupyterlab

from .pages import WINDOW, Desk, Lab, expect, sync_playwright
from .published import offline


def unavailable(message):
    """Skip; but where the browser tests have to run, fail."""
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(message)


def pytest_xdist_auto_num_workers(config):
    """More workers than cores: while one waits for a kernel to start, another works."""
    return (os.cpu_count() or 1) + 1


class ByPage(LoadScopeScheduling):
    """Tests that share a page stay with one worker: those of a notebook, and those of a file."""

    def _split_scope(self, nodeid):
        notebook = re.search(r"\w+\.ipynb", nodeid)
        return notebook[0] if notebook else nodeid.split("::")[0]


def pytest_xdist_make_scheduler(config, log):
    return ByPage(config, log)


@contextmanager
def started(*flags):
    """Chromium with these flags besides: a window without any past."""
    if sync_playwright is None:
        unavailable("The browser tests need playwright: pip install -r requirements-test.lock")
    options = chromium()
    if options is None:
        unavailable(
            "The browser tests need Chromium: `apt-get install chromium`. "
            "If it is installed, say where: CHROMIUM=/path/to/chromium make browser"
        )
    if hasattr(os, "geteuid") and os.geteuid() != 0:
        options["args"] = [flag for flag in options["args"] if flag != "--no-sandbox"]
    options["args"] = [*options["args"], "--force-color-profile=srgb", *flags]
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**options)
        yield browser.new_context(viewport=WINDOW)
        browser.close()


@pytest.fixture(scope="session")
def browser():
    with started() as browser:
        yield browser


@pytest.fixture(scope="session")
def lab(tmp_path_factory, pytestconfig):
    root = tmp_path_factory.mktemp("lab") / "notebooks"
    shutil.copytree(pytestconfig.rootpath / "notebooks", root, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    with jupyterlab(root) as url:
        yield Lab(url, root)


@pytest.fixture(scope="session")
def desk(browser, lab):
    """The page that the tests share: each opens a notebook there, and closes it again."""
    return Desk(browser, lab.fresh())


@pytest.fixture
def page(browser):
    """For what is published: a page without the internet, whose console has to be silent, too."""
    with offline(browser) as page:
        yield page


@pytest.fixture(autouse=True)
def silent_console(request):
    """No test in JupyterLab may make the browser's console complain."""
    desk = request.getfixturevalue("desk") if "desk" in request.fixturenames else None
    yield
    if desk:
        complaints, desk.complaints = desk.complaints, []
        assert complaints == []
