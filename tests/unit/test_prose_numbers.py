"""Every number in a notebook's prose is computed in that notebook, or has a reason not to be.

`written` finds the numbers in Markdown, `computed` those in the code and in what it printed. A number is computed if
one of these, rounded to the digits written, is the same. Signs don't count, nor do whole numbers up to 12; an equation
between plain numbers, such as 0.8 × 0.8 = 0.64, only has to be right.
"""

import ast
import html
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
import numpy as np
import pytest

from tools.notebooks import printed, prose, read

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))

EXCEPTIONS = {  # what may stand in the prose uncomputed, and why
    r"arXiv:?\s*\d{4}\.\d{5}": "names a paper",
    r"\((19|20)\d\d(?=[,)])|(?<!= )\b(19|20)\d\d(?=\))|\b[Ii]n (19|20)\d\d\b": "a year, in a citation or a date",
    r"CC BY 4\.0|Python 3\.\d+": "a version",
    r"(?i)\btime\b\W{0,6}(about )?\d+( ?[–-] ?\d+)? min\w*|\|\s*(about )?\d+ min\w*\s*\|": "how long a notebook takes",
    r"have this table with 4\.21": "the slip in circulated notes that the notebook corrects",
    r"[Cc]hange the [\d.]+ to [\d.]+|What happens at [\d.]+\?": "something to try, not a result",
}

THIN = "\u00a0\u2009\u202f"
POWERS = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹", "-+0123456789")
EXPONENT = r"(?:\^|\*\*)\{?\s*(-?\d+)\}?"
CLEANING = [  # Markdown and LaTeX to plain text, in this order
    (r"(?s)<!--.*?-->|</?[a-zA-Z][^>]*>|https?://\S+", " "),
    (r"\]\([^)]*\)|(?m:^\[[^\]]+\]:.*$)", "] "),  # link targets
    (r"(?m)^\s*(style|classDef|linkStyle|%%).*$|#[0-9a-fA-F]{6}\b", " "),  # colours in diagrams
    (r"(?m)^\s*#+\s*\d+[.:]?\s|^\s*\d+[.)]\s", " "),  # numbers of headings and in lists
    (r"[−–]", "-"),
    (r"([⁻⁺]?[⁰¹²³⁴-⁹]+)", lambda m: "^{" + m[1].translate(POWERS) + "}"),
    (r"(?<=\d)(\\[,; ]|\{,\})(?=\d{3}|\\?%)", "\u202f"),
    (rf"(?<![\w.])\d{{1,3}}(?:[{THIN} ,]\d{{3}})+(?!\d)", lambda m: re.sub(r"\D", "", m[0])),
    (r"\\[dt]?frac\s*\{(\d+)\}\s*\{(\d+)\}", r" \1/\2 "),
    (r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r" (\1)/(\2) "),
    (r"\\%", "%"),
    (r"\\(times|cdot)\b", "×"),
    (r"\\approx\b", "≈"),
    (r"\\[a-zA-Z]+", lambda m: f" {m[0][1:]} "),
    (rf"(?<![\w.])(\d[\d.]*)\s*[×·*]\s*10{EXPONENT}", r"\1e\2"),
    (rf"(?<![\w.])10{EXPONENT}", r"1e\1"),
    (r"_(\{[^{}]*\}|\w+)", " "),  # indices
    (
        r"(?<![\w.])([(\d][\d.() ]*[-+×·/^][-+×·/^\d.(){} ]*)[=≈]\s*(-?\d+(?:\.(\d+))?)",
        lambda m: _unless_true(*m.group(0, 1, 2, 3)),
    ),
    (r"\^\s*(\{[^{}]*\}|-?\d+|\w)", " "),  # powers
]
WRITTEN = re.compile(
    r"(?<![\w.#])(?P<whole>\d+)(?P<decimals>\.\d+)?(?:[eE](?P<exponent>[-+]?\d+))?(?:\s?/\s?(?P<below>\d+)(?![\w.]))?"
    rf"[{THIN} ]?(?P<unit>%|per ?cent|thousand|million|billion)?"
)
UNITS = {"thousand": (1e3,), "million": (1e6,), "billion": (1e9,), "%": (1, 1e-2), "percent": (1, 1e-2)}
ABOUT = re.compile(r"(about|around|roughly|nearly|almost|sim|≈|~)\W{0,3}$")
PRINTED = re.compile(
    rf"(?<![\w.])(\d{{1,3}}(?:[{THIN} ,_]\d{{3}})+(?!\d)(?:\.\d+)?|\d+\.?\d*(?:e[-+]?\d+)?)(/\d+)?( ?%)?"
)


