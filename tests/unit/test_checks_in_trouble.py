"""A check and an answer that misbehaves: it never hangs, never ends the notebook, and says what is wrong."""

import itertools
import linecache
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import numpy as np
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from gdtools.checks import Hint, check, clock

STEP = "def gradient_step(theta, gradient, learning_rate):\n    "


def notebook(code):
    """The variables of a notebook in which a cell with this code was run."""
    name = f"<cell {hash(code)}>"
    linecache.cache[name] = len(code), None, code.splitlines(keepends=True), name
    variables = {"np": np}
    exec(compile(code, name, "exec"), variables)
    return variables


def hint(name, code):
    with pytest.raises(Hint) as caught:
        check(name, notebook(code))
    assert len(str(caught.value)) < 450
    return str(caught.value)


FOR_EVER = {
    "a bare except": """while True:
        try:
            theta = theta + 1
        except:
            pass""",
    "around the loop": """try:
        while True:
            theta = theta + 1
    except:
        return theta""",
    "base exceptions": """while True:
        try:
            np.sqrt(2)
        except BaseException:
            continue""",
    "finally": """while True:
        try:
            np.sqrt(2)
        finally:
            continue""",
    "suppress": """import contextlib
    while True:
        with contextlib.suppress(BaseException):
            np.sqrt(2)""",
    "in a helper": """def safely():
        try:
            np.ones(100).sum()
        except:
            pass
    while True:
        safely()""",
    "pass": "while True:\n        pass",
    "count": "import itertools\n    return sum(itertools.count())",
    "cycle": "from itertools import cycle\n    return max(cycle([1, 2]))",
    "repeat": "from itertools import repeat\n    return any(repeat(0))",
    "a generator": "return sum(1 for _ in iter(lambda: 1, 2))",
}


@pytest.mark.parametrize("loop", FOR_EVER.values(), ids=FOR_EVER)
def test_nothing_hangs(loop, monkeypatch):
    monkeypatch.setattr(clock, "SECONDS", 0.2)
    began, tracing = time.monotonic(), sys.gettrace()
    assert "has not finished after 0.2 seconds" in hint("gradient_step", STEP + loop)
    assert time.monotonic() - began < 10 and sys.gettrace() is tracing


@pytest.mark.parametrize("loop", ["a bare except", "finally", "in a helper", "count", "a generator", "pass"])
def test_nothing_hangs_where_no_timer_ticks(loop, monkeypatch):
    if sys.version_info < (3, 12) and loop in ("a bare except", "finally", "in a helper"):
        pytest.skip("the trace ends with what it raises, and Python does not tell of the turns of a loop")
    monkeypatch.setattr(clock, "SECONDS", 0.2)
    with ThreadPoolExecutor() as elsewhere:
        told = elsewhere.submit(hint, "gradient_step", STEP + FOR_EVER[loop]).result()
    assert "has not finished after 0.2 seconds" in told


def test_only_the_time_of_the_processor_counts_and_anew_for_each_call(monkeypatch):
    monkeypatch.setattr(clock, "SECONDS", 0.15)
    sleeps = STEP + "time.sleep(0.2)\n    return theta - learning_rate * gradient"
    check("gradient_step", notebook("import time\n" + sleeps))
    computes = STEP + "end = time.thread_time() + 0.08\n    while time.thread_time() < end:\n        pass\n"
    check("gradient_step", notebook(f"import time\n{computes}    return theta - learning_rate * gradient"))


def test_what_sleeps_is_stopped_by_the_wall_clock(monkeypatch):
    monkeypatch.setattr(clock, "PATIENCE", 0.3)
    assert "has not finished after 0.3 seconds" in hint("gradient_step", f"import time\n{STEP}time.sleep(100)")


@pytest.mark.parametrize("code", ["exit()", "quit()", "import sys\n    sys.exit(1)", "raise SystemExit"])
def test_an_answer_cannot_end_python(code):
    assert "ends Python with exit()" in hint("gradient_step", STEP + code)


def test_an_answer_that_asks_is_told():
    assert "input() asks a question" in hint("gradient_step", STEP + "return float(input('theta?'))")


def test_what_was_replaced_is_back():
    before = (input, itertools.count, itertools.cycle, itertools.repeat)
    hint("gradient_step", "from itertools import count\n" + STEP + "return next(count())")
    assert before == (input, itertools.count, itertools.cycle, itertools.repeat)


def test_an_error_of_many_words_is_cut_short():
    assert "xxx…" in hint("gradient_step", STEP + "raise ValueError('x' * 120_000)")


