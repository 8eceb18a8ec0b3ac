"""A class on one machine: python -m benchmarks.class_load [STUDENTS...]

First, students who run notebook 05 at once, each with a kernel of their own, through one Jupyter server; one of a
class of four has the kernel killed in the middle. Then, students who only move sliders, each in a page of the browser.
"""

import contextlib
import shutil
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

from benchmarks.measure import short, table
from benchmarks.memory import kernel, peak, share, watching
from benchmarks.slider import WAYS, Slider, browser, open_page, unavailable, write
from benchmarks.student import KernelDied, Student
from tools.lab import jupyterlab

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "05_why_mini_batches.ipynb"
NOTE = "\n# a student's note"
CLASS = (
    "| students at once | seconds until all are done | seconds a student | MB a kernel, its share: median | largest "
    "| MB a kernel, resident: largest | MB of the server, its share | faults |"
)
SLIDERS = "| students move sliders | at once | keys a second, each | kernels' work, % of a core | the same at rest |"
KERNEL = "jupyterapp.shell.currentWidget.sessionContext.session.kernel.id"


@contextlib.contextmanager
def class_of(size):
    """A server and its students, each with a copy of the notebook and with a kernel."""
    with tempfile.TemporaryDirectory() as folder, jupyterlab(folder) as url, ThreadPoolExecutor(size) as at_once:
        names = [f"{number}.ipynb" for number in range(size)]
        for name in names:
            shutil.copy(NOTEBOOK, Path(folder, name))
        students = list(at_once.map(lambda name: Student(url, name), names))
        yield students, at_once, url
        for student in students:
            student.leave()


def class_row(size):
    """The row on `size` students who run the notebook at once."""
    with class_of(size) as (students, at_once, _):
        processes = [kernel(student.kernel) for student in students]
        server, shares = processes[0].parent(), []

        def seconds(student):
            start = time.perf_counter()
            student.run()
            return time.perf_counter() - start

        with watching(lambda: shares.append([share(process) for process in [*processes, server]]), every=1):
            took = list(at_once.map(seconds, students))
        *each, jupyter = map(max, zip(*shares, strict=True))
        resident = max(map(peak, processes))
        faults = sum(len(student.faults) for student in students)
    memory = f"{median(each):.0f} | {max(each):.0f} | {resident:.0f} | {jupyter:.0f}"
    return f"| {size} | {max(took):.0f} | {max(took) / size:.1f} | {memory} | {faults} |"


def accident(size=4):
    """Kill one student's kernel in the middle; sentences on what that did to this one and to the others."""
    with class_of(size) as (students, at_once, url):
        unlucky, *others = students
        before = [kernel(student.kernel).pid for student in others]
        half = threading.Event()
        middle = unlucky.cells[len(unlucky.cells) // 2]

        def note(cell):
            cell.source += NOTE
            unlucky.save()
            if cell is middle:
                half.set()

        unluckys = at_once.submit(unlucky.run, note)
        rest = [at_once.submit(student.run) for student in others]
        half.wait(timeout=600)
        kernel(unlucky.kernel).kill()
        died = isinstance(unluckys.exception(), KernelDied)
        again = Student(url, unlucky.name)
        kept = [cell for cell in again.cells if cell.source.endswith(NOTE)]
        same = _content(again.notebook) == _content(unlucky.notebook)
        again.run()
        undisturbed = not any(future.exception() for future in rest) and not any(student.faults for student in others)
        undisturbed &= [kernel(student.kernel).pid for student in others] == before
    yield f"One of {size} kernels killed in the middle: {_verdict(died)}"
    yield f"Opened again, the notebook has the {len(kept)} cells that were saved: {_verdict(kept and same)}"
    yield f"It runs again from top to bottom, in a new kernel, without fault: {_verdict(not again.faults)}"
    yield f"The others finish in the kernels that they had, without fault: {_verdict(undisturbed)}"


def _content(notebook):
    return [(cell.source, cell.get("outputs")) for cell in notebook.cells]


def _verdict(good):
    return "yes" if good else "NO"


def slider_row(name, size, seconds=10):
    """The row on `size` students who move sliders: the processor time of their kernels, meanwhile and at rest."""
    code, handle, picture = WAYS[name]
    with tempfile.TemporaryDirectory() as folder, browser() as chrome, jupyterlab(folder) as url:
        sliders = []
        for number in range(size):
            write(Path(folder, f"{number}.ipynb"), code)
            sliders.append(Slider(open_page(chrome, url, f"{number}.ipynb"), handle, picture))
        processes = [kernel(slider.page.evaluate(KERNEL)) for slider in sliders]
        time.sleep(5)  # until the kernels have come to rest
        rest = _work(processes, seconds, lambda: time.sleep(0.1))
        pressed = []

        def press():
            for slider in sliders:
                slider.page.keyboard.press(next(slider.keys))
                pressed.append(slider)

        work = _work(processes, seconds, press)
    return f"| {name} | {size} | {len(pressed) / size / seconds:.0f} | {short(work)} | {short(rest)} |"


def _work(processes, seconds, meanwhile):
    """How much of one core the processes take while `meanwhile` is called again and again, in %."""
    for process in processes:
        process.cpu_percent()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        meanwhile()
    time.sleep(1)  # a kernel hears where a slider has come to rest
    return sum(process.cpu_percent() for process in processes)


def main(sizes):
    table(CLASS, map(class_row, sizes))
    print("\n".join(f"* {verdict}" for verdict in accident()), flush=True)
    if unavailable():
        print(f"\nNo sliders: {unavailable()}.")
        return
    print()
    table(SLIDERS, (slider_row(name, size) for name in list(WAYS)[:2] for size in (1, 4)))


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1, 4, 8, 16])
