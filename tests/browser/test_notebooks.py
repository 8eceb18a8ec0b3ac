"""Every notebook, opened and run in JupyterLab, and every explorer in it, used as students use it."""

import re
import shutil
import sys
from pathlib import Path

import pytest

from .pages import expect, serious

pytestmark = pytest.mark.browser
NOTEBOOKS = sorted(path.name for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
STAND_IN = ".gdtools-stand-in"
WIDGET = ".gdtools-live, .gdtools-question"
OURS = (".gdtools-live", ".gdtools-question", ".gdtools-figure", ".widget-hbox")  # test_publish.py checks the prose
PLACE = "(input, value) => { input.value = value; input.dispatchEvent(new Event('input')) }"
assert NOTEBOOKS, "without notebooks, nothing would be tested"


@pytest.fixture(scope="module", params=NOTEBOOKS)
def notebook(desk, request):
    """Each notebook in turn, after all of its cells have run: the tests below use it one after the other."""
    notebook = desk.open(request.param)
    notebook.run_all()
    yield notebook
    notebook.close()


def code_cells(notebook):
    return [(index, cell) for index, cell in enumerate(notebook.cells()) if cell["cell_type"] == "code"]


def stand_ins(cell):
    """How many explorers and questions this cell shows: each leaves in the notebook what can be read of it."""
    return sum("gdtools-stand-in" in "".join(output.get("data", {}).get("text/html", "")) for output in cell["outputs"])


def widgets(notebook):
    """(index of the cell, place in it) of each explorer and each question."""
    return [(index, nth) for index, cell in code_cells(notebook) for nth in range(stand_ins(cell))]


def explorers(notebook):
    """(index of the cell, explorer) for each that there is."""
    for index, nth in widgets(notebook):
        if not notebook.cell(index).locator(".gdtools-question").count():
            yield index, notebook.explorer(index, nth)


def assert_sound(explorer):
    expect(explorer.words).not_to_be_empty()
    expect(explorer.words).not_to_contain_text(re.compile("undefined|NaN|null"))
    expect(explorer.problem).to_be_empty()


def assert_slides(explorer):
    """Both ends and the middle of each slider can be reached, and are told."""
    for slider in explorer.root.get_by_role("slider").all():
        last = int(slider.get_attribute("max"))
        for value in (0, last, last // 2):
            slider.evaluate(PLACE, value)
            expect(slider.locator("xpath=../output")).to_have_text(slider.get_attribute("aria-valuetext"))
            assert_sound(explorer)


def drag(explorer, slider, moves):
    """Back and forth within 20 frames, to end in the middle."""
    code = """async ([input, moves]) => {
        for (let i = 0; i <= moves; i++) {
            const last = Number(input.max);
            input.value = i < moves ? (i * 37) % (last + 1) : Math.floor(last / 2);
            input.dispatchEvent(new Event("input"));
            if (i % (moves / 20) === 0) await new Promise(requestAnimationFrame);
        }
    }"""
    explorer.page.evaluate(code, [slider.element_handle(), moves])


def acts(control):
    """What can be done to a control of ipywidgets: choose the last and the first, type both ends, tick and untick."""
    kind = control.evaluate("e => e.type")
    if kind == "select-one":
        last = control.locator("option").count() - 1
        return [lambda place=place: control.select_option(index=place) for place in (last, last // 2, 0)]
    if kind == "number":
        ends = [control.get_attribute(name) for name in ("min", "max")]
        return [lambda end=end: (control.fill(end), control.press("Enter")) for end in ends]
    if kind == "checkbox":
        return [control.check, control.uncheck]
    assert kind in ("button", "submit"), kind
    return [control.click]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_before_it_is_run_there_is_a_picture_of_each_explorer_and_the_text_of_each_question(desk, name):
    notebook = desk.open(name)
    for index, nth in widgets(notebook):
        expect(notebook.cell(index).locator(STAND_IN).nth(nth)).to_be_visible()
    notebook.close()


def test_runs_without_fault_and_shows_its_explorers_and_questions(notebook):
    expect(notebook.page.locator(".jp-Dialog")).to_have_count(0)
    for index, cell in code_cells(notebook):
        source = "".join(cell["source"])
        assert cell["execution_count"] or not source.strip(), source
        for output in cell["outputs"]:
            assert output["output_type"] != "error" or "raises-exception" in cell["metadata"].get("tags", []), output
            assert output.get("name") != "stderr", output
        shown = notebook.cell(index)
        expect(shown.locator(WIDGET)).to_have_count(stand_ins(cell))
        for nth in range(stand_ins(cell)):
            expect(shown.locator(STAND_IN).nth(nth)).to_be_hidden()
            if shown.locator(".gdtools-question").count():
                expect(shown.locator("legend").nth(nth)).not_to_be_empty()
        expect(shown.get_by_text("Error displaying widget")).to_have_count(0)


def test_every_control_of_every_explorer_reaches_both_its_ends(notebook):
    for _, explorer in explorers(notebook):
        assert_sound(explorer)
        assert_slides(explorer)
        for control in explorer.root.locator(".widget-hbox").locator("select, input, button").all():
            for act in acts(control):
                act()
                notebook.wait_until_idle()
                assert_sound(explorer)


def test_200_rapid_moves_of_every_slider_end_where_one_move_ends(notebook):
    for _, explorer in explorers(notebook):
        for slider in explorer.root.get_by_role("slider").all():
            slider.evaluate(PLACE, int(slider.get_attribute("max")) // 2)
            middle = explorer.words.text_content()
            drag(explorer, slider, 200)
            expect(explorer.words).to_have_text(middle)


@pytest.mark.skipif(sys.platform != "linux", reason="reads the kernel's memory from /proc")
def test_a_thousand_moves_of_every_explorer_leave_no_trace_in_memory(notebook):
    """Neither in the page nor in the kernel. The first moves warm up."""
    tell_memory = "import gc; from pathlib import Path; gc.collect(); print(Path('/proc/self/statm').read_text())"
    page = notebook.page.context.new_cdp_session(notebook.page)

    def used():
        notebook.page.wait_for_timeout(600)  # the kernel is told after 300
        page.send("HeapProfiler.collectGarbage")
        resident_pages = notebook.kernel(tell_memory).split()
        return page.send("Runtime.getHeapUsage")["usedSize"] / 1e6, int(resident_pages[1]) * 4096 / 1e6

    for _, explorer in explorers(notebook):
        slider = explorer.root.get_by_role("slider").first
        drag(explorer, slider, 200)
        before = used()
        drag(explorer, slider, 1000)
        after = used()
        assert after[0] - before[0] < 2, "MB in the page"
        assert after[1] - before[1] < 2, "MB in the kernel"
    page.detach()


def test_every_explorer_fits_a_narrow_window_and_is_sharp_on_a_fine_screen(notebook):
    screen = notebook.page.context.new_cdp_session(notebook.page)
    narrow = {"width": 800, "height": 901, "deviceScaleFactor": 2, "mobile": False}
    screen.send("Emulation.setDeviceMetricsOverride", narrow)
    try:
        for index, explorer in explorers(notebook):
            fine = "c => c.clientWidth < 750 && Math.abs(c.width - 2 * c.clientWidth) <= 1"
            notebook.page.wait_for_function(fine, arg=explorer.canvas.element_handle())
            picture, column = (
                part.bounding_box() for part in (explorer.canvas, notebook.cell(index).locator(".jp-Cell-outputArea"))
            )
            assert 0 < picture["width"] <= column["width"]
            too_wide = (
                "e => { for (; e; e = e.parentElement) if (e.scrollWidth > e.clientWidth + 1) return e.className }"
            )
            assert explorer.root.evaluate(too_wide) is None
            assert_slides(explorer)
    finally:
        screen.send("Emulation.clearDeviceMetricsOverride")
        screen.detach()


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_nothing_keeps_people_from_using_it(notebook, theme):
    notebook.desk.run("apputils:change-theme", theme=theme)
    notebook.page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=theme)
    for index in sorted({index for index, _ in widgets(notebook)}):
        notebook.cell(index)
        here = f".jp-NotebookPanel:not(.lm-mod-hidden) [data-windowed-list-index='{index}']"
        assert serious(notebook.page, *(f"{here} {part}" for part in OURS)) == []


def test_a_cell_run_again_has_its_explorer_once_and_frees_the_first(notebook):
    count = "print(len(__import__('ipywidgets').widgets.widget._instances))"
    for index in sorted({index for index, _ in explorers(notebook)}):
        shown = notebook.cell(index).locator(WIDGET).count()
        before = notebook.kernel(count)
        notebook.run_cell(index)
        expect(notebook.cell(index).locator(WIDGET)).to_have_count(shown)
        assert_slides(notebook.explorer(index))
        assert notebook.kernel(count) == before


def test_after_a_restart_of_the_kernel_every_slider_still_moves(notebook):
    notebook.desk.run("docmanager:save")
    notebook.restart()
    for _, explorer in explorers(notebook):
        assert_slides(explorer)


def test_saved_and_opened_again_it_shows_a_picture_where_each_explorer_was(notebook, lab):
    desk, again = notebook.desk, f"again_{notebook.name}"  # under another name, it has no kernel that knows the widgets
    shutil.copy(lab.root / notebook.name, lab.root / again)
    reopened = desk.open(again)
    for index, nth in widgets(reopened):
        expect(reopened.cell(index).locator(STAND_IN).nth(nth)).to_be_visible()
        gone = reopened.cell(index).get_by_text("Error displaying widget").nth(nth)
        expect(gone).to_have_count(1)  # it's there by now, but
        expect(gone).to_be_hidden()
    expect(reopened.panel.locator(WIDGET)).to_have_count(0)
    reopened.close()
    desk.complaints = [text for text in desk.complaints if "widget model not found" not in text]
