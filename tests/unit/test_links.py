"""Where the course can be opened with nothing to install, and the command that says so in README and notebooks."""

import shutil
from pathlib import Path

import pytest

from tools.links import CELL, FIRST, addresses, binder, browser, line, main, puller, set_readme
from tools.notebooks import check, read

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
HUB, SITE = "https://hub.example.edu", "https://ada.github.io/course"


@pytest.fixture
def course(tmp_path):
    """The README and two of the notebooks, to be changed."""
    (tmp_path / "notebooks").mkdir()
    for path in [ROOT / "README.md", ROOT / "notebooks" / "alt_texts.toml", *NOTEBOOKS[:2]]:
        shutil.copyfile(path, tmp_path / path.relative_to(ROOT))
    return tmp_path


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}


def test_addresses_are_what_binder_and_nbgitpuller_expect():
    at_binder = f"https://mybinder.org/v2/gh/ada/course/spring%2Fterm?urlpath=lab/tree/{FIRST}"
    assert binder("ada/course", "spring/term", FIRST) == at_binder
    assert puller(HUB, "ada/course", "main", FIRST) == (
        f"{HUB}/hub/user-redirect/git-pull?repo=https%3A%2F%2Fgithub.com%2Fada%2Fcourse&branch=main"
        "&urlpath=lab%2Ftree%2Fcourse%2Fnotebooks%2F00_start_here.ipynb"
    )
    assert browser(SITE + "/", FIRST) == f"{SITE}/lite/lab/index.html?path={FIRST}"


def test_only_places_that_are_known_are_named():
    assert "[on Binder]" in line(FIRST, "ada/course") and "browser" not in line(FIRST, "ada/course")
    everywhere = line(FIRST, "ada/course", "main", SITE, HUB)
    assert everywhere.index("[in your browser]") < everywhere.index("[on Binder]") < everywhere.index("[on your hub]")


def test_a_hub_copies_the_students_repository():
    """The course's own has the solutions, in each clone of each branch."""
    assert puller(HUB, "ada/course-students", "main", FIRST) in line(FIRST, "ada/course", "spring", hub=HUB)
    assert puller(HUB, "ada/open", "main", FIRST) in line(FIRST, "ada/course", hub=HUB, students="ada/open")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_a_notebook_says_of_itself_opens_that_notebook(path):
    """Nothing is said before `make links`; in a fork, the line that it wrote has to stay true."""
    for words, address in addresses(read(path)):
        assert path.stem in address, f"{path.name}, {words}: run `make links` again."


def test_one_command_sets_the_line_everywhere_and_a_second_changes_nothing(course, capsys):
    main(["ada/course", "--root", str(course)])
    assert len(capsys.readouterr().out.splitlines()) == 3
    once = contents(course)
    assert f"## Start\n\n{line(FIRST, 'ada/course')}\n\n" in (course / "README.md").read_text(encoding="utf-8")
    for path in NOTEBOOKS[:2]:
        file = f"notebooks/{path.name}"
        assert addresses(read(course / file)) == [("on Binder", binder("ada/course", "main", file))]
    main(["ada/course", "--root", str(course)])
    assert capsys.readouterr().out == ""
    assert contents(course) == once


def test_another_repository_takes_the_place_of_the_first(course):
    main(["ada/course", "--root", str(course)])
    first = contents(course)
    main(["eve/other", "--site", SITE, "--hub", HUB, "--root", str(course)])
    main(["ada/course", "--root", str(course)])
    assert contents(course) == first


def test_nothing_but_the_line_changes(course):
    main(["ada/course", "--root", str(course)])
    for path in NOTEBOOKS[:2]:
        check(course / "notebooks" / path.name)
        before, after = read(path), read(course / "notebooks" / path.name)
        assert after.cells[1].id == CELL and after.cells[1].metadata["slideshow"]["slide_type"] == "skip"
        assert [cell for cell in after.cells if cell.id != CELL] == [cell for cell in before.cells if cell.id != CELL]
    readme = (course / "README.md").read_text(encoding="utf-8")
    assert set_readme(README, line(FIRST, "ada/course")) == readme
    assert set(README.splitlines()) >= {words for words in readme.splitlines() if "ada/course" not in words}


def test_a_readme_without_the_heading_is_refused():
    with pytest.raises(ValueError, match="no heading '## Start'"):
        set_readme("# One\n", line(FIRST, "ada/course"))


@pytest.mark.parametrize("name", ["site", "hub"])
def test_a_site_and_a_hub_are_addresses(course, capsys, name):
    with pytest.raises(SystemExit):
        main(["ada/course", f"--{name}", "uni.example", "--root", str(course)])
    assert f"such as https://{name}.example.edu" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", ["course", "https://github.com/ada/course", "ada/course/x"])
def test_a_repository_is_owner_and_name(course, capsys, wrong):
    with pytest.raises(SystemExit):
        main([wrong, "--root", str(course)])
    assert "owner/name" in capsys.readouterr().err
