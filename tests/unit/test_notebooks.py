"""tools/notebooks.py, on small notebooks."""

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter, MarkdownExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import notebooks
from tools.notebooks import WIDGET_VIEW, main, normalise

WIDGET = """
from IPython.display import display
display({"text/plain": "Explorer(...)", "application/vnd.jupyter.widget-view+json": {"model_id": "1"}}, raw=True)
"""


@pytest.fixture
def write(tmp_path):
    def write(*cells, name="small.ipynb"):
        path = tmp_path / name
        nbformat.write(new_notebook(cells=list(cells)), path)
        return path

    return write


def view(**others):
    return new_output("display_data", {WIDGET_VIEW: {"model_id": "1"}, "text/plain": "Explorer(...)", **others})


def code(*outputs, tags=(), **kwargs):
    return new_code_cell("1", outputs=list(outputs), metadata={"tags": list(tags)} if tags else {}, **kwargs)


def normal(*cells):
    return normalise(nbformat.from_dict({"cells": list(cells), "metadata": {}})).cells


def test_a_notebook_is_run_in_its_folder_and_a_second_run_changes_no_byte(write, capsys):
    path = write(
        new_markdown_cell("# A title"),
        new_code_cell("from pathlib import Path\nprint(Path('small.ipynb').exists())"),
        new_code_cell("η = 1 / 8\nη"),
        new_code_cell(WIDGET),
        new_code_cell("import time\nprint(time.time(), 'seconds')", metadata={"tags": ["nbval-ignore-output"]}),
    )
    assert main([str(path)]) == 0
    first = path.read_bytes()
    assert main([str(path)]) == 0
    assert path.read_bytes() == first
    assert main(["--check", str(path)]) == 0
    said = capsys.readouterr().out
    assert "small.ipynb: changed" in said and "small.ipynb: unchanged" in said
    cells = nbformat.read(path, as_version=4).cells
    assert cells[1].outputs[0].text == "True\n"
    assert cells[2].outputs[0].data["text/plain"] == "0.125"
    assert cells[3].outputs == []
    assert [cell.execution_count for cell in cells[1:]] == [1, 2, 3, 4]
    assert "η = 1 / 8" in first.decode() and first.endswith(b"}\n") and b"\r" not in first


def test_a_faulty_cell_is_named_and_the_file_stays(write, capsys):
    faulty = {
        "1 / 0": "ZeroDivisionError",
        "import sys\nprint('careful', file=sys.stderr)": "wrote to stderr:\ncareful",
        "import warnings\nwarnings.warn('careful')": "UserWarning: careful",
        "object()": "an address in memory",
    }
    paths = [write(new_code_cell(source, id=f"cell-{n}"), name=f"bad-{n}.ipynb") for n, source in enumerate(faulty)]
    good = write(new_code_cell("x = 2"), name="good.ipynb")
    before = [path.read_bytes() for path in paths]
    assert main([str(path) for path in [*paths, good]]) == 1
    said = capsys.readouterr()
    for n, complaint in enumerate(faulty.values()):
        told = said.err.split(f"bad-{n}.ipynb: cell 'cell-{n}'")[1].split(".ipynb:")[0]
        assert complaint in told
    assert [path.read_bytes() for path in paths] == before
    assert said.out.startswith("good.ipynb: changed")


def test_an_error_that_is_wanted_passes(write):
    assert main([str(write(new_code_cell("1 / 0", metadata={"tags": ["raises-exception"]})))]) == 0


def test_check_finds_what_is_not_in_normal_form(write, capsys):
    path = write(code())
    before = path.read_bytes()
    assert main(["--check", str(path)]) == 1
    assert "run `make notebooks`" in capsys.readouterr().err
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("cells", "complaint"),
    [
        (["plots.show(ax, key='steep')", "%pip list", "max(a, key=len)\ndraw(run, key=key, color='red')"], ""),
        (["plots.show(ax, key='steep')", "race(run, key='flat')"], "says nothing of these figures: ['flat']"),
        (["plots.show(ax, 'The path.')"], "figures that are gone: ['steep']"),
        (["plots.show(ax, key='steep')", "plots.show(ax, key='steep')"], "more than one figure: ['steep']"),
    ],
)
def test_each_figure_has_its_alt_text_and_each_alt_text_its_figure(write, capsys, cells, complaint):
    path = write(*map(new_code_cell, cells), name="01_small.ipynb")
    path.with_name("alt_texts.toml").write_text("[01]\nsteep = 'Down.'\n[02]\nround = 'Rings.'\n")
    main(["--check", str(path)])
    assert complaint in capsys.readouterr().err
    assert main([str(path)]) == 1  # names that don't exist, at least
    assert complaint in capsys.readouterr().err


