"""What the widgets do on a page that isn't JupyterLab's: under a finger, in print, beside their stand-in."""

import json
from contextlib import contextmanager

import pytest

from gdtools.explorers import explore_descent
from gdtools.losses import bowl
from gdtools.quiz import choose, guess
from gdtools.quiz.question import Question
from gdtools.widgets.cells import TIDY
from gdtools.widgets.live import LiveFigure

from .pages import expect

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 700}, "has_touch": True, "is_mobile": True}
# What a widget asks of its model; `page.told` has what the kernel would be told.
MODEL = """
window.told = [];
window.makeModel = (state, bytes) => {
    for (const [name, data] of Object.entries(bytes)) state[name] = new DataView(Uint8Array.from(data).buffer);
    const listeners = new EventTarget();
    return {
        get: name => state[name],
        set(name, value) {
            if (state[name] === value) return;
            state[name] = value;
            listeners.dispatchEvent(new Event(`change:${name}`));
        },
        on(names, listener) {
            for (const name of names.split(" ")) listeners.addEventListener(name, listener);
        },
        send: message => told.push(message),
        save_changes() {},
    };
};
"""
# The cells of other front ends, in short: they name nothing as JupyterLab does.
PAGE = """<!DOCTYPE html><html lang="en"><meta name="viewport" content="width=device-width"><body style="margin: 8px">
<div style="height: 500px">Text above.</div>
<div class="output"><div class="output_area">{earlier}</div></div>
<div class="output"><div class="output_area">{still}</div>
<div class="output_area"><div class="widget-vbox"><div id="here"></div><input type="number" step="any"></div></div>
</div>
<div class="output"><div class="output_area">{later}</div></div>
<div style="height: 2000px">Text below.</div>"""
OTHER = '<div class="gdtools-stand-in" id="{}">Another still.</div>'


@contextmanager
def shown(browser, widget, **options):
    """A page with this widget, its stand-in before it, and stand-ins of others before and after."""
    part = getattr(widget, "live", widget)
    state = {name: getattr(part, name) for name in part.keys}
    data = {name: list(value) for name, value in state.items() if isinstance(value, bytes)}
    state = {name: value for name, value in state.items() if isinstance(value, (str, int, list))}
    context = browser.browser.new_context(**options)
    page = context.new_page()
    try:
        html, *_ = widget.stand_in()
        page.set_content(PAGE.format(earlier=OTHER.format("earlier"), still=html, later=OTHER.format("later")))
        kind = LiveFigure if isinstance(part, LiveFigure) else Question
        page.add_style_tag(content=str(kind._css))
        page.add_script_tag(content=MODEL)
        page.add_script_tag(content=f"{kind._esm}\nwindow.render = render;", type="module")
        page.wait_for_function("() => window.render")
        page.evaluate(
            "([state, bytes]) => render({ model: window.model = makeModel(state, bytes), el: here })",
            [json.loads(json.dumps(state)), data],
        )
        expect(page.locator("#here > *")).to_be_visible()
        yield page
    finally:
        context.close()


@pytest.fixture
def explorer():
    return explore_descent(bowl(1, 4), (4, 2), learning_rates=[0.05, 0.1, 0.2], learning_rate=0.1)


@pytest.fixture
def phone(browser, explorer):
    with shown(browser, explorer, **PHONE) as page:
        page.locator("canvas").scroll_into_view_if_needed()
        yield page


def target(page, share=(0.5, 0.5)):
    """A place on the page within the axes that take a click."""
    left, top, right, bottom = page.evaluate("model.get('_target')")
    box = page.locator("canvas").bounding_box()
    scale = box["width"] / page.evaluate("model.get('_size')[0]")
    x, y = left + share[0] * (right - left), top + share[1] * (bottom - top)
    return box["x"] + scale * x, box["y"] + scale * y


def touch(page, *fingers):
    """Put fingers down, move them, and lift them: for each a list of places."""
    session = page.context.new_cdp_session(page)
    for step, places in enumerate(zip(*fingers, strict=True)):
        points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(places)]
        session.send("Input.dispatchTouchEvent", {"type": "touchMove" if step else "touchStart", "touchPoints": points})
        page.wait_for_timeout(20)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(400)


def swipe(x, y, dx=0, dy=0, steps=12):
    return [(x + dx * k / steps, y + dy * k / steps) for k in range(steps + 1)]


def test_a_tap_chooses_the_start(phone):
    x, y = target(phone, (0.25, 0.75))
    touch(phone, [(x, y)])
    (message,) = phone.evaluate("told")
    left, top, right, bottom = phone.evaluate("model.get('_target')")
    assert message["point"] == pytest.approx([left + 0.25 * (right - left), top + 0.75 * (bottom - top)], abs=3)


def test_a_swipe_over_an_explorer_scrolls_and_leaves_the_start(phone):
    before = phone.evaluate("scrollY")
    touch(phone, swipe(*target(phone), dy=-150))
    assert phone.evaluate("scrollY") > before + 50
    assert phone.evaluate("told") == []


