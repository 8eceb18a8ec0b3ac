"""nbgrader's exchange as deploy/values.yaml arranges it: all are called jovyan, and each has a number of one's own.

There is no cluster here, and no hub: only what an account in such a container is, on one machine.
"""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import nbformat
import pytest

from tools import hub as machine

from .people import SET

APPENDIX = (machine.ROOT / "deploy" / "image" / "appendix").read_text(encoding="utf-8")
INA, ADA, BEN = (("ina", 10001), ("ada", 10002), ("ben", 10003))


class Pods:
    """Runs commands as an account in its container would: with its number, its home, and the image's list of names."""

    def __init__(self, folder):
        self.folder, self.exchange, self.passwd = folder, folder / "exchange", folder / "passwd"
        folder.chmod(0o755)
        self.exchange.mkdir()
        self.exchange.chmod(0o1777)
        names = machine.run("bash", "-c", re.search(r"^RUN (.*) >> /etc/passwd$", APPENDIX, re.MULTILINE)[1])
        self.passwd.write_text(Path("/etc/passwd").read_text() + names)
        shutil.copytree(machine.ROOT / "deploy", folder / "deploy")
        for name, number in (INA, ADA, BEN):
            (folder / name).mkdir(mode=0o700)
            shutil.chown(folder / name, number, 100)

    def run(self, who, *command):
        name, number = who
        role = "instructor" if who is INA else "student"
        environment = {
            "HOME": self.folder / name,
            "PATH": f"{machine.environment() / 'bin'}:/usr/bin:/bin",
            "JUPYTERHUB_USER": name,
            "JUPYTER_CONFIG_PATH": self.folder / "deploy" / f"nbgrader_{role}",
            "JUPYTER_RUNTIME_DIR": self.folder / f"run-{number}",
            "NBGRADER_EXCHANGE": self.exchange,
        }
        (self.folder / f"run-{number}").mkdir(exist_ok=True)
        shutil.chown(self.folder / f"run-{number}", number, 100)
        settings = [f"{key}={value}" for key, value in environment.items()]
        as_one = ["setpriv", f"--reuid={number}", "--regid=100", "--clear-groups", "env", "--ignore-environment"]
        own_names = ["unshare", "--mount", "sh", "-c", f'mount --bind {self.passwd} /etc/passwd && exec "$@"', "-"]
        return subprocess.run(
            [*own_names, *as_one, *settings, *command], cwd=self.folder / name, capture_output=True, text=True
        )

    def nbgrader(self, who, action, *more):
        done = self.run(who, "nbgrader", action, SET, *more)
        assert done.returncode == 0, done.stderr
        return done.stderr


@pytest.fixture(scope="module")
def pods():
    if why := machine.impossible() or machine.missing():
        pytest.skip(why)
    folder = Path(tempfile.mkdtemp(prefix="pods", dir="/tmp"))
    try:
        pods = Pods(folder)
        course = folder / "ina" / "course"
        course.mkdir()
        shutil.copytree(machine.ROOT / "solutions" / SET, course / "solutions" / SET)
        shutil.copy(machine.ROOT / "nbgrader_config.py", course)
        machine.run("chown", "--recursive", f"{INA[1]}:100", course)
        yield pods
    finally:
        shutil.rmtree(folder)


def test_a_set_is_released_fetched_and_handed_in(pods, solution):
    pods.nbgrader(INA, "generate_assignment")
    pods.nbgrader(INA, "release_assignment")
    for who, answers in ((ADA, iter(solution)), (BEN, iter(()))):
        pods.nbgrader(who, "fetch_assignment")
        path = pods.folder / who[0] / SET / "01_exercises.ipynb"
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("solution"):
                cell.source = next(answers, cell.source)
        nbformat.write(notebook, path)
        pods.nbgrader(who, "submit")
    handed_in = {
        path.name.split("+")[0]: path.stat().st_uid for path in (pods.exchange / "gradient_descent").glob("inbound/*")
    }
    assert handed_in == dict((ADA, BEN))


def test_ben_finds_nothing_of_adas(pods):
    for path in (pods.folder / "ada", pods.folder / "ina" / "course", pods.exchange / "gradient_descent" / "inbound"):
        assert "Permission denied" in pods.run(BEN, "ls", path).stderr
    opened = pods.run(BEN, "chmod", "o+r", pods.exchange / "gradient_descent" / "inbound")
    assert "not permitted" in opened.stderr


def test_each_gets_points_and_feedback_of_ones_own(pods):
    assert "cheating" not in pods.nbgrader(INA, "collect")
    pods.nbgrader(INA, "autograde")
    pods.nbgrader(INA, "generate_feedback")
    pods.nbgrader(INA, "release_feedback")
    pods.run(INA, "nbgrader", "export", "--to=grades.csv")
    rows = [line.split(",") for line in (pods.folder / "ina" / "grades.csv").read_text().splitlines()]
    columns = [rows[0].index(name) for name in ("student_id", "score")]
    assert {tuple(row[column] for column in columns) for row in rows[1:]} == {("ada", "12.0"), ("ben", "0.0")}
    pods.nbgrader(ADA, "fetch_feedback")
    (page,) = (pods.folder / "ada").rglob("feedback/*/01_exercises.html")
    assert "new_point: done" in page.read_text(encoding="utf-8")
