"""An explorer in JupyterLab shows what a descent in this process says, whatever is done to it."""

import itertools
import json
import re

import numpy as np
import pytest

from gdtools.descent import descend
from gdtools.explorers.race import RACERS
from gdtools.losses import bowl, rosenbrock
from gdtools.plots import FULL_BATCH, MARK, NOW

from .pages import WINDOW, Desk, expect, expect_no_overflow, expect_stand_in, move, screen

pytestmark = pytest.mark.browser

SETUP = """
import numpy as np
from gdtools.datasets import flights
from gdtools.explorers import explore_descent, explore_line, explore_optimizers
from gdtools.losses import LeastSquares, bowl, rosenbrock
distance, duration = flights()
line = LeastSquares(np.c_[np.ones(len(distance)), distance / 1000], duration)
"""
BOWL = "explore_descent(bowl(1, 4), (4, 2), np.arange(1, 61) * 0.005, learning_rate=0.1, factors=True)"
LINE = "explore_line(line, (0, 0), np.linspace(0.01, 0.42, 42), learning_rate=0.2)"
SHORT = "explore_descent(bowl(1, 1), (3, 4), [0.1, 0.2], steps=4)"
RACE = """explore_optimizers({"bowl": (bowl(1, 4), (4, 2)), "valley": (rosenbrock(), (-1, 1))}, [0.001, 0.05, 0.1],
                   learning_rate=0.05, steps=40)"""
SHORTER = """
from gdtools.widgets.live import Track
shorter = Track(explorer.live.tracks[0].ax, [0, 1], [[0, 1]], "black", grow=True)
explorer.live.replay([shorter], ["Shorter."] * 60, {"w": np.zeros((60, 2))})
"""
RATES = np.arange(1, 61) * 0.005
RATE, STEP, STEPS = "learning rate η", "step", 40


class Here:
    """The same explorer in this process: it knows where its data coordinates are in the picture."""

    def __init__(self, source):
        exec(SETUP, names := {})
        live = eval(source, names).live
        self.line, self.height = names["line"], live.figure.bbox.height
        self.axes = {track.ax.get_xlabel(): track.ax for track in live.tracks}

    def pixel(self, xlabel, xy):
        x, y = self.axes[xlabel].transData.transform(xy)
        return x, self.height - y

    def box(self, xlabel):
        box = self.axes[xlabel].get_window_extent()
        return box.x0, self.height - box.y1, box.x1, self.height - box.y0


def assert_dot(explorer, here, color, xlabel, xy):
    """The dot of this colour is at xy, and nowhere else in these axes; beyond their edges, it's not to be seen."""
    (x, y), (left, top, right, bottom) = here.pixel(xlabel, xy), here.box(xlabel)
    inside = min(x - left, right - x, y - top, bottom - y)
    found = explorer.find(color, here.box(xlabel))
    if inside < -6:
        assert found is None
    else:
        assert found == pytest.approx((x, y), abs=1 if inside > 6 else 6)  # it's cut off at the edge


def assert_shows(explorer, here, start, rate, step=STEPS):
    """Labels, words and picture are those of the descent from `start` with `rate`, after `step` updates."""
    for name, text in ((RATE, f"{rate:.4g}"), (STEP, str(step))):
        expect(explorer.label(name)).to_have_text(text)
        expect(explorer.slider(name)).to_have_attribute("aria-valuetext", text)
    expect(explorer.words).to_contain_text(f"After {step} update" + ("s:" if step != 1 else ":"))
    run = descend(bowl(1, 4), start, rate, steps=STEPS)
    assert explorer.numbers() == pytest.approx([*run.theta[step], run.loss[step]], rel=5e-3, abs=1e-37)
    assert_dot(explorer, here, NOW, "w₁", run.theta[step])
    assert_dot(explorer, here, NOW, "update", (step, run.loss[step]))
    for direction, curvature in enumerate((2, 8)):  # the bars |1 − ηλ| end where they should
        share, bars = abs(1 - rate * curvature), next(name for name in here.axes if "ηλ" in name)
        x, y = here.pixel(bars, (share, 1 - direction))
        assert [explorer.color_at((x + side, y)) for side in (-2, 2)] == [FULL_BATCH if share > 0.01 else None, None]


@pytest.fixture(scope="module")
def here():
    return Here(BOWL)


