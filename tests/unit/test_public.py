"""What is published lies together: pages, slides and the edition for the browser."""

import pytest

from tools.notebooks import Fault
from tools.publish.faults import faults
from tools.publish.public import PARTS, assemble

RIGHT = ["slides/one.html#here", "slides/", "lite/lab/index.html?path=notebooks/one.ipynb"]
WRONG = ["slides/one.html#there", "slides/two.html", "lite/lab/index.html?path=notebooks/two.ipynb"]
LINKS = "".join(f'<a href="{link}"></a>' for link in [*RIGHT, *WRONG])


def write(folder, texts):
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def make_pages(folder):
    write(folder, {"index.html": LINKS})


def make_slides(folder):
    write(folder, {"index.html": "", "one.html": '<a id="here" href="../index.html"></a> <a href="../gone.html"></a>'})


def make_edition(folder):
    write(folder, {"lab/index.html": "", "files/notebooks/one.ipynb": ""})


def fail(folder):
    raise Fault("one.ipynb: cell 'a' failed")


def test_pages_are_at_the_root_and_the_others_in_their_folders(tmp_path):
    public = tmp_path / "public"
    assemble(public, dict(zip(PARTS, [make_pages, make_slides, make_edition], strict=True)))
    files = {path.relative_to(public).as_posix() for path in public.rglob("*") if path.is_file()}
    assert files >= {"index.html", ".nojekyll", "slides/one.html", "lite/lab/index.html"}
    assert list(faults(public)) == [f"index.html: the link {link} leads nowhere" for link in WRONG]
    assert list(faults(public / "slides")) == ["one.html: the link ../gone.html leads nowhere"]


def test_what_is_there_stays_where_one_part_fails(tmp_path):
    make_pages(tmp_path / "public")
    with pytest.raises(Fault, match="one.ipynb"):
        assemble(tmp_path / "public", {"": make_pages, "slides": fail})
    assert (tmp_path / "public" / "index.html").read_text() == LINKS
