"""The links that open the course on Binder or on a JupyterHub, and the command that sets the repository in them."""

import json
from pathlib import Path

import pytest

from tools.links import HUB, NOT_YET, UNSET, binder, find, launched, main, puller, set_title
from tools.notebooks import check

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TEXTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FIRST = "notebooks/00_start_here.ipynb"


def links(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
    return find(text)


@pytest.fixture
def course(tmp_path):
    """A course with two notebooks: the first of the real ones, without and with its line."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "docs").mkdir()
    text = NOTEBOOKS[0].read_text(encoding="utf-8")
    for name in ("00_start_here", "01_other"):
        (tmp_path / "notebooks" / f"{name}.ipynb").write_bytes(text.encode())
    readme = f"Öffne [es]({binder(UNSET, 'main', FIRST)}).{NOT_YET} [Site](https://example.org)\r\n"
    (tmp_path / "README.md").write_bytes(readme.encode())
    (tmp_path / "docs" / "teaching.md").write_text(f"<{puller(HUB, UNSET, 'main', FIRST)}>\n")
    return tmp_path


def test_each_link_opens_a_file_that_exists():
    opened = [launched(link)[2] for path in [*TEXTS, *NOTEBOOKS] for link in links(path)]
    assert opened, "There are no launch links. Run `make links`."
    missing = [file for file in opened if not (ROOT / file).is_file()]
    assert not missing, f"Launch links open files that don't exist: {missing}"


def test_all_links_are_to_one_repository():
    repositories = {launched(link)[:2] for path in [*TEXTS, *NOTEBOOKS] for link in links(path)}
    assert len(repositories) <= 1, f"Run `make links` with one of {sorted(repositories)}."


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_notebook_links_to_itself(path):
    opened = [launched(link)[2] for link in links(path)]
    assert opened == [f"notebooks/{path.name}"], f"Run `make links` to write the link into {path.name}."


def test_the_readme_opens_the_first_notebook():
    assert FIRST in [launched(link)[2] for link in links(TEXTS[0])]


def test_a_link_that_waits_says_so():
    for path in [*TEXTS, *NOTEBOOKS]:
        waits = any(launched(link)[0] == UNSET for link in links(path))
        assert waits == (NOT_YET in path.read_text(encoding="utf-8")), path.name


def test_links_are_what_binder_and_nbgitpuller_expect():
    at_binder = binder("ada/course", "spring/term", FIRST)
    assert at_binder == f"https://mybinder.org/v2/gh/ada/course/spring%2Fterm?urlpath=lab/tree/{FIRST}"
    at_hub = puller("https://hub.example.edu", "ada/course", "main", FIRST)
    assert at_hub == (
        "https://hub.example.edu/hub/user-redirect/git-pull?repo=https%3A%2F%2Fgithub.com%2Fada%2Fcourse&branch=main"
        "&urlpath=lab%2Ftree%2Fcourse%2Fnotebooks%2F00_start_here.ipynb"
    )
    assert launched(at_binder) == ("ada/course", "spring/term", FIRST)
    assert launched(at_hub) == ("ada/course", "main", FIRST)


def test_a_link_that_opens_no_file_is_refused():
    with pytest.raises(ValueError, match="doesn't open a file in lab/tree/"):
        launched("https://mybinder.org/v2/gh/ada/course/main?urlpath=notebooks/a.ipynb")


def test_one_command_sets_the_repository_everywhere_and_a_second_changes_nothing(course, capsys):
    main(["ada/course", "--branch", "spring", "--root", str(course)])
    assert len(capsys.readouterr().out.splitlines()) == 4
    once = {path: path.read_bytes() for path in course.rglob("*.*") if path.is_file()}
    main(["ada/course", "--branch", "spring", "--root", str(course)])
    assert capsys.readouterr().out == ""
    assert once == {path: path.read_bytes() for path in once}
    for path in once:
        assert [launched(link)[:2] for link in links(path)] == [("ada/course", "spring")], path.name
        assert NOT_YET not in path.read_text(encoding="utf-8")


def test_nothing_but_the_links_changes(course):
    main(["ada/course", "--root", str(course)])
    readme = f"Öffne [es]({binder('ada/course', 'main', FIRST)}). [Site](https://example.org)\r\n"
    assert (course / "README.md").read_bytes() == readme.encode()
    for path in (course / "notebooks").iterdir():
        check(path)
        before, after = (file.read_text(encoding="utf-8").splitlines() for file in (NOTEBOOKS[0], path))
        added = [line for line in after if line not in before]
        assert len(added) <= 2 and added[-1].strip().startswith('"**Open it** [on Binder]')
        ours = [cell for cell in json.loads("\n".join(after))["cells"] if cell["id"] != "title"]
        assert ours == [cell for cell in json.loads("\n".join(before))["cells"] if cell["id"] != "title"]


@pytest.mark.parametrize("hub", ["https://jupyter.uni.example", "https://uni.example/jupyter/", "http://hub.example"])
def test_the_hub_can_be_set_and_stays(course, hub):
    main(["ada/course", "--hub", hub, "--root", str(course)])
    main(["eve/other", "--root", str(course)])
    assert (course / "docs" / "teaching.md").read_text() == f"<{puller(hub, 'eve/other', 'main', FIRST)}>\n"


def test_a_hub_is_an_address(course, capsys):
    with pytest.raises(SystemExit):
        main(["ada/course", "--hub", "jupyter.uni.example", "--root", str(course)])
    assert "such as https://hub.example.edu" in capsys.readouterr().err


def test_a_repository_is_owner_and_name(course, capsys):
    for wrong in ("course", "https://github.com/ada/course", "ada/course/x"):
        with pytest.raises(SystemExit):
            main([wrong, "--root", str(course)])
        assert "owner/name" in capsys.readouterr().err


def test_a_title_stored_in_another_form_is_refused():
    with pytest.raises(ValueError, match="isn't stored as `make notebooks` stores it"):
        set_title('{"cells": [{"id": "title", "source": "# One"}]}', FIRST, "ada/course", "main")