@pytest.fixture(scope="module")
def notebook(desk, lab):
    lab.write("live.ipynb", [SETUP, f"explorer = {BOWL}\nexplorer", LINE, SHORT, RACE])
    notebook = desk.open("live.ipynb")
    notebook.run_all()
    yield notebook
    notebook.close()


@pytest.fixture
def explorer(notebook, here):
    """The bowl's explorer as it was in the beginning."""
    explorer = notebook.explorer(1)
    move(explorer.slider(RATE), 19)
    move(explorer.slider(STEP), STEPS)
    notebook.kernel("for box, value in zip(explorer.children[1].children, (4, 2)): box.value = value")
    notebook.kernel("explorer.live.error = ''")
    assert_shows(explorer, here, (4, 2), 0.1)
    return explorer


def press(explorer, name, *keys):
    explorer.slider(name).focus()
    for key in keys:
        explorer.page.keyboard.press(key)


def test_keys_move_the_picture_and_the_words(explorer, here):
    for keys, rate, fate in (
        (["ArrowRight"], 0.105, "It converges without zigzag. Each update multiplies the distance along w₁ by 0.79"),
        (["Home"], 0.005, "It converges without zigzag."),
        (["End"], 0.3, "It diverges. Each update multiplies the distance along w₁ by 0.4, along w₂ by −1.4."),
        (["ArrowLeft"] * 10, 0.25, "It bounces for ever."),
        (["ArrowLeft"], 0.245, "It zigzags and converges."),
    ):
        press(explorer, RATE, *keys)
        assert_shows(explorer, here, (4, 2), rate)
        expect(explorer.words).to_contain_text(fate)


def handle(slider, value):
    """Where on the page the handle of a slider is, at a value."""
    slider.scroll_into_view_if_needed()
    box, last = slider.bounding_box(), int(slider.get_attribute("max"))
    return box["x"] + 8 + (box["width"] - 16) * value / last, box["y"] + box["height"] / 2


def drag(page, start, *stops, moves=10):
    page.mouse.move(*start)
    page.mouse.down()
    for stop in stops:
        page.mouse.move(*stop, steps=moves)
    page.mouse.up()


def test_dragging_the_handle_moves_the_picture_and_the_words(explorer, here):
    slider = explorer.slider(RATE)
    drag(explorer.page, handle(slider, 19), handle(slider, 49))
    index = int(slider.input_value())
    assert abs(index - 49) <= 1
    assert_shows(explorer, here, (4, 2), RATES[index])


def test_200_rapid_moves_end_in_the_right_place_and_the_kernel_hears_of_few(notebook, explorer, here):
    notebook.kernel("heard = []; explorer.live.observe(lambda change: heard.append(change.new), 'frame')")
    press(explorer, RATE, "Home", *["ArrowRight"] * 70, *["ArrowLeft"] * 40, *["ArrowRight"] * 60, *["ArrowLeft"] * 29)
    assert_shows(explorer, here, (4, 2), RATES[30])
    heard = []
    while not heard or heard[-1] != 30:  # it's told when the slider rests
        heard = json.loads(notebook.kernel("print(heard)"))
    assert len(heard) < 20


def test_the_step_slider_walks_along_the_path(explorer, here):
    press(explorer, STEP, "Home")
    assert_shows(explorer, here, (4, 2), 0.1, step=0)
    press(explorer, STEP, "ArrowRight")
    assert_shows(explorer, here, (4, 2), 0.1, step=1)
    way = descend(bowl(1, 4), (4, 2), 0.1, steps=2).theta
    middle = [here.pixel("w₁", (way[k] + way[k + 1]) / 2) for k in (0, 1)]
    assert [explorer.color_at(pixel) for pixel in middle] == [FULL_BATCH, None]  # no further than the first update
    press(explorer, STEP, "End", "ArrowRight")
    assert_shows(explorer, here, (4, 2), 0.1, step=STEPS)


def test_play_walks_from_the_start_to_the_end_and_stops(notebook):
    short = notebook.explorer(3)
    record(short.label(STEP))
    short.play.click()
    expect(short.play).to_have_text("⏸ Pause")
    expect(short.play).to_have_text("▶ Play")
    assert recorded(short.label(STEP)) == ["0", "1", "2", "3", "4"]
    expect(short.words).to_contain_text("After 4 updates: w₁ = 1.229, w₂ = 1.638, loss = 4.194.")


