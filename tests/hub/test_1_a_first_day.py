"""Log in, get the course, run a cell, do an exercise, hand it in, have it graded: what `make test` tries, too."""

from . import people


def test_only_who_is_in_the_course_and_knows_the_password_gets_in(hub, ada):
    assert not ada.log_in(password="a guess")
    assert not hub.people["eve"].log_in()


def test_ada_logs_in_and_gets_the_course_by_its_link(hub, ada):
    assert ada.log_in()
    ada.start()
    people.pull(ada, hub.link)
    assert (ada.home / people.EXERCISES).exists()


def test_ada_runs_a_cell_that_uses_the_course(ada):
    assert people.run(ada, "from gdtools.losses import bowl\nprint(bowl(1, 1).value([3, 4]))") == "25.0\n"


def test_ina_releases_the_first_set(hub, classroom):
    classroom.release()
    assert (hub.exchange / "gradient_descent" / "outbound" / people.SET / "01_exercises.ipynb").exists()


def test_ada_fetches_the_set_anew_and_hands_in_right_answers(ada, classroom, solution):
    people.rename(ada, people.EXERCISES.rpartition("/")[0], f"{people.COURSE}/exercises/spoiled")
    people.fetch(ada)
    people.answer(ada, solution)
    people.submit(ada)
    assert classroom.grade(ada) == 12
