"""A class at a JupyterHub: `make hub-load`, or python -m benchmarks.hub_load [STUDENTS...], as root.

Students with accounts of their own log in at once at a hub as deploy/ configures it, each gets a server and a kernel,
and all run notebook 05 from top to bottom. What larger classes need is computed from the last of these rows.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from statistics import median

import nbformat
import psutil

from benchmarks.class_load import NOTEBOOK
from benchmarks.measure import table
from benchmarks.memory import MB, kernel, share, watching
from benchmarks.student import Student
from tools.hub import ROOT, environment, impossible, jupyterhub, missing

CLASS = (
    "| students at once | seconds until all have a server | core-seconds a start | seconds until all have run it "
    "| core-seconds a run | MB a kernel | MB a server | MB of the hub and the proxy | faults |"
)
PLAN = (
    "| students at once | memory, GB | cores | machines of 4 cores and 16 GB | GB of images to them, once "
    "| in the browser edition: machines | GB to the students, once |"
)
STUDENTS_PER_CORE = 10  # who runs a whole notebook at once with all others waits ten times as long as alone
MACHINE = {"cores": 4, "GB": 16}
SYSTEM = 1000  # MB of an image below the environment: Ubuntu, and what repo2docker adds (not measured)
LITE = ROOT / "build" / "lite"


@dataclass(frozen=True)
class Measured:
    """What a class took: `start` and `run` in seconds for all, `..._work` in core-seconds a student, memory in MB."""

    students: int
    start: float
    start_work: float
    run: float
    run_work: float
    kernel: float
    server: float
    hub: float
    faults: int

    def row(self):
        return (
            f"| {self.students} | {self.start:.0f} | {self.start_work:.1f} | {self.run:.0f} | {self.run_work:.1f} "
            f"| {self.kernel:.0f} | {self.server:.0f} | {self.hub:.0f} | {self.faults} |"
        )


def plan(students, measured):
    """What a class of this size needs if all work at once: (GB, cores, machines)."""
    memory = (students * (measured.kernel + measured.server) + measured.hub) / 1000
    cores = ceil(students / STUDENTS_PER_CORE)
    return memory, cores, max(ceil(cores / MACHINE["cores"]), ceil(memory / MACHINE["GB"]))


def plan_row(students, measured, image, lite):
    """The row on these students; the image and the edition for the browser have these sizes, in MB."""
    memory, cores, machines = plan(students, measured)
    sent = f"{students * lite / 1000:.1f}" if lite else "? (make lite)"
    return f"| {students} | {memory:.0f} | {cores} | {machines} | {machines * image / 1000:.1f} | 0 | {sent} |"


def measure(size):
    """A class of this size logs in, starts, and runs the notebook."""
    names = [f"student{number}" for number in range(size)]
    with jupyterhub(students=names) as hub, ThreadPoolExecutor(size) as at_once:
        people = list(hub.people.values())
        for person in people:
            person.log_in()
        began = time.perf_counter()
        list(at_once.map(lambda person: person.start(patience=600), people))
        start, start_work = time.perf_counter() - began, sum(map(work, people)) / size
        students = list(at_once.map(open_notebook, people))
        before = sum(map(work, people))
        kernels = [kernel(student.kernel) for student in students]
        servers = [each.parent() for each in kernels]
        of_root = [
            each for each in hub.process.children() if each.uids().real == 0
        ]  # the proxy, what stops idle servers
        of_the_hub = [hub.process, *of_root]
        shares = []
        look = [*kernels, *servers, *of_the_hub]
        with watching(lambda: shares.append([share(process) for process in look]), every=2):
            began = time.perf_counter()
            list(at_once.map(Student.run, students))
            run = time.perf_counter() - began
        run_work = (sum(map(work, people)) - before) / size
        most = list(map(max, zip(*shares, strict=True)))
    return Measured(
        size,
        start=start,
        start_work=start_work,
        run=run,
        run_work=run_work,
        kernel=median(most[:size]),
        server=median(most[size : 2 * size]),
        hub=sum(most[2 * size :]),
        faults=sum(len(student.faults) for student in students),
    )


def open_notebook(person):
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    content = {"type": "notebook", "content": notebook}
    person.ask("PUT", f"api/contents/{NOTEBOOK.name}", json=content).raise_for_status()
    return Student(person.url, NOTEBOOK.name)


def work(person):
    """The processor time, in seconds, of all that runs for somebody."""
    return sum(sum(process.cpu_times()[:2]) for process in person.processes())


def size_of(folder):
    """What the files in a folder take, in MB."""
    return sum(path.lstat().st_size for path in Path(folder).rglob("*")) / MB


def main(sizes):
    if why := impossible() or missing():
        sys.exit(f"No hub here: {why}")
    load = psutil.getloadavg()[0]
    classes = []

    def rows():
        for size in sizes:
            classes.append(measure(size))
            yield classes[-1].row()

    table(CLASS, rows())
    installed, last = size_of(environment()), classes[-1]
    print(f"The load of the machine was {load:.1f} before. The environment takes {installed:.0f} MB. With")
    print(f"{STUDENTS_PER_CORE} students on a core, all who come at once have a server after", end=" ")
    print(f"{last.start_work * STUDENTS_PER_CORE:.0f} s, and have all run the notebook", end=" ")
    print(f"{last.run_work * STUDENTS_PER_CORE:.0f} s after they begin.\n")
    table(PLAN, (plan_row(n, last, installed + SYSTEM, size_of(LITE)) for n in (30, 200, 2000)))


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1, 16])
