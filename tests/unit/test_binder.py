"""What Binder makes of environment.yml. It is asked here what it would do; the image itself is built on its servers."""

import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest

from tools.binder import check_environment, dockerfile

ROOT = Path(__file__).parents[2]


@pytest.fixture
def changed(tmp_path):
    """environment.yml in a folder of its own, with one text replaced."""

    def change(old, new):
        text = (ROOT / "environment.yml").read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / "environment.yml"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path

    return change


def test_binder_installs_environment_yml_with_conda():
    steps = check_environment(ROOT / "environment.yml")
    assert 'env update -p ${NB_PYTHON_PREFIX} --file "environment.yml"' in steps
    names = unquote(steps.replace("-", "%"))  # repo2docker writes a dot as -2e
    assert "environment.py-3.12-linux-64.lock" in names


def test_binder_computes_with_one_thread(tmp_path):
    shutil.copy(ROOT / "environment.yml", tmp_path)
    assert "R2D_ENTRYPOINT" not in dockerfile(tmp_path)
    shutil.copy(ROOT / "start", tmp_path)
    assert 'ENV R2D_ENTRYPOINT="${REPO_DIR}/start"' in dockerfile(tmp_path)


def test_what_binder_starts_has_one_thread_and_its_arguments():
    if not shutil.which("bash"):
        pytest.skip("there is no bash")
    command = ["bash", ROOT / "start", "bash", "-c", 'echo "$OPENBLAS_NUM_THREADS $1"', "-", "two words"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "1 two words\n"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("python=3.12", "python>=3.11", "needs python=3.12"),
        ("python=3.12", "python", "needs python=3.12"),
        ("  - python=3.12  # Binder understands only an exact minor version\n", "", "needs python=3.12"),
        ("  - numpy>=2.2,<3\n", "", r"differ in numpy <3,>=2.2"),
        ("numpy>=2.2,<3", "numpy>=1.26,<3", "differ in numpy <3,>=1.26, numpy <3,>=2.2"),
        ("matplotlib-base", "matplotlib", "differ in matplotlib <4,>=3.10.7, matplotlib-base <4,>=3.10.7"),
        ("  - pip\n", "  - pip\n  - pandas\n", "differ in pandas"),
        ("numpy>=2.2,<3", "numpy>=2.2,<", "'numpy>=2.2,<', which is no requirement"),
        ("numpy>=2.2,<3", "numpy 2.2", "'numpy 2.2', which is no requirement"),
        ("-e .", "--no-deps -e .", "end with the checkout"),
        ("      - -e .\n", "", "end with the checkout"),
        ("dependencies:", "dependencies: {", "no list of packages"),
        ("dependencies:\n", "packages:\n", "no list of packages"),
    ],
)
def test_a_broken_environment_is_refused(changed, old, new, complaint):
    with pytest.raises(ValueError, match=complaint):
        check_environment(changed(old, new))


@pytest.mark.parametrize("python", ["python>=3.12", "python 3.12.*"])
def test_binder_itself_falls_back_to_an_old_python(changed, python):
    """The trap that the first check is for."""
    path = changed("python=3.12 ", f"{python} ")
    with pytest.raises(ValueError, match=r"Binder would build this with Python 3\.10, not 3\.12"):
        dockerfile(path.parent)


def test_another_kind_of_project_is_noticed(tmp_path):
    (tmp_path / "requirements.txt").write_text("numpy\n")
    with pytest.raises(ValueError, match="PythonBuildPack, not with conda"):
        dockerfile(tmp_path)
