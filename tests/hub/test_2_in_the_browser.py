"""What Ben and Ina see: the course behind its link, a slider that moves, the assignments, Formgrader."""

from urllib.parse import urlencode

import pytest

from tests.browser.pages import Explorer, expect
from tools.lab import run_all

from . import people

NOTEBOOK = f"{people.COURSE}/notebooks/02_the_learning_rate.ipynb"
VISITED = f"lab/tree/{NOTEBOOK}"
OPENED = "() => window.jupyterapp?.shell.currentWidget?.context?.isReady"


@pytest.fixture(scope="module")
def screen(browser):
    """A new browser, with nobody logged in."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def log_in(page, person):
    page.get_by_label("Username").fill(person.name)
    page.get_by_label("Password").fill(person.password)
    page.get_by_role("button", name="Sign in").click()


def menus(page):
    """The names in JupyterLab's bar of menus, and what its menu Nbgrader offers."""
    page.wait_for_function("() => window.jupyterapp")
    page.evaluate("() => jupyterapp.restored.then(() => undefined)")
    page.get_by_role("menuitem", name="Nbgrader").click()
    return page.locator(".lm-Menu").last.inner_text()


@pytest.fixture(scope="module")
def lab_of_ben(hub, ben, screen):
    """Ben clicks the link to the course and logs in; it is copied, and the notebook opens."""
    link = hub.link | {"urlpath": VISITED, "targetpath": people.COURSE}
    screen.goto(f"{hub.site}/hub/user-redirect/git-pull?{urlencode(link)}")
    log_in(screen, ben)
    screen.wait_for_url(f"**/user/{ben.name}/{VISITED}*", timeout=120_000)
    screen.wait_for_function(OPENED, timeout=60_000)
    return screen


def test_the_link_to_the_course_brings_ben_from_the_login_into_the_notebook(ben, lab_of_ben):
    assert ben.home.joinpath(NOTEBOOK).exists()


def test_a_slider_moves(lab_of_ben):
    run_all(lab_of_ben, timeout=120)
    explorer = Explorer(lab_of_ben.locator(".widget-vbox", has=lab_of_ben.locator(".gdtools-picture")).first)
    explorer.wait_until_drawn()
    told = explorer.words.text_content()
    explorer.root.get_by_role("slider").first.press("ArrowRight")
    expect(explorer.words).not_to_have_text(told)


def test_nothing_asks_ben_whether_he_wants_news(lab_of_ben):
    assert lab_of_ben.get_by_text("Jupyter news").count() == 0


def test_ben_is_offered_the_assignments_and_no_formgrader(ben, lab_of_ben):
    offered = menus(lab_of_ben)
    assert "Assignment List" in offered
    assert "Formgrader" not in offered
    lab_of_ben.keyboard.press("Escape")
    ben.log_in()
    assert ben.ask("GET", "formgrader").status_code == 404


def test_ina_sees_the_first_set_in_formgrader(hub, ina, classroom, browser):
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.goto(f"{hub.site}/hub/login?next=/user/{ina.name}/lab")
        log_in(page, ina)
        page.wait_for_url(f"**/user/{ina.name}/lab*")
        assert "Formgrader" in menus(page)
        page.get_by_role("menuitem", name="Formgrader").click()
        frame = page.frame_locator("iframe#formgrader-iframe, #formgrader-iframe iframe")
        frame.get_by_text(people.SET).first.wait_for(timeout=60_000)
