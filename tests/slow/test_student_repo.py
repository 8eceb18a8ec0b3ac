"""What students may have: it runs, it is published on a branch, and an update takes nothing from a student."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from gdtools.checks import EXERCISES
from gdtools.quiz.exam import KINDS
from tools.binder import check_environment
from tools.notebooks import execute, normalise, read
from tools.student_repo import SOURCES, Refused, asks, commit, main, student_repo, write

ROOT = Path(__file__).parents[2]


def test_the_copy_checks_answers_and_asks_calculations(tmp_path):
    write(tmp_path / "copy")
    code = (
        "import gdtools; from gdtools.checks import EXERCISES, check; from gdtools.quiz.exam import KINDS\n"
        "check('new_point', {'new_point': [-1, 2.5]}); print(len(EXERCISES), len(KINDS), gdtools.__file__)"
    )
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, cwd=tmp_path / "copy", capture_output=True, text=True, check=True)
    assert "✓ new_point: done" in ran.stdout
    assert ran.stdout.splitlines()[-1].startswith(f"{len(EXERCISES)} {len(KINDS)} {tmp_path}")


def test_the_copy_asks_what_the_course_asks(tmp_path):
    write(tmp_path / "copy")
    path = tmp_path / "copy" / "notebooks" / "01_the_update_rule.ipynb"
    ours, theirs = read(ROOT / "notebooks" / path.name), read(path)
    execute(theirs, str(path.parent), PYTHONPATH=str(tmp_path / "copy"))
    asked = [cell.id for cell in ours.cells if asks(cell)]
    assert len(asked) >= 4
    shown, stored = (
        {cell.id: cell.outputs for cell in notebook.cells if cell.id in asked} for notebook in (normalise(theirs), ours)
    )
    assert shown == stored


def test_binder_builds_the_copy_as_it_builds_the_course(tmp_path):
    write(tmp_path / "copy")
    assert check_environment(tmp_path / "copy" / "environment.yml") == check_environment(ROOT / "environment.yml")


@pytest.mark.skipif(os.name == "nt", reason="a process and all it started can't be ended at once")
def test_make_lab_in_an_empty_folder(tmp_path):
    """A student's first minute: it installs the course, which takes one, and JupyterLab answers."""
    write(tmp_path / "copy")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "JUPYTER", "MAKE"))}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f"--no-browser --ServerApp.port={port} --IdentityProvider.token=t"
    command = ["make", "lab", f"ARGS={options}"]
    with subprocess.Popen(command, cwd=tmp_path / "copy", env=clean, start_new_session=True) as lab:
        try:
            while lab.poll() is None:
                with contextlib.suppress(URLError):
                    listed = urlopen(f"http://127.0.0.1:{port}/api/contents/exercises?token=t", timeout=60).read()
                    break
                time.sleep(1)
            assert lab.returncode is None, "make lab has ended"
        finally:
            os.killpg(lab.pid, signal.SIGKILL)
    assert "01_the_update_rule" in listed.decode()


def git(folder, *arguments):
    who = ["-c", "user.name=author", "-c", "user.email=author@localhost"]
    return subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A repository of the course with what goes into the copy, and the branch `student`."""
    if not shutil.which("git"):
        pytest.skip("there is no git")
    folder = tmp_path_factory.mktemp("author")
    leave_out = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=leave_out)
        else:
            (folder / name).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "config", "user.name", "author")
    git(folder, "config", "user.email", "author@localhost")
    publish(folder, "The course")
    return folder


def publish(folder, message):
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)
    return commit("student", folder)


@pytest.fixture
def author(made, tmp_path):
    shutil.copytree(made, tmp_path / "author")
    return tmp_path / "author"


@pytest.fixture
def student(author):
    """A clone of the branch, as on a student's machine."""
    git(author, "clone", "--quiet", "--branch=student", author.as_uri(), author.parent / "course")
    return author.parent / "course"


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def update(folder):
    return subprocess.run([sys.executable, "update.py"], cwd=folder, capture_output=True, text=True)


def test_the_branch_has_a_history_and_the_author_stays_on_main(author):
    assert git(author, "branch", "--show-current").strip() == "main"
    assert git(author, "ls-tree", "-r", "--name-only", "student").split() == sorted(student_repo(author))
    assert commit("student", author) is None
    change(author / "exercises/01_the_update_rule/01_exercises.ipynb", "Warm-up", "Start")
    publish(author, "A word")
    assert len(git(author, "log", "--format=%s", "student").splitlines()) == 2
    assert git(author, "status", "--porcelain") == ""
    assert "100755" in git(author, "ls-tree", "student", "start")


def test_what_is_not_committed_reaches_nobody(author, capsys):
    change(author / "LICENSE", "BSD", "bsd")
    (author / "notebooks" / "11_unfinished.ipynb").write_text("{}")
    for arguments in (["--branch", "student"], ["--out", str(author.parent / "out")]):
        with pytest.raises(SystemExit, match=r"Commit these first[^$]*LICENSE[^$]*11_unfinished"):
            main(arguments, author)
    assert not (author.parent / "out").exists()


def test_a_branch_of_something_else_is_left_alone(author):
    before = git(author, "rev-parse", "main")
    with pytest.raises(Refused, match="holds something else"):
        commit("main", author)
    git(author, "checkout", "--quiet", "student")
    assert git(author, "rev-parse", "main") == before


def test_an_update_keeps_what_a_student_wrote(author, student):
    written = "exercises/01_the_update_rule/01_exercises.ipynb"
    untouched, renamed = "notebooks/02_the_learning_rate.ipynb", "notebooks/07_momentum.ipynb"
    change(student / written, "...  # replace these dots", "theta - 0.1 * gradient")
    mine = (student / written).read_bytes()
    (student / "notebooks" / "11_new.ipynb").write_text("my own notebook, of a name that the course takes later")
    (student / "notes.txt").write_text("mine")
    (student / renamed).rename(student / "mine.ipynb")
    for name in (untouched, written, renamed):
        change(author / name, '"cells": [', '"cells":  [')
    (author / "notebooks" / "11_new.ipynb").write_bytes((author / untouched).read_bytes())
    publish(author, "News")
    assert subprocess.run(["git", "pull"], cwd=student, capture_output=True).returncode, "a plain pull refuses"

    done = update(student)
    assert done.returncode == 0, done.stderr
    assert (student / written).read_bytes() == mine
    assert f"{written}: yours is kept" in done.stdout
    assert "notebooks/11_new.ipynb: yours is now 11_new_mine.ipynb" in done.stdout
    assert (student / "notebooks" / "11_new_mine.ipynb").read_text().startswith("my own")
    assert (student / "notes.txt").read_text() == "mine"
    assert (student / "mine.ipynb").exists()
    for name in (untouched, renamed, "notebooks/11_new.ipynb"):
        assert (student / name).read_bytes() == git(author, "show", f"student:{name}").encode(), name

    (student / written).rename(student / "exercises" / "mine.ipynb")
    assert "yours is kept" not in update(student).stdout
    assert (student / written).read_bytes() == git(author, "show", f"student:{written}").encode()
    assert (student / "exercises" / "mine.ipynb").read_bytes() == mine
    assert update(student).stdout == "You have the newest course.\n"


def test_an_update_of_a_download_says_what_to_do(tmp_path):
    write(tmp_path / "copy")
    done = update(tmp_path / "copy")
    assert done.returncode and "downloaded, not cloned" in done.stderr
