"""What people's machines do to an installation: what make mends of it, and what notebook 00 says of the rest.

A small .venv without pip, whose packages are this Python's or have nothing but a version, stands for a real one.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from gdtools import installation

ROOT = Path(__file__).parents[2]
NOTEBOOK = json.loads((ROOT / "notebooks" / "00_start_here.ipynb").read_text(encoding="utf-8"))
[CHECK] = ["".join(cell["source"]) for cell in NOTEBOOK["cells"] if cell["id"] == "check"]
make_and_sh = pytest.mark.skipif(not shutil.which("make") or os.name == "nt", reason="there is no make")


def packages(course):
    """The folder site-packages of a course's .venv."""
    return Path(sysconfig.get_path("purelib", "venv", {"base": str(course / ".venv")}))


@pytest.fixture
def course(tmp_path):
    """A copy of what make needs, in a folder with a name of its own, and its .venv."""
    course = tmp_path / "my course"
    course.mkdir()
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, course)
    shutil.copytree(ROOT / "tools", course / "tools", ignore=shutil.ignore_patterns("__pycache__", "templates"))
    shutil.copytree(ROOT / "gdtools", course / "gdtools", ignore=shutil.ignore_patterns("__pycache__", "data"))
    (course / "notebooks").mkdir()
    venv.create(course / ".venv", symlinks=os.name != "nt")
    lines = [str(course), *(path for path in sys.path if path.endswith("-packages"))]
    (packages(course) / "course.pth").write_text("\n".join(lines), encoding="utf-8")
    for name in ("anywidget", "ipywidgets", "matplotlib", "numpy"):  # quick to import
        (packages(course) / f"{name}.py").write_text(f"__version__ = '{metadata.version(name)}'\n")
    for stamp in ("made", "lab"):
        (course / ".venv" / stamp).touch()
    return course


def start_here(folder, **environment):
    """What the first cell of notebook 00 prints in this folder, with the course's own Python."""
    python = next((folder.parent / ".venv").glob("[bS]*/python*"))
    kernel = "import random, sys; sys.path.insert(0, '')\n"  # a kernel has imported much before a cell runs
    command = [python, "-P", "-c", kernel + CHECK]
    environment = os.environ | {"PYTHONUTF8": "1"} | environment
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=True)
    return done.stdout


def plan(course, **environment):
    """What `make .venv/lab` is going to do."""
    command = ["make", "--dry-run", ".venv/lab"]
    done = subprocess.run(command, cwd=course, env=os.environ | environment, capture_output=True, text=True, check=True)
    return done.stdout


# --- make: which part of .venv is made anew


@make_and_sh
def test_a_sound_installation_is_left_alone(course):
    assert "up to date" in plan(course)


@make_and_sh
@pytest.mark.parametrize("name", ["two words", "Gradientenabstieg für Ünï", "a'b", 'a"b', "50% $HOME #1; `x` & (y)"])
def test_an_installation_in_a_folder_with_an_odd_name_is_left_alone(course, name):
    odd = course.rename(course.with_name(name))
    pth = packages(odd) / "course.pth"
    pth.write_text(pth.read_text(encoding="utf-8").replace(str(course), str(odd)), encoding="utf-8")
    assert "up to date" in plan(odd)
    assert start_here(odd / "notebooks") == "Everything is here. gdtools comes from this folder.\n"


@make_and_sh
def test_the_installation_of_a_folder_that_was_moved_is_made_anew(course):
    moved = course.rename(course.with_name("moved"))
    assert start_here(moved / "notebooks").startswith("No module named 'gdtools'")
    assert "-m venv .venv" in plan(moved)


@make_and_sh
def test_the_installation_of_a_folder_that_was_copied_is_made_anew(course):
    copy = course.with_name("copy")
    shutil.copytree(course, copy, symlinks=True)
    assert start_here(copy / "notebooks") == f"Everything is here. gdtools comes from {course}.\n"
    assert "-m venv .venv" in plan(copy)
    assert "up to date" in plan(course)


@make_and_sh
@pytest.mark.parametrize("loss", ["gone", "not to be run", "without its library"])
def test_an_installation_whose_python_is_gone_is_made_anew(course, loss):
    pythons = [*(course / ".venv" / "bin").glob("python*")]
    if loss == "without its library":  # what a new minor version under the same name looks like
        packages(course).parent.rename(packages(course).parent.with_name("python3.0"))
    for python in pythons if loss != "without its library" else []:
        python.unlink()
        if loss == "gone":
            python.symlink_to(course / "no such python")
        else:
            python.write_text("XSym\n")  # a link, as a memory stick or a zip file keeps it
    assert "-m venv .venv" in plan(course)


@make_and_sh
def test_a_package_of_another_version_is_installed_anew_and_the_rest_stays(course):
    told = packages(course) / "numpy-1.26.4.dist-info" / "METADATA"
    told.parent.mkdir()
    told.write_text("Metadata-Version: 2.1\nName: numpy\nVersion: 1.26.4\n")
    assert "pip install" in plan(course)
    assert "-m venv" not in plan(course)


@make_and_sh
def test_a_link_to_the_installation_of_another_folder_leaves_the_other_one_whole(course):
    linked = course.with_name("linked")
    shutil.copytree(course, linked, ignore=shutil.ignore_patterns(".venv"))
    (linked / ".venv").symlink_to(course / ".venv")
    assert "rm -rf .venv &&" in plan(linked)  # a `venv --clear` would empty the other folder's