@dataclass(frozen=True)
class Number:
    text: str  # with its neighbourhood, to find it
    value: float
    slack: float  # half a unit of the last digit
    scales: tuple = (1,)

    def among(self, values):
        return any(np.any(np.abs(values - s * self.value) <= s * self.slack * (1 + 1e-9)) for s in self.scales)


def written(markdown):
    """The numbers in a piece of Markdown that want a reason."""
    text = html.unescape(markdown)
    for pattern in EXCEPTIONS:
        text = re.sub(pattern, " ", text)
    for pattern, replacement in CLEANING:
        text = re.sub(pattern, replacement, text)
    numbers = []
    for match in WRITTEN.finditer(text):
        whole, decimals, exponent, below, unit = match.group("whole", "decimals", "exponent", "below", "unit")
        power = int(exponent or 0)
        value = float(f"{whole}{decimals or ''}e{power}")
        slack = 0.5 * 10.0 ** (power - len(decimals or ".") + 1)
        if not (decimals or exponent or below or unit) and value <= 12:
            continue
        if below:
            value, slack = value / float(below), 1e-9
        if not decimals and ABOUT.search(text[: match.start()]):
            slack = max(slack, 0.05 * value)
        around = " ".join(text[max(match.start() - 30, 0) : match.end() + 30].split())
        scales = UNITS.get((unit or "").replace(" ", ""), (1,))
        numbers.append(Number(f"{match[0].strip()} in “{around}”", value, slack, scales))
    return numbers


def _unless_true(equation, left, right, decimals):
    """The text of an equation between plain numbers, such as 0.8 × 0.8 = 0.64; nothing if it is right."""
    try:
        value = eval(left.replace("^", "**").translate(str.maketrans("×·{}", "**()")))
    except (SyntaxError, TypeError, ArithmeticError):
        return equation
    return " " if abs(value - float(right)) <= 0.5 * 10 ** -len(decimals or "") * (1 + 1e-9) else equation


def computed(notebook):
    """The absolute values of all numbers in the code (not in its strings or comments) and in what it printed."""
    values = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            values += _constants(cell.source)
            for output in filter(printed, cell.outputs):
                values += _printed_values(output.get("text") or output.data["text/plain"])
    return np.abs(np.array(values, dtype=float))


def _constants(source):
    """The numbers in the code: literals, and what can be worked out from literals alone, such as 1 / 8."""
    code = "\n".join(line for line in source.splitlines() if not line.startswith(("%", "!")))
    arithmetic = (ast.BinOp, ast.UnaryOp, ast.Constant, ast.operator, ast.unaryop)
    values = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, (ast.BinOp, ast.Constant)) and all(isinstance(n, arithmetic) for n in ast.walk(node)):
            value = eval(compile(ast.Expression(node), "cell", "eval"))
            values += [value] if isinstance(value, (int, float)) else []
    return values


def _printed_values(text):
    for number, below, percent in PRINTED.findall(text):
        parts = re.split(rf"[{THIN} ,_]", number)
        value = float("".join(parts))
        yield from [value, *map(float, parts)]  # "10 000" may be one number or two
        if below:
            yield value / max(float(below[1:]), 1)
        if percent:
            yield value / 100


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_number_in_the_prose_is_computed(path):
    notebook = read(path)
    values = computed(notebook)
    strays = [
        f"cell {cell.id!r}: {number.text}"
        for cell in notebook.cells
        for number in written(prose(cell))
        if not number.among(values)
    ]
    assert not strays, (
        f"{path.name} doesn't compute these numbers of its prose. Mend them, compute them in a cell, or give a reason "
        "in EXCEPTIONS in tests/unit/test_prose_numbers.py:\n  " + "\n  ".join(strays)
    )


def notebook(code, output=""):
    cell = {"cell_type": "code", "source": code, "outputs": []}
    if output:
        cell["outputs"].append({"output_type": "stream", "name": "stdout", "text": output})
    return nbformat.from_dict({"cells": [cell]})