def test_pause_keeps_the_step_and_play_goes_on_from_there(explorer, here):
    press(explorer, STEP, "Home")
    explorer.play.click()
    expect(explorer.label(STEP)).not_to_have_text(re.compile("^[012]$"))
    explorer.play.click()
    step = int(explorer.label(STEP).text_content())
    expect(explorer.announcer).to_have_text(explorer.words.text_content())  # nothing has moved for half a second
    assert_shows(explorer, here, (4, 2), 0.1, step)
    record(explorer.label(STEP))
    explorer.play.click()
    expect(explorer.label(STEP)).not_to_have_text(re.compile(f"^({step}|{step + 1})$"))
    explorer.play.click()
    assert recorded(explorer.label(STEP))[:2] == [str(step + 1), str(step + 2)]


def record(element):
    """Keep every text that this element has from now on."""
    code = """e => {
        e.texts = [];
        new MutationObserver(changes => e.texts.push(...changes.flatMap(c => [...c.addedNodes].map(n => n.data))))
            .observe(e, { childList: true });
    }"""
    element.evaluate(code)


def recorded(element):
    """These texts, each once if it was written again and again."""
    return [text for text, _ in itertools.groupby(element.evaluate("e => e.texts"))]


def assert_starts_at(explorer, here, xy):
    """The boxes, the black dot and the path say that the start is about at xy."""
    for name, value in zip(("w₁", "w₂"), xy, strict=True):
        close = "([box, value]) => Math.abs(box.valueAsNumber - value) < 0.05"
        explorer.page.wait_for_function(close, arg=[explorer.start(name).element_handle(), value])
    start = [float(explorer.start(name).input_value()) for name in ("w₁", "w₂")]
    end = descend(bowl(1, 4), start, 0.1, steps=STEPS).theta[-1]
    told = f"w₁ = {end[0]:.2e}".replace("e-0", "e-").replace("-", "−")
    expect(explorer.words).to_contain_text(told)
    assert_shows(explorer, here, start, 0.1)
    assert_dot(explorer, here, MARK, "w₁", start)


def test_a_click_chooses_the_start(explorer, here):
    assert_dot(explorer, here, MARK, "w₁", (4, 2))
    explorer.page.mouse.click(*explorer.place(here.pixel("w₁", (-3, 3.5))))
    assert_starts_at(explorer, here, (-3, 3.5))
    explorer.page.mouse.click(*explorer.place(here.pixel("update", (20, 1))))  # not there
    assert_starts_at(explorer, here, (-3, 3.5))


def test_a_drag_takes_the_start_along(explorer, here):
    stops = [explorer.place(here.pixel("w₁", xy)) for xy in ((-3, 3.5), (3, -4), (-4, -2))]
    drag(explorer.page, *stops)
    assert_starts_at(explorer, here, (-4, -2))


def test_neither_a_right_click_nor_a_drag_from_elsewhere_moves_the_start(explorer, here):
    place, words = explorer.place(here.pixel("w₁", (-3, 3.5))), explorer.words.bounding_box()
    explorer.page.mouse.click(*place, button="right")
    explorer.page.keyboard.press("Escape")  # JupyterLab's menu
    drag(explorer.page, (words["x"] + 5, words["y"] + 5), place)  # selects text
    explorer.page.wait_for_timeout(400)
    assert_shows(explorer, here, (4, 2), 0.1)
    assert_dot(explorer, here, MARK, "w₁", (4, 2))


def test_typing_chooses_the_start(explorer, here):
    for name, text, key in (("w₁", "-2,5", "Enter"), ("w₂", "4.0", "Tab")):
        box = explorer.start(name)
        box.focus()
        box.press("ControlOrMeta+A")
        box.press_sequentially(text)
        before = explorer.words.text_content()
        box.press(key)
        expect(explorer.words).not_to_have_text(before)  # the kernel has answered
    assert_starts_at(explorer, here, (-2.5, 4))


