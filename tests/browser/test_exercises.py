"""An exercise in JupyterLab, done by keyboard alone."""

import shutil

import pytest

from .pages import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def exercise(desk, lab, pytestconfig):
    source = pytestconfig.rootpath / "exercises" / "01_the_update_rule" / "01_exercises.ipynb"
    shutil.copyfile(source, lab.root / source.name)
    notebook = desk.open(source.name)
    yield notebook
    notebook.close()


def test_a_wrong_answer_gets_its_hint_and_the_right_one_passes(exercise):
    keyboard, panel = exercise.page.keyboard, exercise.panel
    panel.locator(".jp-Notebook").focus()
    ids = [cell["id"] for cell in exercise.cells()]
    answer, check = ids.index("new-point"), ids.index("new-point-check")

    def run(cells):
        for _ in range(cells):
            keyboard.press("Shift+Enter")
            exercise.wait_until_idle()

    def rewrite(text):
        """Change the active cell, run it, and the check below it; then go back to it."""
        keyboard.press("Enter")
        keyboard.press("ControlOrMeta+a")
        keyboard.type(text)
        run(2)
        keyboard.press("ArrowUp")
        keyboard.press("ArrowUp")

    run(answer + 2)
    said = panel.locator(".jp-Notebook-cell").nth(check).locator(".jp-OutputArea-output")
    expect(said).to_have_text("✗ new_point: not started yet. Replace the dots above, run that cell, then this one.")
    keyboard.press("ArrowUp")
    keyboard.press("ArrowUp")
    rewrite("new_point = (-3, 7.5)")
    expect(said).to_have_text(
        "✗ That goes uphill. The gradient points to where the loss grows: which sign takes you the other way?"
    )
    rewrite("new_point = (-1, 2.5)")
    expect(said).to_have_text("✓ each coordinate is half of what it was\n✓ new_point: done")
