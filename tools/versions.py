"""`make unit slow nbval` on each Python of this machine with the newest packages, and with the oldest that are allowed.

python3 -m tools.versions          everything
python3 -m tools.versions 3.13     one of them: 3.11, 3.12, 3.13, 3.14, oldest
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
UV = os.environ.get("UV", "uv")
PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
VERSIONS = {  # what `ARGS` may name: a Python, and which packages uv takes
    "oldest": (PYTHONS[0], "lowest-direct"),
    **{python: (python, "highest") for python in PYTHONS},
}


def test(name):
    """Whether all tests are green with this version; None if its Python is missing."""
    python, resolution = VERSIONS[name]
    folder = ROOT / "build" / "versions" / name
    if subprocess.run(
        [UV, "venv", "--quiet", "--clear", "--no-python-downloads", "--python", python, folder]
    ).returncode:
        return None
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    install = [UV, "pip", "install", "--quiet", "--python", python, "--resolution", resolution]
    subprocess.run([*install, "--editable", ".", "--group", "test"], cwd=ROOT, check=True)
    tests = ["make", "--keep-going", "--old-file=.venv/test", "unit", "slow", "nbval", "ARGS=", f"python={python}"]
    return subprocess.run(tests, cwd=ROOT).returncode == 0


def main(names):
    """Test these versions, all of them without a name, and say how it went: 1 if a test was red."""
    if unknown := set(names) - set(VERSIONS):
        sys.exit(f"Choose among {', '.join(VERSIONS)}: there is no {', '.join(sorted(unknown))}.")
    verdicts = {name: test(name) for name in names or VERSIONS}
    for name, green in verdicts.items():
        print(f"{name:>6}: {'its Python is not installed' if green is None else 'green' if green else 'red'}")
    return int(False in verdicts.values())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
