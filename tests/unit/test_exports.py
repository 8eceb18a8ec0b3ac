"""What Jupyter's own exports make of a figure, an explorer and a question: each picture, and its words once."""

import shutil
import subprocess
import zipfile

import ipywidgets
import nbformat
import pytest
from nbconvert import exporters
from nbformat.v4 import new_code_cell, new_notebook, new_output
from traitlets.config import Config

from gdtools import plots
from gdtools.explorers import explore_descent
from gdtools.losses import bowl
from gdtools.quiz import choose
from gdtools.widgets import cells


@pytest.fixture(scope="module")
def notebook():
    """A notebook after its run, as it is saved, with its widgets."""
    outputs = []
    with pytest.MonkeyPatch.context() as patch:
        for module in (plots, cells):
            patch.setattr(module, "display", lambda data, raw: outputs.append(new_output("display_data", data)))
        plots.show(plots.contours(bowl(1, 4)), alt="Rings, that is all.")
        explore_descent(bowl(1, 4), (4, 2), [0.1, 0.2], steps=3)._ipython_display_()
        choose("Is 2 > 1?", right={"yes": "By one."}, wrong={"no": "Count again."})._ipython_display_()
    ipywidgets.Widget.close_all()
    notebook = new_notebook(cells=[new_code_cell("", outputs=outputs)])
    nbformat.validate(notebook)
    return notebook


def test_an_export_without_html_has_the_pictures_and_the_words_of_a_question_once(notebook):
    text, resources = exporters.LatexExporter().from_notebook_node(notebook)
    pictures = [name for name in resources["outputs"] if name.endswith(".png")]
    assert len(pictures) == 2
    assert all(text.count(name) == 1 for name in pictures)
    assert text.count("Is 2 > 1?") == 1


def test_html_and_markdown_have_the_picture_with_its_alt_text_once(notebook):
    for kind in ("HTMLExporter", "MarkdownExporter"):
        text, _ = getattr(exporters, kind)().from_notebook_node(notebook)
        assert text.count('alt="Rings, that is all."') == 1
        assert text.count('alt="Left, the rings of the loss') == 1


def test_sanitised_html_has_the_pictures_where_it_is_told_to_prefer_them(notebook):
    config = Config({"NbConvertBase": {"display_data_priority": ["image/png", "text/html", "text/plain"]}})
    text, _ = exporters.HTMLExporter(config=config, sanitize_html=True).from_notebook_node(notebook)
    assert text.count('src="data:image/png') == 2 and "&lt;img" not in text


needs_pandoc = pytest.mark.skipif(not shutil.which("pandoc"), reason="there is no pandoc")


@needs_pandoc
def test_word_has_the_pictures(notebook, tmp_path):
    nbformat.write(notebook, tmp_path / "one.ipynb")
    subprocess.run(["pandoc", "one.ipynb", "-o", "one.docx"], cwd=tmp_path, check=True)
    assert sum("/media/" in name for name in zipfile.ZipFile(tmp_path / "one.docx").namelist()) == 2


@needs_pandoc
def test_asciidoc_has_the_pictures(notebook):
    text, _ = exporters.ASCIIDocExporter().from_notebook_node(notebook)
    assert text.count("image:data:image/png") == 2