def test_a_line_moves_among_the_flights(notebook):
    there, explorer = Here(LINE), notebook.explorer(2)

    def assert_fits(start, rate):
        expect(explorer.label(RATE)).to_have_text(f"{rate:.4g}")
        run = descend(there.line, start, rate, steps=STEPS)
        (intercept, slope), loss = run.theta[-1], run.loss[-1]
        assert explorer.numbers() == pytest.approx([intercept, slope, loss], rel=1e-3)
        assert_dot(explorer, there, NOW, "intercept", (intercept, slope))
        for x in (1, 2):
            assert explorer.color_at(there.pixel("x", (x, intercept + slope * x))) == FULL_BATCH

    assert_fits((0, 0), 0.2)
    press(explorer, RATE, "Home")
    assert_fits((0, 0), 0.01)
    before = explorer.words.text_content()
    explorer.page.mouse.click(*explorer.place(there.pixel("intercept", (60, 200))))
    expect(explorer.words).not_to_have_text(before)
    start = [float(explorer.start(name).input_value()) for name in ("intercept", "slope")]
    assert start == pytest.approx((60, 200), abs=3)
    assert_fits(start, 0.01)


def assert_races(race, name, start, rate):
    """The last of the racers ends where `descend` says: the words tell what it has left, and its dot is there."""
    exec(SETUP, names := {})
    live = eval(RACE, names).live
    loss, ax = {"bowl": (bowl(1, 4), live.click), "valley": (rosenbrock(), list(live._faces)[1])}[name]
    optimizer, color, _ = RACERS["Adam"]
    live.turn_to(ax)
    run = descend(loss, start, rate, steps=STEPS, optimizer=optimizer)
    expect(race.words).to_contain_text(f"Adam\u00a0=\u00a0{run.loss[-1] / run.loss[0]:.4g}.")
    x, y = ax.transData.transform(run.theta[-1])
    assert race.color_at((x, live.figure.bbox.height - y)) == color


def test_a_race_changes_its_surface_its_start_and_its_rates(notebook):
    race = notebook.explorer(4)
    surface, own = race.root.get_by_role("combobox", name="surface"), race.root.get_by_role("checkbox")
    background = race.root.locator("img")
    assert_races(race, "bowl", (4, 2), 0.05)
    before = background.get_attribute("src")
    surface.select_option("valley")
    assert_races(race, "valley", (-1, 1), 0.05)
    expect(background).not_to_have_attribute("src", before)
    race.start("w₁").fill("0.5")
    race.start("w₁").press("Enter")
    assert_races(race, "valley", (0.5, 1), 0.05)
    own.check()
    expect(race.words).to_contain_text("Adam (η = ")
    expect(race.slider(RATE)).to_be_hidden()
    own.uncheck()
    expect(race.label(RATE)).to_have_text("0.05")
    assert_races(race, "valley", (0.5, 1), 0.05)
    race.start("w₁").fill("-9")  # outside the window
    race.start("w₁").press("Enter")
    assert_races(race, "valley", (-2, 1), 0.05)
    press(race, RATE, "End")
    assert_races(race, "valley", (-2, 1), 0.1)


def test_a_drag_is_announced_once(explorer):
    expect(explorer.announcer).to_have_text(explorer.words.text_content())
    record(explorer.announcer)
    record(explorer.words)
    slider = explorer.slider(RATE)
    drag(explorer.page, handle(slider, 19), handle(slider, 59), handle(slider, 30), moves=15)
    expect(explorer.announcer).to_have_text(explorer.words.text_content())
    assert len(recorded(explorer.words)) > 10
    assert recorded(explorer.announcer) == [explorer.words.text_content()]


def test_a_fine_screen_gets_a_fine_picture(notebook, explorer, here):
    size = "c => [c.width, c.height, c.previousSibling.naturalWidth]"
    coarse = explorer.canvas.evaluate(size)
    wait_until_fine = "([c, width]) => c.width === 2 * width"
    with screen(explorer.page):
        explorer.page.wait_for_function(wait_until_fine, arg=[explorer.canvas.element_handle(), coarse[0]])
        fine = explorer.canvas.evaluate(size)
        assert_shows(explorer, here, (4, 2), 0.1)
    assert fine[:2] == [2 * side for side in coarse[:2]]
    assert fine[2] >= fine[0]


