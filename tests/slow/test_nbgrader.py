"""nbgrader releases, grades and returns a set as it is meant to: a class of six, in a folder of their own."""

import copy
import os
import re
import sys
import warnings
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config.loader import PyFileConfigLoader

ROOT = Path(__file__).parents[2]
CHECK = re.compile(r'check\("(\w+)"\)')
SET = "01_the_update_rule"
STUDENTS = {"ada": 12, "ben": 4, "cem": 0, "dan": 12, "eva": 12, "fay": 12}  # and what they have earned


def read(path):
    return nbformat.read(path, as_version=4)


@pytest.fixture(scope="module")
def peace_for_nbgrader():
    """It calls alembic by its bare name (which lies beside Python), and warns of how it uses its own database."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        warnings.simplefilter("ignore")
        yield


def copy_and_split(cells):
    """Each cell of a student's is there twice, and each check in two parts, with the metadata of one."""
    twice = []
    for cell in cells:
        twice += [cell, copy.deepcopy(cell)] if cell.cell_type == "code" else [cell]
        if CHECK.search(cell.source):
            twice[-2].source, twice[-1].source = "# a comment", cell.source
    return twice


def delete_the_checks(cells):
    return [cell for cell in cells if not CHECK.search(cell.source)]


def delete_and_write_anew(cells):
    """Two cells with answers are deleted, and written anew elsewhere; one check is gone, too."""
    gone = [cell for cell in cells if cell.metadata.get("nbgrader", {}).get("solution")][:2]
    anew = [nbformat.v4.new_code_cell(cell.source) for cell in gone]
    rest = [cell for cell in cells if cell not in gone and cell.source != 'check("gradient_step")']
    return rest[:2] + anew + rest[2:]


@pytest.fixture(scope="module")
def course(tmp_path_factory, peace_for_nbgrader):
    """A class that has handed in the first set: all right, half, and untouched; and what happens to cells."""
    course = tmp_path_factory.mktemp("course")
    config = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
    config.CourseDirectory.root = str(course)
    source = course / "solutions" / SET / "01_exercises.ipynb"
    source.parent.mkdir(parents=True)
    source.write_bytes((ROOT / "solutions" / SET / "01_exercises.ipynb").read_bytes())
    nbgrader = NbGraderAPI(config=config)
    released = nbgrader.generate_assignment(SET)
    assert released["success"], released["log"]
    released = course / "exercises" / SET / "01_exercises.ipynb"
    for student, finished in {"ada": 6, "ben": 3, "cem": 0, "dan": 6, "eva": 6, "fay": 6}.items():
        notebook = read(released)
        answers = iter(cell.source for cell in read(source).cells if "### BEGIN SOLUTION" in cell.source)
        for number, cell in enumerate(cell for cell in notebook.cells if cell.metadata.nbgrader.solution):
            answer = next(answers)
            cell.source = answer if number < finished else cell.source
        if student == "cem":
            checks = [cell for cell in notebook.cells if CHECK.search(cell.source)]
            checks[0].source = "pass  # is this how to get a point?"
        happens = {"dan": copy_and_split, "eva": delete_the_checks, "fay": delete_and_write_anew}
        notebook.cells = happens.get(student, list)(notebook.cells)
        handed_in = course / "submitted" / student / SET / released.name
        handed_in.parent.mkdir(parents=True)
        nbformat.write(notebook, handed_in)
        graded = nbgrader.autograde(SET, student)
        assert graded["success"], graded["log"]
        written = nbgrader.generate_feedback(SET, student)
        assert written["success"], written["log"]
    return course


def test_nbgrader_gives_what_was_earned(course):
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        scores = {student: gradebook.find_submission(SET, student) for student in STUDENTS}
        assert {student: of.score for student, of in scores.items()} == STUDENTS
        assert scores["ada"].max_score == 12
        assert not any(of.needs_manual_grade for of in scores.values())


def test_nbgrader_releases_what_lies_in_exercises(course):
    released = [cell.source for cell in read(course / "exercises" / SET / "01_exercises.ipynb").cells]
    assert released == [cell.source for cell in read(ROOT / "exercises" / SET / "01_exercises.ipynb").cells]


def test_nbgrader_restores_a_check_that_was_changed(course):
    graded = read(course / "autograded" / "cem" / SET / "01_exercises.ipynb")
    restored = next(cell for cell in graded.cells if cell.metadata.get("nbgrader", {}).get("grade"))
    assert restored.source == 'check("new_point")'
    assert "not started yet" in restored.outputs[0].evalue


def test_feedback_shows_the_hint_and_no_traceback(course):
    for student, shown in {"ada": "new_point: done", "ben": "numerical_gradient: not started yet"}.items():
        feedback = (course / "feedback" / student / SET / "01_exercises.html").read_text(encoding="utf-8")
        assert shown in feedback
        assert "Traceback (most recent call last)" not in feedback
