"""Every number in a notebook's prose is computed beside it, or has a reason not to be.

`written` finds the numbers in Markdown, `computed` those in the code and in what it printed. A number is computed if
one of these, rounded to the digits written, is the same. Signs don't count, nor do whole numbers up to 12; an equation
between plain numbers, such as 0.8 × 0.8 = 0.64, only has to be right.

Beside it means in the same section, from one ## heading to the next. A cell that takes up a number of another section
names the cell that computes it, in its metadata: "numbers-from": ["worked-table"].
"""

import ast
import html
import re
from dataclasses import dataclass

import numpy as np

from tools.notebooks import printed, prose

EXCEPTIONS = {  # what may stand in the prose uncomputed, and why
    r"arXiv:?\s*\d{4}\.\d{4,5}": "names a paper",
    r"alpha=0\.99": "a default of PyTorch, which a test asks",
    r"\((19|20)\d\d(?=[,)])|(?<!= )\b(19|20)\d\d(?=\))|(\b[Ii]n|et al\.,) (19|20)\d\d\b": "a year, of a paper or date",
    r"CC BY 4\.0|Python 3\.\d+": "a version",
    r"(?i)\btime\b\W{0,6}(about )?\d+( ?[–-] ?\d+)? min\w*|\|\s*(about )?\d+ min\w*": "how long a notebook takes",
    r"\bwith (batches of )?2 to 32\b": "what a paper found, which is cited beside it",
    r"have this table with 4\.21": "the slip in circulated notes that the notebook corrects",
    r"[Cc]hange the [\d.]+ to [\d.]+|What happens at [\d.]+\?": "something to try, not a result",
}

ELSEWHERE = "numbers-from"  # in the metadata of a cell: the cells of other sections that compute its numbers

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


def computed(cells):
    """The absolute values of all numbers in the code (not in its strings or comments) and in what it printed."""
    values = []
    for cell in cells:
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


def sections(cells):
    """The cells in groups, each from one ## heading to the next."""
    groups = []
    for cell in cells:
        if not groups or (cell.cell_type == "markdown" and cell.source.startswith("## ")):
            groups.append([])
        groups[-1].append(cell)
    return groups


def faults(notebook):
    """What is wrong with the numbers in the prose of this notebook: for each a sentence that says what to do."""
    values = {cell.id: computed([cell]) for cell in notebook.cells}
    for section in sections(notebook.cells):
        beside = np.concatenate([values[cell.id] for cell in section])
        for cell in section:
            strays = [number for number in written(prose(cell)) if not number.among(beside)]
            named = cell.metadata.get(ELSEWHERE, [])
            for name in named:
                if not any(number.among(values.get(name, np.array([]))) for number in strays):
                    yield f"cell {cell.id!r} needs no number from {name!r}: take it out of its {ELSEWHERE!r}"
            for number in strays:
                if not any(number.among(values[name]) for name in named if name in values):
                    yield f"cell {cell.id!r} says {number.text}, which {_remedy(number, values)}"


def _remedy(number, values):
    sources = [name for name, computed_there in values.items() if number.among(computed_there)]
    if not sources:
        return "no cell computes: mend it, compute it beside, or give a reason in EXCEPTIONS in tools/prose_numbers.py"
    return (
        "no cell of its section computes: mend it, or compute it beside. If it is the number of another section, add "
        f'"{ELSEWHERE}": ["{sources[0]}"] to the metadata of this cell'
        + (f" (or, of the same value, {', '.join(map(repr, sources[1:4]))})" if sources[1:] else "")
    )
