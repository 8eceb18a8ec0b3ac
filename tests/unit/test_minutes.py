"""tools/minutes.py, on a small notebook."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools.minutes import main, minutes, parts, stated

TITLE = "# One\n\n**Time:** 5 minutes. **Next:** [two](two.ipynb)"
CELLS = [
    new_markdown_cell(TITLE),
    new_markdown_cell("**Predict.** " + "word " * 292),
    new_code_cell("x = 1\n\ny = 2\n" + "x += y\n" * 13),
    new_code_cell("folded = 1", metadata={"jupyter": {"source_hidden": True}}),
]


def test_the_time_goes_to_predictions_words_and_lines_that_are_seen():
    notebook = new_notebook(cells=CELLS)
    assert parts(notebook) == (1, 300, 15)
    assert minutes(notebook) == pytest.approx(2 + 2 + 1)
    assert stated(notebook) == 5


def test_the_command_tells_the_time_of_those_notebooks_that_are_asked_for(capsys):
    main(["02"])
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("02_the_learning_rate: ") and "predictions" in line