DRAWING = [
    "from matplotlib.figure import Figure\nfrom IPython.display import display\ndisplay(Figure())",
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
]


@pytest.mark.parametrize("source", DRAWING, ids=["display", "pyplot"])
def test_a_cell_that_draws_without_words_fails(write, capsys, source):
    assert main([str(write(new_code_cell(source, id="drawn")))]) == 1
    assert "cell 'drawn' shows a picture without alt text: show it with plots.show" in capsys.readouterr().err


WORDLESS = [
    new_markdown_cell("![](x.png)"),
    new_markdown_cell("[![ ][small]](large.html)"),
    new_markdown_cell("Look: <IMG width=300 src='x.png'>"),
    code(new_output("display_data", {"image/png": "iVBO"})),
    code(new_output("display_data", {"image/svg+xml": "<svg>"})),
    code(new_output("display_data", {"text/html": '<img src=x alt=" " title="a > b">'})),
    code(new_output("display_data", {"text/plain": "<Figure size 640x480 with 1 Axes>"})),
]


@pytest.mark.parametrize("cell", WORDLESS, ids=lambda cell: cell.source or "output")
def test_check_finds_a_picture_without_words(write, capsys, cell):
    path, cell.id = write(), "there"
    path.write_text(notebooks.dumps(normalise(new_notebook(cells=[cell]))))
    assert main(["--check", str(path)]) == 1
    assert "cell 'there'" in (said := capsys.readouterr().err)
    assert "without alt text" in said


def test_a_picture_with_words_passes(write):
    shown = new_output("display_data", {"image/png": "iVBO", "text/html": "<img src='a>b' alt='A path.'>"})
    cells = [new_markdown_cell("![A bowl](x.png), <img alt='Rings.'>, and `![](x.png)` as code"), code(shown)]
    path = write()
    path.write_text(notebooks.dumps(normalise(new_notebook(cells=cells))))
    assert main(["--check", str(path)]) == 0


def test_what_belongs_to_one_run_or_one_editor_is_dropped():
    dirty = new_notebook(cells=[code(execution_count=7)])
    dirty.metadata = {"widgets": {"state": 1}, "kernelspec": {"name": "venv"}, "language_info": {"version": "3.11.7"}}
    dirty.cells[0].metadata = {"execution": {"iopub": "12:00"}, "scrolled": True, "slideshow": {"slide_type": "slide"}}
    clean = normalise(dirty)
    assert clean.metadata.keys() == {"kernelspec", "language_info"}
    assert clean.metadata.kernelspec == notebooks.KERNELSPEC
    assert "version" not in clean.metadata.language_info
    assert clean.cells[0].metadata == {"slideshow": {"slide_type": "slide"}}
    assert clean.cells[0].execution_count == 1
    assert dirty.cells[0].execution_count == 7  # the caller's notebook is left alone


def test_a_live_widget_leaves_its_stand_in():
    alone, with_picture = normal(code(view()), code(view(**{"text/html": "<img>"})))
    assert alone.outputs == []
    assert with_picture.outputs[0].data.keys() == {"text/html", "text/plain"}


def test_printed_text_comes_in_one_piece():
    out = [new_output("stream", name="stdout", text=text) for text in ("a\n", "b\n")]
    picture = new_output("display_data", {"text/html": "<img>"})
    (cell,) = normal(code(*out, picture, out[0]))
    assert [output.get("text") for output in cell.outputs] == ["a\nb\n", None, "a\n"]


