"""Words for what students and an instructor do at a hub, each by what JupyterLab's buttons ask of the server."""

import nbformat

from benchmarks.student import Student
from tools.hub import ROOT

COURSE = "gradient-descent"
SET = "01_the_update_rule"
EXERCISES = f"{COURSE}/exercises/{SET}/01_exercises.ipynb"
OF_THE_COURSE = {"course_id": "gradient_descent", "assignment_id": SET}


def run(person, code, name="scratch.ipynb"):
    """What a cell with this code shows, in a notebook of its own that is saved first."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    write(person, name, notebook)
    student = Student(person.url, name)
    student.run()
    student.leave()
    return "".join(output.get("text", output.get("evalue", "")) for output in student.cells[0].outputs)


def read(person, path):
    answer = person.ask("GET", f"api/contents/{path}")
    answer.raise_for_status()
    content = answer.json()["content"]
    return nbformat.from_dict(content) if path.endswith(".ipynb") else content


def write(person, path, notebook):
    person.ask("PUT", f"api/contents/{path}", json={"type": "notebook", "content": notebook}).raise_for_status()


def rename(person, path, to):
    person.ask("PATCH", f"api/contents/{path}", json={"path": to}).raise_for_status()


def pull(person, link):
    """What nbgitpuller's page does, and says."""
    said = person.ask("GET", "git-pull/api", params=link | {"targetpath": COURSE}).text
    assert '"finished"' in said, said
    return said


def fetch(person):
    """Get a released set that isn't there, or isn't any more."""
    return _assignments(person, "fetch")


def answer(person, answers, change=list):
    """Write answers into the cells of the first set as it was released, and save."""
    released = ROOT / "exercises" / SET / "01_exercises.ipynb"
    notebook, answers = nbformat.read(released, as_version=4), iter(answers)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = next(answers)
    notebook.cells = change(notebook.cells)
    write(person, EXERCISES, notebook)


def validate(person):
    """What the button Validate says: the checks that fail."""
    done = person.ask("POST", "assignments/validate", json={"path": EXERCISES}).json()
    assert done["success"], done["value"]
    return done["value"].get("failed", [])


def submit(person):
    return _assignments(person, "submit")


def fetch_feedback(person):
    """The pages of feedback on the first set that one gets, the newest last."""
    listed = _assignments(person, "fetch_feedback")
    (of,) = [each for each in listed if each["assignment_id"] == SET and each["status"] == "submitted"]
    folders = [each["local_feedback_path"] for each in of["submissions"] if each["has_local_feedback"]]
    return [read(person, f"{folder}/01_exercises.html") for folder in folders]


def _assignments(person, action):
    done = person.ask("POST", f"assignments/{action}", json=OF_THE_COURSE).json()
    assert done["success"], done["value"]
    return done["value"]


class Class:
    """What the instructor does, by the buttons of Formgrader."""

    def __init__(self, instructor):
        self.instructor = instructor

    def release(self):
        self._press(f"assignment/{SET}/assign")
        self._press(f"assignment/{SET}/release")

    def grade(self, student):
        """Collect what was handed in, autograde this student's; the points."""
        self._press(f"assignment/{SET}/collect")
        self._press(f"submission/{SET}/{student.name}/autograde")
        return self._ask("GET", f"submission/{SET}/{student.name}").json()["score"]

    def return_feedback(self):
        self._press(f"assignment/{SET}/generate_feedback")
        self._press(f"assignment/{SET}/release_feedback")

    def _press(self, path):
        done = self._ask("POST", path).json()
        assert done["success"], done["log"] or done["error"]

    def _ask(self, method, path):
        return self.instructor.ask(method, f"formgrader/api/{path}")