def test_a_narrow_window_shows_all_of_the_picture(notebook, explorer, here):
    explorer.page.set_viewport_size({"width": 800, "height": 900})
    try:
        expect(explorer.canvas).not_to_have_css("width", "800px")
        picture, column = (
            part.bounding_box() for part in (explorer.canvas, notebook.cell(1).locator(".jp-Cell-outputArea"))
        )
        assert 0 < picture["width"] <= column["width"]
        expect_no_overflow(explorer.root)
        explorer.page.mouse.click(*explorer.place(here.pixel("w₁", (-3, 3.5))))
        assert_starts_at(explorer, here, (-3, 3.5))
    finally:
        explorer.page.set_viewport_size(WINDOW)


def test_a_projectors_window_shows_the_sliders_the_picture_and_the_words_at_once(notebook, explorer):
    """1280 × 720 pixels at 150 %, without the list of files."""
    notebook.desk.run("application:toggle-left-area")
    notebook.page.set_viewport_size({"width": 853, "height": 480})
    try:
        live = explorer.root.locator(".gdtools-live")
        live.evaluate("live => live.scrollIntoView({ block: 'start' })")
        window = notebook.panel.locator(".jp-WindowedPanel-outer").bounding_box()
        whole, picture, words = (part.bounding_box() for part in (live, explorer.canvas, explorer.words))
        assert whole["height"] <= window["height"]
        assert picture["x"] + picture["width"] <= words["x"] and picture["height"] > 200
    finally:
        notebook.desk.run("application:toggle-left-area")
        notebook.page.set_viewport_size(WINDOW)


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_words_stand_out_from_what_is_behind_them(notebook, explorer, theme):
    notebook.kernel("explorer.live.error = 'An error.'")
    expect(explorer.problem).not_to_be_empty()
    try:
        notebook.desk.change_theme(theme)
        parts = [explorer.words, explorer.problem, explorer.play, explorer.label(RATE), explorer.root.get_by_text(RATE)]
        parts += [explorer.start("w₁"), explorer.root.get_by_text("start w₁")]
        contrasts = {part.text_content(): contrast(part) for part in parts}
    finally:
        notebook.desk.change_theme("JupyterLab Light")
    assert min(contrasts.values()) >= 4.5, contrasts


