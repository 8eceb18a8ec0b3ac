"""The benchmarks measure what they say."""

import re
import socket
import subprocess
import sys
import threading
from pathlib import Path

import nbformat
import pytest

from benchmarks import start, student
from benchmarks.long_way import LongWay
from benchmarks.measure import row, slope

README = Path(__file__).parents[2] / "benchmarks" / "README.md"


@pytest.fixture
def echo():
    """The port of a server that sends back what it gets, for one visitor."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            visitor, _ = server.accept()
            with visitor:
                while data := visitor.recv(1 << 16):
                    visitor.sendall(data)

        thread = threading.Thread(target=answer)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


def test_the_long_way_carries_every_byte_in_order(echo):
    way, sent, got = LongWay(echo), b"".join(n.to_bytes(4, "big") for n in range(50_000)), b""
    way.delay = 0.01
    with socket.create_connection(("127.0.0.1", way.port)) as line:
        line.sendall(sent)
        while len(got) < len(sent):
            got += line.recv(1 << 16)
    assert got == sent


def test_a_slope_is_the_power_by_which_the_cost_grows():
    assert slope([10, 100, 1000], [3, 300, 30_000]) == pytest.approx(2)
    assert slope([10, 100, 1000], [5, 50]) == pytest.approx(1)  # the last size was never reached


@pytest.mark.parametrize(("unit", "rival"), [("ms", [20, 40, 30]), ("frames/s", [5, 2.5, 10 / 3])])
def test_a_ratio_above_one_is_in_our_favour_whatever_the_unit(unit, rival):
    assert row("x", [10, 10, 10], "y", rival, unit).endswith("| 3 |")


def cell(tags, *texts):
    outputs = [nbformat.v4.new_output("stream", name="stdout", text=text) for text in texts]
    return nbformat.v4.new_code_cell(metadata={"tags": tags}, outputs=outputs)


def test_a_student_notices_other_numbers_warnings_and_errors():
    checked, printed = cell(["nbval-check-output"], "0.25\n"), cell([], "0.", "25\n").outputs
    assert not student._fault(checked, printed)
    assert student._fault(checked, cell([], "0.26\n").outputs)
    assert not student._fault(cell(["nbval-ignore-output"], "3 ms\n"), cell([], "4 ms\n").outputs)
    warning = nbformat.v4.new_output("stream", name="stderr", text="careful")
    error = nbformat.v4.new_output("error", ename="ValueError", evalue="no", traceback=[])
    assert student._fault(cell([]), [warning]) and student._fault(cell([]), [error])


def test_the_rival_of_an_import_is_all_that_gdtools_imports_of_others():
    list_modules = "; import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    ours, theirs = (
        set(subprocess.run([sys.executable, "-c", code + list_modules], capture_output=True, text=True).stdout.split())
        for code in (start.OURS, start.DEPENDENCIES)
    )
    assert ours - theirs - sys.stdlib_module_names == {"gdtools"}


def test_readme_names_the_commands_that_exist():
    modules = set(re.findall(r"python -m benchmarks\.(\w+)", README.read_text(encoding="utf-8")))
    assert modules == {"class_load", "growth", "notebooks"}
    for name in modules:
        assert 'if __name__ == "__main__":' in (README.parent / f"{name}.py").read_text(encoding="utf-8")
