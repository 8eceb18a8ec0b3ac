"""What people hand in, what they get for it, and what they read about it."""

import copy

import nbformat
import pytest

from tools.hub import commit

from . import people

PLAUSIBLE = {
    "new_point": "new_point = [-1, 7.5]",
    "promise": "promise = [1, 1]",
    "gradient_step": "def gradient_step(theta, gradient, learning_rate):\n    return theta + learning_rate * gradient",
    "numerical_gradient": "def numerical_gradient(f, theta, h):\n    return f(theta + h) - f(theta - h)",
    "line_gradient": "def line_gradient(theta, X, y):\n    return X.T @ (X @ theta - y)",
    "bouncing_rate": "bouncing_rate = 0.1",
}
ENDLESS = "def gradient_step(theta, gradient, learning_rate):\n    while True:\n        pass"
BOTTOMLESS = "while True:\n    pass"


def copied(cells):
    """Each answer is there twice, as JupyterLab's copy and paste leaves it: with the metadata of the first."""
    return [each for cell in cells for each in ([cell, copy.deepcopy(cell)] if cell.cell_type == "code" else [cell])]


def endless_cell(cells):
    """A cell of one's own that never ends, before all checks: it is interrupted, and the next ones run."""
    return [cells[0], nbformat.v4.new_code_cell(BOTTOMLESS), *cells[1:]]


@pytest.mark.parametrize(
    ("answers", "change", "points"),
    [
        ("right", list, 12),
        ("half", list, 4),
        ("wrong", list, 0),
        ("right", copied, 12),
        ("one that loops", list, 10),
        ("right", endless_cell, 12),
    ],
    ids=["right", "half", "wrong", "a copied cell", "an endless loop in an answer", "an endless loop in a cell"],
)
def test_ben_gets_the_points_for_what_he_hands_in(ben, classroom, solution, answers, change, points):
    written = {
        "right": solution,
        "half": [*solution[:3], *["..."] * 3],
        "wrong": list(PLAUSIBLE.values()),
        "one that loops": [*solution[:2], ENDLESS, *solution[3:]],
    }[answers]
    people.answer(ben, written, change)
    people.submit(ben)
    assert classroom.grade(ben) == points


def test_ben_validates_before_he_hands_in(ben, solution):
    people.answer(ben, [PLAUSIBLE["new_point"], *solution[1:]])
    assert [failed["source"] for failed in people.validate(ben)] == ['check("new_point")']


def test_ben_reads_the_hint_in_his_feedback(ben, classroom):
    people.submit(ben)
    assert classroom.grade(ben) == 11
    classroom.return_feedback()
    newest = people.fetch_feedback(ben)[-1]
    assert "promise: done" in newest
    assert "Traceback (most recent call last)" not in newest


def test_ada_reads_hers_and_not_bens(hub, ada, classroom):
    (hers,) = people.fetch_feedback(ada)
    assert "new_point: done" in hers
    feedback = hub.exchange / "gradient_descent" / "feedback"
    assert people.run(ada, f"import os\nos.listdir('{feedback}')").startswith("[Errno 13] Permission denied")


def test_news_of_the_course_leave_alone_what_ben_has_written(hub, ben, solution):
    written = people.read(ben, people.EXERCISES)
    exercises = hub.folder / people.EXERCISES
    exercises.write_text(exercises.read_text().replace("A step by hand", "One step by hand"))
    hub.folder.joinpath(people.COURSE, "notebooks", "news.md").write_text("# News\n")
    commit(hub.folder / people.COURSE)
    people.pull(ben, hub.link)
    assert people.read(ben, people.EXERCISES) == written
    assert ben.home.joinpath(people.COURSE, "notebooks", "news.md").exists()