def contrast(element):
    """The contrast of an element's text with the colour behind it, from 1 to 21, as WCAG 2 defines it."""
    colors = """e => {
        const colors = [getComputedStyle(e).color];
        for (; e; e = e.parentElement) colors.push(getComputedStyle(e).backgroundColor);
        return colors.map(color => color.match(/[\\d.]+/g).map(Number));
    }"""
    text, *backgrounds = element.evaluate(colors)
    behind = np.full(3, 255.0)
    for *rgb, alpha in ([*color, 1][:4] for color in reversed(backgrounds)):
        behind = alpha * np.array(rgb) + (1 - alpha) * behind
    light, dark = sorted((luminance(np.array(text[:3])), luminance(behind)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(rgb):
    linear = np.where(rgb <= 10, rgb / 255 / 12.92, ((rgb / 255 + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def test_a_late_echo_from_the_kernel_does_not_move_the_slider_back(notebook, explorer, here):
    """The kernel echoes what it is told. If it's slow, or far away, the slider has gone on by then."""
    notebook.kernel("import time; send = explorer.live._send")
    notebook.kernel("explorer.live._send = lambda *args, **options: (time.sleep(0.7), send(*args, **options))")
    move(explorer.slider(RATE), 5)
    expect(explorer.announcer).to_have_text(explorer.words.text_content())  # the kernel has been told of position 5
    record(explorer.label(RATE))
    keep_moving = """async input => {
        for (let i = 0; i < 60; i++) {
            input.value = 10 + (i % 40);
            input.dispatchEvent(new Event("input", { bubbles: true }));
            await new Promise(resolve => setTimeout(resolve, 20));
        }
    }"""
    explorer.slider(RATE).evaluate(keep_moving)
    notebook.kernel("del explorer.live._send")
    assert f"{RATES[5]:.4g}" not in recorded(explorer.label(RATE))


def test_after_an_error_in_the_kernel_a_click_works_again(notebook, explorer, here):
    notebook.kernel("explorer.live.replay = lambda *_: 1 / 0")
    for xy in ((1, 1), (-1, 1)):  # the same error twice
        explorer.page.mouse.click(*explorer.place(here.pixel("w₁", xy)))
        expect(explorer.problem).to_have_text("ZeroDivisionError: division by zero")
        explorer.page.wait_for_timeout(400)  # "Waiting for the kernel" would come after 300
        expect(explorer.problem).to_have_text("ZeroDivisionError: division by zero")
    notebook.kernel("del explorer.live.replay")
    explorer.page.mouse.click(*explorer.place(here.pixel("w₁", (-3, 3.5))))
    assert_starts_at(explorer, here, (-3, 3.5))


def test_a_run_that_becomes_shorter_ends_a_move_beyond_its_end(notebook, explorer):
    move(explorer.slider(STEP), 30)  # the kernel has not heard of it yet
    notebook.kernel(SHORTER)
    expect(explorer.words).to_have_text("Shorter. After 1 update: w\u00a0=\u00a00.")
    explorer.page.wait_for_timeout(600)  # by now, it has
    expect(explorer.words).to_have_text("Shorter. After 1 update: w\u00a0=\u00a00.")
    expect(explorer.label(STEP)).to_have_text("1")
    notebook.kernel("explorer.children[1].children[0].value = 3.9")  # all its steps are back


def test_play_ends_where_a_run_that_becomes_shorter_ends(notebook, explorer):
    press(explorer, STEP, "Home")
    explorer.play.click()
    expect(explorer.label(STEP)).not_to_have_text("0")
    notebook.kernel(SHORTER)
    expect(explorer.play).to_have_text("▶ Play", timeout=2000)  # the longer run would take 6 seconds
    expect(explorer.label(STEP)).to_have_text("1")
    notebook.kernel("explorer.children[1].children[0].value = 3.9")  # all its steps are back


@pytest.fixture(scope="module")
def orphan(desk, lab):
    """An explorer in a notebook that was saved, and whose kernel was then shut down."""
    lab.write("orphan.ipynb", [SETUP, BOWL, RACE])
    notebook = desk.open("orphan.ipynb")
    notebook.run_all()
    desk.run("docmanager:save")
    desk.run("kernelmenu:shutdown")
    yield notebook
    notebook.close()


def test_without_a_kernel_the_slider_still_moves_and_a_click_says_that_it_waits(orphan, here):
    explorer = orphan.explorer(1)
    press(explorer, RATE, "ArrowRight", "ArrowRight")
    assert_shows(explorer, here, (4, 2), 0.11)
    press(explorer, STEP, "Home")
    assert_shows(explorer, here, (4, 2), 0.11, step=0)
    explorer.page.mouse.click(*explorer.place(here.pixel("w₁", (-3, 3.5))))
    expect(explorer.problem).to_contain_text("Waiting for the kernel")
    press(explorer, RATE, "Home")
    assert_shows(explorer, here, (4, 2), 0.005, step=0)
    race = orphan.explorer(2)
    press(race, RATE, "End")
    assert_races(race, "bowl", (4, 2), 0.1)


def test_a_saved_notebook_shows_a_picture_where_its_kernel_is_gone(orphan, browser, lab):
    another = Desk(browser, lab.fresh())
    reopened = another.open("orphan.ipynb")
    still = expect_stand_in(reopened.cell(1)).get_by_role("img", name="Left, the rings of the loss")
    assert still.evaluate("image => image.naturalWidth") == 1600
    expect(reopened.cell(1).locator(".gdtools-live")).to_have_count(0)
    assert all("widget model not found" in complaint for complaint in another.complaints)
    reopened.close()
    another.page.close()


def test_after_a_restart_the_slider_moves_a_click_says_what_to_do_and_that_helps(desk, lab, here):
    lab.write("restarted.ipynb", [SETUP, BOWL])
    notebook = desk.open("restarted.ipynb")
    notebook.run_all()
    notebook.restart()
    explorer = notebook.explorer(1)
    press(explorer, RATE, "ArrowRight")
    assert_shows(explorer, here, (4, 2), 0.105)
    explorer.page.mouse.click(*explorer.place(here.pixel("w₁", (-3, 3.5))))
    expect(explorer.problem).to_contain_text("No answer? Run the cell again.")
    notebook.run_cell(0)
    notebook.run_cell(1)
    explorer = notebook.explorer(1)
    assert_shows(explorer, here, (4, 2), 0.1)
    explorer.page.mouse.click(*explorer.place(here.pixel("w₁", (-3, 3.5))))
    assert_starts_at(explorer, here, (-3, 3.5))
    notebook.close()