@pytest.mark.parametrize(
    ("prose", "code", "output"),
    [
        ("The loss is 4.20.", "", "4.195328"),
        ("from 32 to 10.88", "", "[32.   10.88  6.5792]"),
        ("It takes 17 steps.", "", "steps: 17"),
        ("a 36 % reduction", "", "0.64 0.36"),
        ("a 36 % reduction", "", "36.0%"),
        (r"about 80\,% of them", "", "0.785"),
        ("one millionth: 1e-6", "limit = 1e-6", ""),
        ("below $10^{-6}$", "limit = 1e-6", ""),
        ("below 10⁻⁶", "limit = 10**-6", ""),
        (r"$\eta = 6 \times 10^{-7}$", "", "6.11e-07"),
        ("N = 10 000 examples", "n = 10_000", ""),
        (r"$N = 10\,000$ or 10,000 or 10{,}000 or 10&nbsp;000", "", "10000"),
        ("327 346 rows", "", "327,346 rows"),
        ("about 5 million", "", "4961234.5"),
        ("about 500 steps", "", "491"),
        (r"η < 1/8, or $\frac{1}{8}$, or $\tfrac{1}{4}$", "rates = [1 / 8, 0.25]", ""),
        ("η = −0.125, −1/8", "", "-0.125"),
        ("$0.8^3 = 0.512$ and $0.8^{12}$, 0.8²", "0.8", "0.512"),
        (r"$\approx17$ steps", "", "17"),
        ("313 updates = ⌈312.5⌉", "10_000 / 32", "313"),
        ("`steps=38`", "descend(steps=38)", ""),
        ("1 − 2η = 0.8, and 0.8 × 0.8 = 0.64", "0.8", ""),
    ],
)
def test_a_right_number_passes(prose, code, output):
    numbers = written(prose)
    assert numbers
    assert [n.text for n in numbers if not n.among(computed(notebook(code, output)))] == []


@pytest.mark.parametrize(
    ("prose", "code", "output"),
    [
        ("The loss is 4.21.", "", "4.195328"),
        ("It takes 18 steps.", "", "17 0.18"),
        ("It takes 170 steps.", "", "17"),
        ("a 37 % reduction", "", "0.36"),
        ("below $10^{-5}$", "limit = 1e-6", ""),
        (r"$7 \times 10^{-7}$", "", "6.11e-07"),
        ("N = 10 001 examples", "n = 10_000", ""),
        ("about 6 million", "", "4961234.5"),
        ("about 500 steps", "", "460"),
        ("η < 1/9", "1 / 8", ""),
        ("17 steps", "# 17\nx = 'in 17 steps'", ""),
        ("17 steps", "w17 = a_17", "w17"),
        ("0.8 × 0.8 = 0.62", "", "0.8"),
        ("1 − 2η = 0.8", "", ""),
    ],
)
def test_a_wrong_number_fails(prose, code, output):
    assert not all(n.among(computed(notebook(code, output))) for n in written(prose))


@pytest.mark.parametrize(
    "prose",
    [
        "## 14. A heading\n\n13. the thirteenth point\n\nof 12 notebooks",
        "[the third](03_batch_17.ipynb#17) and <img width='600'> and https://example.org/1234",
        "`theta_17`, w₁², θ₁₇, $x_{17}$, $\\theta_{t+17}^{42}$, w17, `digits64`",
        "Masters and Luschi (2018, arXiv 1804.07612), Goyal et al. (2017), flights in 2013",
        "4 − 3 × 0.4 = 2.8, (1 − 2 × 0.25)^2 = 0.25, $0.8^{3} = 0.512$, 10 000/32 = 312.5, 100/313 ≈ 0.32",
        "$\\frac{2}{2 + 8} = 0.2$",
        "Change the 0.1 to 1.5. What happens at 2.5?",
        "**Time:** about 25 minutes\n\n| 01 | 30 min |",
        "```mermaid\nflowchart TD\n  A-->B\n  style A fill:#e69f00,stroke-width:20px\n  classDef b fill:#123456\n```",
    ],
)
def test_what_is_no_result_is_left_alone(prose):
    assert [n.text for n in written(prose)] == []


def test_the_texts_of_a_quiz_are_prose():
    source = 'x = 17\nprint("18 steps")\nnumber(f"{x} or 19 steps?", answer=x, hints={20: "That is 21."})'
    (cell,) = notebook(source).cells
    assert [number.value for number in written(prose(cell))] == [19, 21]


def test_the_words_beside_a_picture_compute_nothing():
    picture = {"output_type": "display_data", "data": {"text/html": "<img>", "text/plain": "17 steps"}, "metadata": {}}
    drawn = {"cells": [{"cell_type": "code", "source": "", "outputs": [picture]}]}
    assert computed(nbformat.from_dict(drawn)).size == 0