def test_print_options_and_error_states_change_no_hint():
    code = STEP + "return [np.array([0.1, 0.25]), 'x']"
    before = hint("gradient_step", code)
    with np.printoptions(precision=1, formatter={"float": lambda x: "?"}), np.errstate(all="raise"):
        assert hint("gradient_step", code) == before
        check(
            "stable_limit",
            {"stable_limit": lambda grad, start: 2 / 4.4 if len(start) == 2 else 2 / (0.5, 0, 20)[len(start) - 1]},
        )


SAID = {  # part of the hint: what is written
    "not callable, in `return theta (1 - learning_rate)`. Is a * missing": "return theta (1 - learning_rate)",
    "change their argument and return nothing": "return learning_rate * np.random.default_rng().shuffle([1])",
    "A power is written **, not ^": "return theta - learning_rate ^ 2",
    "brackets missing after the name": "return theta - gradient.mean * learning_rate",
    "a name such as `sum` given to something else": "sum = 3\n    return sum(theta)",
    "If another cell makes it, run that cell: after a restart": "return helper(theta)",
    "In this function it gets its value later": "x = y + 1\n    y = 2\n    return x",
    "the shapes of all the arrays in that line": "return theta - np.ones(3)",
    "An array has many values": "return theta if theta > 0 else gradient",
    "one number should be": "a = np.zeros(2)\n    a[0] = theta\n    return a",
    "How many things are on the right": "a, b, c = theta\n    return a",
    "Compare this call with the first line": "def f(a):\n        return a\n    return f(1, 2)",
    "An index or a size is a whole number": "return theta[0.0]",
    "That is no array": "return [1, 2].mean()",
    "An array has no such method": "return theta.append(1)",
    "a number grows too large": "import math\n    return math.exp(1e9)",
    "It calls itself again and again": "return gradient_step(theta, gradient, learning_rate)",
    "but it is a function. Are there brackets missing": "return theta.tolist",
    "Does a row meet a column": "return theta - learning_rate * gradient[:, None]",
    "There is a division by zero": "return theta / (0 * gradient)",
    "Here there is an answer that is finite": "return np.full(2, np.inf)",
    "The numbers on the way grow too large": "return theta - learning_rate * np.exp(1e9 * gradient**2)",
    "0/0 or inf": "return theta - np.sqrt(-np.abs(gradient))",
    "2 times what it should be, in every entry": "return 2 * (theta - learning_rate * gradient)",
    "in every entry 1 too large": "return theta - learning_rate * gradient + 1",
    "right but for its sign": "return learning_rate * gradient - theta",
    "the right numbers in another order": "return (theta - learning_rate * gradient)[::-1]",
    "1 of 2 entries are right, and entry 1": "new = theta - learning_rate * gradient\n    new[1] = 7\n    return new",
    "Your function doesn't use learning_rate": "return theta - 0.3 * gradient",
}


@pytest.mark.parametrize(("part", "body"), SAID.items(), ids=range(len(SAID)))
def test_a_hint_names_the_mistake(part, body):
    assert part.lower() in hint("gradient_step", STEP + body).lower()


def test_a_missing_argument_is_the_fault_of_the_first_line():
    told = hint("gradient_step", "def gradient_step(theta, gradient):\n    return theta - gradient")
    assert "Are the arguments those in the first line of the stub" in told


def test_a_list_that_is_partly_filled_is_started():
    with pytest.raises(Hint, match="table_row is not finished: number 3 in it is still dots"):
        check("table_row", {"table_row": [38, 12, ..., 1.2, 1]})


def test_decimals_are_numbers():
    check("new_point", {"new_point": [Decimal("-1"), Decimal("2.5")]})
    check("bouncing_rate", {"bouncing_rate": Decimal("0.2")})


def test_the_name_without_quotes():
    with pytest.raises(Hint, match=r'The name comes in quotes: check\("gradient_step"\)'):
        check(lambda theta: theta, {})


def test_a_variable_called_check_is_no_obstacle():
    cells = [
        "from gdtools.checks import check\nnew_point = [-1, 2.5]",
        "check = 3",
        'check("new_point")',
        "check = 3\nprint(check)",
    ]
    ran = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    NotebookClient(ran, timeout=60, kernel_name="python3").execute()
    outputs = ["".join(output.get("text", "") for output in cell.outputs) for cell in ran.cells]
    assert "new_point: done" in outputs[2] and "was a variable of yours" in outputs[2] and outputs[3] == "3\n"


def test_exit_and_input_in_a_real_notebook():
    cells = ["from gdtools.checks import check", STEP + "exit()", 'check("gradient_step")']
    cells += [STEP + "input()", 'check("gradient_step")', "print('still here')"]
    ran = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    NotebookClient(ran, timeout=60, kernel_name="python3", allow_errors=True).execute()
    assert "ends Python" in ran.cells[2].outputs[0].evalue and "input()" in ran.cells[4].outputs[0].evalue
    assert ran.cells[5].outputs[0].text == "still here\n"