def test_two_fingers_zoom_and_leave_the_start(phone):
    x, y = target(phone)
    touch(phone, swipe(x - 10, y, dx=-60), swipe(x + 10, y, dx=60))
    assert phone.evaluate("visualViewport.scale") > 1.05
    assert phone.evaluate("told") == []


def test_a_swipe_that_begins_on_a_slider_scrolls_and_leaves_the_slider(phone):
    slider = phone.get_by_role("slider", name="learning rate")
    slider.scroll_into_view_if_needed()
    box, before, value = slider.bounding_box(), phone.evaluate("scrollY"), slider.input_value()
    touch(phone, swipe(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2, dy=-150))
    assert phone.evaluate("scrollY") > before + 50
    assert slider.input_value() == value == str(phone.evaluate("model.get('frame')"))
    touch(phone, swipe(box["x"] + box["width"] / 2, slider.bounding_box()["y"] + 12, dx=box["width"] / 2))
    expect(slider).to_have_value("2")


def test_a_swipe_that_begins_on_the_scale_of_a_guess_scrolls_and_guesses_nothing(browser):
    with shown(browser, guess("cliff", "Where is the cliff?", scale=[0.1, 0.2, 0.3, 0.4]), **PHONE) as page:
        slider = page.get_by_role("slider")
        slider.scroll_into_view_if_needed()
        box, before = slider.bounding_box(), page.evaluate("scrollY")
        touch(page, swipe(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2, dy=-150))
        assert page.evaluate("scrollY") > before + 50
        assert slider.input_value() == "1" and page.locator("output").inner_text() == "0.2"
        assert page.evaluate("told") == []
        touch(page, swipe(box["x"] + box["width"] / 2, slider.bounding_box()["y"] + 12, dx=box["width"] / 2))
        assert page.evaluate("told.at(-1)") == {"answer": "0.4"}


def test_fingers_find_what_they_aim_at(phone, browser):
    def heights(page, selector):
        return [part.bounding_box()["height"] for part in page.locator(selector).filter(visible=True).all()]

    assert min(heights(phone, "#here :is(input, button)")) >= 24
    widths = [slider.bounding_box()["width"] for slider in phone.get_by_role("slider").all()]
    assert min(widths) > 150, "of 390 pixels"
    question = choose("Is 2 > 1?", right={"yes": "By one."}, wrong={"no": "Count again."})
    with shown(browser, question, **PHONE) as page:
        assert min(heights(page, "#here :is(label, button)")) >= 24


def test_sliders_are_as_wide_as_the_picture(browser, explorer):
    with shown(browser, explorer, viewport={"width": 1200, "height": 900}) as page:
        controls, picture = (page.locator(part).bounding_box() for part in (".gdtools-controls", "canvas"))
        assert controls["width"] == pytest.approx(picture["width"], abs=1)
        assert all(slider.bounding_box()["width"] > 120 for slider in page.get_by_role("slider").all())


def test_in_print_the_background_is_seen_through_the_canvas(browser, explorer):
    """Chromium prints a canvas on white; its image of the background has to be there, and to be seen."""
    with shown(browser, explorer, viewport={"width": 1200, "height": 900}) as page:
        background = page.locator("#here img")
        page.wait_for_function("image => image.complete && image.naturalWidth", arg=background.element_handle())
        printed = page.pdf()
        assert b"/BM /Multiply" in printed, "The canvas hides what is behind it."
        assert f"/Width {background.evaluate('image => image.naturalWidth')}\n".encode() in printed


def test_a_stand_in_is_hidden_in_any_front_end_and_no_other_is(browser, explorer):
    question = choose("Is 2 > 1?", right={"yes": "By one."}, wrong={"no": "Count again."})
    for widget in (explorer, question):
        with shown(browser, widget) as page:
            expect(page.locator(".output:has(#here) .gdtools-stand-in")).to_be_hidden()
            expect(page.locator("#earlier")).to_be_visible()
            expect(page.locator("#later")).to_be_visible()


@pytest.mark.parametrize("message", ["Loading widget...", "Error displaying widget: model not found"])
def test_what_jupyterlab_says_beside_a_stand_in_is_hidden_and_other_output_is_not(browser, message):
    widget = choose("Is 2 > 1?", right={"yes": "By one."}, wrong={"no": "Count again."})
    child = '<div class="jp-OutputArea-child"><div class="jp-OutputArea-output {}">{}</div></div>'
    parts = (("", widget.stand_in()[0] + TIDY), ("jupyter-widgets", message), ("", "<pre>Printed.</pre>"))
    page = browser.new_page()
    page.set_content("".join(child.format(*part) for part in parts))
    expect(page.locator(".gdtools-stand-in")).to_be_visible()
    expect(page.get_by_text(message)).to_be_hidden()
    expect(page.get_by_text("Printed.")).to_be_visible()
    page.close()


def test_a_decimal_comma_is_a_decimal_point(browser, explorer):
    with shown(browser, explorer) as page:
        box = page.get_by_role("spinbutton")
        box.click()
        page.keyboard.type("-1,5")
        expect(box).to_have_value("-1.5")
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.insert_text("2,25")
        expect(box).to_have_value("2.25")
