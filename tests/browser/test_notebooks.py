"""Every notebook, opened and run in JupyterLab, as a student does."""

import re
from pathlib import Path

import pytest

from .pages import expect, serious

pytestmark = pytest.mark.browser
NOTEBOOKS = sorted(path.name for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
STAND_IN = ".gdtools-stand-in"
WIDGET = ".gdtools-live, .gdtools-question"
OURS = (".gdtools-live", ".gdtools-question", ".gdtools-figure", ".widget-hbox", ".jp-RenderedMarkdown")
assert NOTEBOOKS, "without notebooks, nothing would be tested"


def stand_ins(cell):
    """How many explorers and questions this cell shows: each leaves in the notebook what can be read of it."""
    return sum("gdtools-stand-in" in "".join(output.get("data", {}).get("text/html", "")) for output in cell["outputs"])


def code_cells(notebook):
    return [(index, cell) for index, cell in enumerate(notebook.cells()) if cell["cell_type"] == "code"]


def use(notebook, explorer):
    """Move every control of an explorer to both its ends, and its sliders fast."""
    assert_sound(explorer)
    for slider in explorer.root.get_by_role("slider").all():
        drag(explorer, slider)
    for control in explorer.root.locator(".widget-hbox").locator("select, input, button").all():
        for act in acts(control):
            act()
            notebook.wait_until_idle()
            assert_sound(explorer)


def assert_sound(explorer):
    expect(explorer.words).not_to_be_empty()
    expect(explorer.words).not_to_contain_text(re.compile("undefined|NaN|null"))
    expect(explorer.problem).to_be_empty()


def drag(explorer, slider):
    """To both ends, to the middle, and 200 moves back and forth that end there: it shows what it showed before."""
    last = int(slider.get_attribute("max"))
    place = "(input, value) => { input.value = value; input.dispatchEvent(new Event('input')) }"
    for value in (0, last, last // 2):
        slider.evaluate(place, value)
        expect(slider.locator("xpath=../output")).to_have_text(slider.get_attribute("aria-valuetext"))
        assert_sound(explorer)
    middle = explorer.words.text_content()
    back_and_forth = """async ([input, last, middle]) => {
        for (let i = 0; i <= 200; i++) {
            input.value = i < 200 ? (i * 37) % (last + 1) : middle;
            input.dispatchEvent(new Event("input"));
            if (i % 10 === 0) await new Promise(requestAnimationFrame);
        }
    }"""
    explorer.page.evaluate(back_and_forth, [slider.element_handle(), last, last // 2])
    expect(explorer.words).to_have_text(middle)


def acts(control):
    """What can be done to a control of ipywidgets: choose the last and the first, type both ends, tick and untick."""
    kind = control.evaluate("e => e.type")
    if kind == "select-one":
        last = control.locator("option").count() - 1
        return [lambda: control.select_option(index=last), lambda: control.select_option(index=0)]
    if kind == "number":
        ends = [control.get_attribute(name) for name in ("min", "max")]
        return [lambda end=end: (control.fill(end), control.press("Enter")) for end in ends]
    if kind == "checkbox":
        return [control.check, control.uncheck]
    assert kind in ("button", "submit"), kind
    return [control.click]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_runs_without_fault_and_shows_its_explorers_and_questions(desk, name):
    notebook = desk.open(name)
    for index, cell in code_cells(notebook):
        for nth in range(stand_ins(cell)):
            expect(notebook.cell(index).locator(STAND_IN).nth(nth)).to_be_visible()

    notebook.run_all()

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
            else:
                use(notebook, notebook.explorer(index, nth))
        if stand_ins(cell):
            assert serious(notebook.page, *OURS) == []
        expect(shown.get_by_text("Error displaying widget")).to_have_count(0)
    notebook.close()
