"""What it takes to check each notebook: python -m benchmarks.notebooks"""

import subprocess
import sys
from pathlib import Path
from time import perf_counter

import psutil

from benchmarks.measure import table
from benchmarks.memory import peak, watching

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
NBVAL = [sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=120", "-q"]


def notebook_row(path):
    """Seconds of `make nbval` for one notebook, and the most memory that its kernel had."""
    start, peaks = perf_counter(), [0]
    run = subprocess.Popen([*NBVAL, path], cwd=NOTEBOOKS.parent, stdout=subprocess.DEVNULL)
    me = psutil.Process(run.pid)
    with watching(lambda: peaks.extend(map(peak, me.children())), every=0.05):
        failed = run.wait()
    verdict = ", and fails" if failed else ""
    return f"| {path.name} | {perf_counter() - start:.0f}{verdict} | {max(peaks):.0f} |"


if __name__ == "__main__":
    table("| notebook | seconds | MB of the kernel, at most |", map(notebook_row, sorted(NOTEBOOKS.glob("*.ipynb"))))
