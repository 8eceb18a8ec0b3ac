"""The exercises: derived from their solutions, leaking none, and graded by nbgrader as they are meant to be."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from gdtools.checks import EXERCISES
from tools.exercises import ROOT, exercises

SOLUTIONS = sorted(ROOT.glob("solutions/*/*.ipynb"))
assert SOLUTIONS, "without solutions, nothing would be tested"
CHECK = re.compile(r'check\("(\w+)"\)')
LEVELS = ("Warm-up", "Code it", "Think and experiment")
HEAD = re.compile(
    rf"\*({'|'.join(LEVELS)}), (\d+) minutes\. Belongs to (\[.+\]\(\.\./\.\./notebooks/\w+\.ipynb#cell-id=.+\))\.\*"
)
SECTION = re.compile(r"\[([^]]+)\]\(\.\./\.\./notebooks/(\w+\.ipynb)#cell-id=([^)]+)\)")


def read(path):
    return nbformat.read(path, as_version=4)


def cell_anchors(name):
    return {f"cell-id={cell.id}" for cell in read(ROOT / "notebooks" / name).cells}


def heading(name, cell_id):
    """That of the section which this cell belongs to."""
    headings = ""
    for cell in read(ROOT / "notebooks" / name).cells:
        headings += cell.source + "\n" if cell.cell_type == "markdown" else ""
        if cell.id == cell_id:
            return re.findall(r"^#+ (.+)$", headings, re.MULTILINE)[-1]


def exercise_of(path):
    return ROOT / "exercises" / path.relative_to(ROOT / "solutions")


def named(paths):
    return pytest.mark.parametrize("path", paths, ids=[path.stem for path in paths])


def test_the_exercises_are_made_of_the_solutions():
    wanted = exercises()
    assert set(ROOT.glob("exercises/*/*.ipynb")) == wanted.keys(), "run `make exercises`"
    for path, text in wanted.items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name} is out of date: run `make exercises`"


@named(SOLUTIONS)
def test_no_solution_leaks(path):
    exercise = exercise_of(path).read_text(encoding="utf-8")
    visible = "\n".join(cell.source for cell in nbformat.reads(exercise, as_version=4).cells)
    assert "SOLUTION" not in exercise and "solution-note" not in exercise and '"outputs": []' in exercise
    secrets = []
    for cell in read(path).cells:
        if "solution-note" in cell.metadata.get("tags", []):
            secrets += cell.source.splitlines()
        inside = re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", cell.source, flags=re.DOTALL)
        secrets += [line.strip() for part in inside for line in part.splitlines()]
    secrets = [secret for secret in secrets if len(secret) > 12]
    assert secrets
    assert [secret for secret in secrets if secret in visible] == []


def test_every_exercise_has_its_check_in_the_module_of_its_set():
    asked = {}
    for path in SOLUTIONS:
        for cell in read(path).cells:
            asked |= dict.fromkeys(CHECK.findall(cell.source), f"gdtools.checks.set_{path.parent.name}")
    assert asked == {name: exercise.generator.__module__ for name, exercise in EXERCISES.items()}


@named(SOLUTIONS)
def test_every_exercise_names_its_level_its_minutes_and_its_section(path):
    cells = read(path).cells
    heads = [HEAD.search(cell.source) for cell in cells if cell.source.startswith("## ")]
    checks = [cell for cell in cells if CHECK.search(cell.source)]
    notes = [cell for cell in cells if "solution-note" in cell.metadata.get("tags", [])]
    assert all(heads), [cell.source[:40] for cell in cells if cell.source.startswith("## ")]
    assert len(heads) == len(checks) == len(notes) >= 3
    assert {head[1] for head in heads} == set(LEVELS)
    sections = [section for head in heads for section in SECTION.findall(head[3])]
    assert [title for title, _, _ in sections] == [heading(name, cell_id) for _, name, cell_id in sections]
    together = int(re.search(r"Together about (\d+) minutes", cells[0].source)[1])
    assert together == pytest.approx(sum(int(head[2]) for head in heads), abs=5)
    links = re.findall(r"notebooks/(\w+\.ipynb)#([^)]+)\)", "".join(cell.source for cell in cells))
    assert [link for link in links if link[1] not in cell_anchors(link[0])] == []
    assert all("**Why.**" in note.source and "**What people get wrong.**" in note.source for note in notes)
    assert all(cell.metadata.nbgrader.points > 0 for cell in checks)


def test_an_untouched_exercise_is_not_started_yet():
    """All sets in one kernel: to start one takes longer than a set."""
    code = [cell.source for path in SOLUTIONS for cell in read(exercise_of(path)).cells if cell.cell_type == "code"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in code])
    NotebookClient(notebook, timeout=60, allow_errors=True, kernel_name="python3").execute()
    for cell in notebook.cells:
        errors = [output for output in cell.get("outputs", []) if output.output_type == "error"]
        names = CHECK.findall(cell.source)
        assert len(errors) == len(names), cell.source
        for name, error in zip(names, errors, strict=True):
            assert error.traceback == [
                f"✗ {name}: not started yet. Replace the dots above, run that cell, then this one."
            ]


def test_every_solution_is_a_set_of_a_notebook():
    assert [path.parent.name for path in SOLUTIONS] == [
        path.stem for path in sorted(Path(ROOT / "notebooks").glob("0[1-9]*.ipynb"))
    ]
