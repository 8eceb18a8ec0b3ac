"""Every notebook, opened and run in JupyterLab, and every explorer in it, used as students use it."""

import re
import shutil
import sys
from pathlib import Path

import nbformat
import pytest

from tools.notebooks import predictions, printed, readable

from .pages import STAND_IN, Desk, expect, expect_no_overflow, expect_stand_in, move, screen, serious

pytestmark = pytest.mark.browser
NOTEBOOKS = sorted(path.name for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
WIDGET = ".gdtools-live, .gdtools-question"
OURS = (".gdtools-live", ".gdtools-question", ".gdtools-figure", ".widget-hbox")  # test_pages.py checks the prose
assert NOTEBOOKS, "without notebooks, nothing would be tested"


@pytest.fixture(scope="module", params=NOTEBOOKS)
def name(request):
    """Each notebook in turn: the tests below use it one after the other."""
    return request.param


@pytest.fixture(scope="module")
def desk(browser, lab, name):
    """A page for each notebook: JupyterLab keeps much of what it has closed, and gets slower and slower."""
    desk = Desk(browser, lab.fresh())
    yield desk
    desk.page.close()


@pytest.fixture(scope="module")
def opened(desk, name):
    """The notebook as students open it."""
    notebook = desk.open(name)
    yield notebook
    notebook.close()


@pytest.fixture(scope="module")
def notebook(opened):
    """The same after all of its cells have run."""
    opened.run_all()
    return opened


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
            move(slider, value)
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


def experiments(cells):
    """For each prediction that is asked for: the id of the question, and {index: cell} of those that answer it."""
    cells = list(map(nbformat.from_dict, cells))
    for question, experiment in predictions(cells):
        yield question.id, {cells.index(cell): cell for cell in experiment}


def answers(cell):
    """What a cell tells: the lines that it has printed, without headings, and the alt texts of its pictures."""
    for output in readable(cell.outputs):
        lines = [line.strip() for line in (output.get("text") or output.data["text/plain"]).splitlines()]
        yield from (line for line in lines if line and not (printed(output) and line in cell.source))


def test_no_prediction_is_answered_before_it_is_run(opened):
    page = opened.texts()
    for question, cells in experiments(opened.cells()):
        told = [line for index, cell in cells.items() for line in answers(cell) if line in page[index]]
        assert told == [], question


def test_before_it_is_run_there_is_a_picture_of_each_explorer_and_the_text_of_each_question(opened):
    for index, nth in widgets(opened):
        cell = opened.cells()[index]
        if cell["metadata"].get("jupyter", {}).get("outputs_hidden"):
            expect(opened.cell(index)).to_contain_text("Your guess first. Then run the cell.")
            opened.cell(index).locator(".jp-OutputPlaceholder").click()
        expect(opened.cell(index).locator(STAND_IN).nth(nth)).to_be_visible()


def test_each_prediction_is_answered_by_its_run(notebook):
    page = notebook.texts()
    for question, cells in experiments(notebook.cells()):
        told = [(line, line in page[index]) for index, cell in cells.items() for line in answers(cell)]
        assert all(seen for _, seen in told), (question, told)


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
            move(slider, int(slider.get_attribute("max")) // 2)
            middle = explorer.words.text_content()
            drag(explorer, slider, 200)
            expect(explorer.words).to_have_text(middle)


@pytest.mark.skipif(sys.platform != "linux", reason="reads the kernel's memory from /proc")
def test_a_thousand_moves_of_every_explorer_leave_no_trace_in_memory(notebook):
    """Neither in the page nor in the kernel, all explorers together. The first moves warm up."""
    tell_memory = "import gc; from pathlib import Path; gc.collect(); print(Path('/proc/self/statm').read_text())"
    page = notebook.page.context.new_cdp_session(notebook.page)

    def used():
        notebook.page.wait_for_timeout(600)  # the kernel is told after 300
        page.send("HeapProfiler.collectGarbage")
        resident_pages = notebook.kernel(tell_memory).split()
        return page.send("Runtime.getHeapUsage")["usedSize"] / 1e6, int(resident_pages[1]) * 4096 / 1e6

    def drag_all(moves):
        for _, explorer in explorers(notebook):
            drag(explorer, explorer.root.get_by_role("slider").first, moves)

    drag_all(200)
    before = used()
    drag_all(1000)
    after = used()
    assert after[0] - before[0] < 2, "MB in the page"
    assert after[1] - before[1] < 2, "MB in the kernel"
    page.detach()


def test_every_explorer_fits_a_narrow_window_and_is_sharp_on_a_fine_screen(notebook):
    with screen(notebook.page, width=800):
        for index, explorer in explorers(notebook):
            fine = "c => c.clientWidth < 750 && Math.abs(c.width - 2 * c.clientWidth) <= 1"
            notebook.page.wait_for_function(fine, arg=explorer.canvas.element_handle())
            picture, column = (
                part.bounding_box() for part in (explorer.canvas, notebook.cell(index).locator(".jp-Cell-outputArea"))
            )
            assert 0 < picture["width"] <= column["width"]
            expect_no_overflow(explorer.root)
            assert_slides(explorer)


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_nothing_keeps_people_from_using_it(notebook, theme):
    """In a window that is higher than the notebook, JupyterLab lays out all of it, and axe looks once."""
    notebook.desk.change_theme(theme)
    parts = [f".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook-cell {part}" for part in OURS]
    laid_out = """parts => [...document.querySelectorAll(parts.join(", "))].every(
        part => part.closest("[hidden]") || part.checkVisibility({ contentVisibilityAuto: true })
    )"""
    with screen(notebook.page, height=30_000, deviceScaleFactor=1):
        notebook.page.wait_for_function("() => innerHeight === 30_000")
        notebook.page.wait_for_function(laid_out, arg=parts)
        assert serious(notebook.page, *parts) == []


def test_a_cell_run_again_has_its_explorer_once_and_frees_the_first(notebook):
    for index in sorted({index for index, _ in explorers(notebook)}):
        shown = notebook.cell(index).locator(WIDGET).count()
        before = notebook.n_widgets()
        assert before > 0
        notebook.run_cell(index)
        expect(notebook.cell(index).locator(WIDGET)).to_have_count(shown)
        assert_slides(notebook.explorer(index))
        assert notebook.n_widgets() == before


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
        expect_stand_in(reopened.cell(index), nth)
    expect(reopened.panel.locator(WIDGET)).to_have_count(0)
    reopened.close()
    desk.complaints = [text for text in desk.complaints if "widget model not found" not in text]