@pytest.mark.parametrize(
    ("outputs", "tags", "expected"),
    [
        ([new_output("stream", name="stdout", text="1")], [], ["nbval-check-output"]),
        ([new_output("execute_result", {"text/plain": "1"})], ["hide"], ["hide", "nbval-check-output"]),
        ([new_output("stream", name="stdout", text="1")], ["nbval-check-output"], ["nbval-check-output"]),
        ([new_output("stream", name="stdout", text="1")], ["nbval-ignore-output"], ["nbval-ignore-output"]),
        ([new_output("display_data", {"text/plain": "words", "text/html": "<img>"})], [], []),
        ([new_output("display_data", {"text/plain": "Figure", "image/png": "iVBO"})], [], []),
        ([view()], [], []),
        ([], [], []),
    ],
)
def test_what_is_printed_is_tagged_to_be_compared(outputs, tags, expected):
    (cell,) = normal(code(*outputs, tags=tags))
    assert cell.metadata.get("tags", []) == expected


def test_what_a_reader_shall_predict_is_covered_until_it_is_run(write, capsys):
    path = write(
        new_code_cell("print('before')"),
        new_markdown_cell("**Predict.** What comes?"),
        new_code_cell("# Your guess\nguess = print\nguess('the question')"),
        new_code_cell("x = 6", metadata={"jupyter": {"outputs_hidden": True}}),
        new_markdown_cell("Then multiply."),
        new_code_cell("print(x * 7)"),
        new_code_cell("print('nothing to hide')", metadata={"jupyter": {"source_hidden": True}}),
        new_markdown_cell("The answer."),
        new_code_cell("print('the same, drawn')"),
        new_markdown_cell("## Another section"),
        new_code_cell("print('after')", metadata={"jupyter": {"outputs_hidden": True}}),
    )
    assert main([str(path)]) == main(["--check", str(path)]) == 0
    first = path.read_bytes()
    assert main([str(path)]) == 0
    assert path.read_bytes() == first
    cells = nbformat.read(path, as_version=4).cells
    hidden = [cell.metadata.get("jupyter", {}).get("outputs_hidden", False) for cell in cells]
    assert hidden == [False, False, False, False, False, True, True, False, True, False, False]
    for cell, text in zip(cells[5:7], ("42\n", "nothing to hide\n"), strict=True):
        covered, output = cell.outputs
        assert covered.data == notebooks.COVER and output.text == text
        assert notebooks.readable(cell.outputs) == [output] and not notebooks.printed(covered)
    assert cells[6].metadata.jupyter.source_hidden


@pytest.mark.parametrize("exporter", [HTMLExporter, MarkdownExporter])
def test_readers_without_jupyterlab_see_what_is_covered_and_not_the_cover(exporter):
    answer = code(new_output("stream", name="stdout", text="forty-two"))
    asked = new_notebook(cells=[new_markdown_cell("**Predict.** What comes?", id="asked"), answer])
    covered = notebooks.cover(normalise(asked))
    assert covered.cells[1].outputs[0].data == notebooks.COVER
    page, _ = exporter().from_notebook_node(covered)
    assert "forty-two" in page and "Your guess first" not in page


def test_ids_are_kept_or_made_from_words():
    cells = normal(
        new_markdown_cell("## The *rule*, in one line of NumPy", id="0123abcd"),
        new_markdown_cell("The rule in one line", id="f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
        new_code_cell("x = 1", id="the-rule-in-one-line"),
        new_code_cell("x = 2", id="the-rule-in-one-line"),
        new_markdown_cell("η", id="deadbeef"),
    )
    expected = ["the-rule-in-one-line-2", "the-rule-in-one-line-3", "the-rule-in-one-line", "x-2", "markdown"]
    assert [cell.id for cell in cells] == expected
    assert [cell.id for cell in normal(*cells)] == expected


@pytest.mark.parametrize(("new", "kept"), [("took 0.9 s", True), ("took 12.5 s", True), ("failed", False)])
def test_measured_numbers_are_kept_while_the_words_stay(new, kept):
    before, after = (
        normalise(new_notebook(cells=[code(new_output("stream", name="stdout", text=t), tags=["nbval-ignore-output"])]))
        for t in ("took 1.7 s", new)
    )
    notebooks.keep_measurements(before, after)
    assert after.cells[0].outputs[0].text == ("took 1.7 s" if kept else new)
