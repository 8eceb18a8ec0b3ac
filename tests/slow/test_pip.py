"""Whatever pip is told on this machine, make installs into .venv."""

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(not shutil.which("make") or os.name == "nt", reason="there is no make")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A folder with make's rules, a .venv with pip in it, and a wheel that holds one empty module, `tiny`."""
    course = tmp_path_factory.mktemp("a course")
    shutil.copy(ROOT / "Makefile", course)
    venv.create(course / ".venv", symlinks=True, with_pip=True)
    about = {"METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1\n"}
    about["WHEEL"] = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    about["RECORD"] = "tiny.py,,\ntiny-1.dist-info/METADATA,,\ntiny-1.dist-info/WHEEL,,\ntiny-1.dist-info/RECORD,,\n"
    with zipfile.ZipFile(course / "tiny-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny.py", "")
        for name, text in about.items():
            wheel.writestr(f"tiny-1.dist-info/{name}", text)
    return course


@pytest.mark.parametrize(
    "told", ["user = true", "target = /nowhere", "prefix = /nowhere", "root = /nowhere", "dry-run = 1"]
)
@pytest.mark.parametrize("where", ["file", "environment"])
def test_packages_go_into_the_venv_whatever_pip_is_told(course, tmp_path, told, where):
    key, value = told.replace("/nowhere", str(tmp_path / "nowhere")).split(" = ")
    environment = {name: text for name, text in os.environ.items() if not name.startswith("PIP_")}
    if where == "file":
        (tmp_path / "pip.conf").write_text(f"[install]\n{key} = {value}\n")
        environment["PIP_CONFIG_FILE"] = str(tmp_path / "pip.conf")
    else:
        environment["PIP_" + key.upper().replace("-", "_")] = value
    recipe = "include Makefile\ntiny:\n\t@$(install) --no-index --force-reinstall ./tiny-1-py3-none-any.whl\n"
    installed = course / ".venv" / "lib" / f"python3.{sys.version_info.minor}" / "site-packages" / "tiny.py"
    installed.unlink(missing_ok=True)
    subprocess.run(["make", "--file=-", "tiny"], cwd=course, env=environment, input=recipe, text=True, check=True)
    assert installed.is_file()
    assert not (tmp_path / "nowhere").exists()