@make_and_sh
@pytest.mark.parametrize("variable", ["PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "PYTHONSAFEPATH", "PYTHONINSPECT"])
def test_what_python_is_told_elsewhere_does_not_count(course, variable):
    assert "up to date" in plan(course, **{variable: "/tmp"})


@make_and_sh
def test_the_kernel_is_that_of_the_course_whatever_the_machine_says(course):
    told = dict.fromkeys(["PYTHONPATH", "PYTHONHOME", "JUPYTER_PATH", "PIP_TARGET", "PIP_USER"], "/elsewhere")
    probe = ["make", "--file=-", "probe"]
    done = subprocess.run(
        probe,
        cwd=course,
        env=os.environ | told,
        input="include Makefile\nprobe:\n\t@env\n",
        capture_output=True,
        text=True,
        check=True,
    )
    assert "/elsewhere" not in done.stdout
    assert "JUPYTER_PREFER_ENV_PATH=1" in done.stdout  # another user's .venv: else ~/.local/share/jupyter comes first


# --- make: folders at home


def homes(course, **environment):
    """What tools/at_home.sh says and sets, where the environment is this one and no other."""
    command = ["sh", "-c", ". tools/at_home.sh && env"]
    environment = {"PATH": os.environ["PATH"]} | environment
    done = subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


@make_and_sh
def test_a_home_that_can_be_written_to_is_used(course, tmp_path):
    (tmp_path / ".local" / "share" / "jupyter").mkdir(parents=True)
    assert ".venv" not in homes(course, HOME=str(tmp_path))


@make_and_sh
@pytest.mark.parametrize("kind", ["none", "missing", "closed", "closed inside", "told elsewhere"])
def test_where_home_is_closed_the_course_is_home(course, tmp_path, kind):
    closed = tmp_path / "closed"
    closed.touch()  # a file, as nothing is closed to root
    environment = {
        "none": {},
        "missing": {"HOME": str(tmp_path / "missing")},
        "closed": {"HOME": str(closed)},
        "closed inside": {"HOME": str(tmp_path)},
        "told elsewhere": {"HOME": str(tmp_path), "JUPYTER_DATA_DIR": str(closed)},
    }[kind]
    if kind == "closed inside":
        closed.rename(tmp_path / ".jupyter")
    said = homes(course, **environment)
    assert "can't be written to" in said
    for variable in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "MPLCONFIGDIR"):
        assert f"{variable}={course}/.venv/home/" in said


# --- notebook 00


def test_all_is_well(course):
    assert start_here(course / "notebooks") == "Everything is here. gdtools comes from this folder.\n"


def test_a_notebook_that_lies_alone_says_where_gdtools_comes_from(tmp_path, monkeypatch):
    """On a hub, and in the browser, where it is installed as any package."""
    monkeypatch.chdir(tmp_path)
    assert installation.report() == f"Everything is here. gdtools comes from {ROOT}."


def test_a_gdtools_that_differs_from_that_of_the_folder_is_told(course):
    copy = course.with_name("copy")
    shutil.copytree(course, copy, symlinks=True)
    with (copy / "gdtools" / "plots.py").open("a", encoding="utf-8") as file:
        file.write("# A newer one.\n")
    told = start_here(copy / "notebooks")
    assert told.startswith(f"gdtools comes from {course}, and differs from that of this folder.\n")
    assert "make lab" in told


@pytest.mark.parametrize("file", ["numpy.py", "random.py", "statistics.py", "matplotlib/__init__.py"])
def test_a_file_that_hides_a_package_is_named(course, file):
    path = course / "notebooks" / file
    path.parent.mkdir(exist_ok=True)
    path.touch()
    told = start_here(course / "notebooks")
    assert told.startswith(f"{Path(file)} hides the real {Path(file).parts[0].removesuffix('.py')}. Rename it.\n")
    assert "Restart Kernel" in told


@pytest.mark.parametrize("file", ["my_losses.py", "numpy.ipynb", "data/table.csv", "random/notes.txt"])
def test_other_files_hide_nothing(course, file):
    path = course / "notebooks" / file
    path.parent.mkdir(exist_ok=True)
    path.touch()
    assert start_here(course / "notebooks").startswith("Everything is here.")


def test_a_file_gdtools_is_suspected(course):
    (course / "notebooks" / "gdtools.py").touch()
    assert "gdtools.py beside this notebook? Rename it" in start_here(course / "notebooks")


def test_another_python_is_named(course):
    (packages(course) / "course.pth").unlink()
    told = start_here(course / "notebooks")
    assert told.startswith("No module named 'gdtools'") and str(course / ".venv") in told and "make lab" in told


def test_an_old_package_on_the_way_is_told(course, tmp_path):
    old = tmp_path / "old" / "numpy"
    old.mkdir(parents=True)
    (old / "__init__.py").write_text("__version__ = '1.26.4'\n")
    told = start_here(course / "notebooks", PYTHONPATH=str(old.parent))
    needed = next(need for need in installation.required() if need.name == "numpy")
    assert f"The course needs {needed}, and finds 1.26.4 in {old}.\n" in told


def test_a_package_that_is_broken_is_told(course, tmp_path):
    (tmp_path / "anywidget.py").write_text("import no_such_module\n")
    told = start_here(course / "notebooks", PYTHONPATH=str(tmp_path))
    assert told.startswith("anywidget is missing or broken: ModuleNotFoundError: No module named 'no_such_module'.\n")


def test_what_is_needed_is_what_pyproject_says():
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    assert installation.required() == [Requirement(line) for line in listed]


def test_a_kernel_without_jupyterlab_is_no_trouble(monkeypatch):
    """That of a hub whose JupyterLab runs in another Python, and the one in the browser."""
    monkeypatch.setattr(installation, "find_spec", lambda name: None)
    monkeypatch.chdir(ROOT / "notebooks")
    assert installation.report().startswith("Everything is here.")
    assert "jupyterlab" not in {need.name for need in installation.required()}
