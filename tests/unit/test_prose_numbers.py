"""tools/prose_numbers.py: which numbers want a reason, and what counts as one."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools.notebooks import prose
from tools.prose_numbers import computed, faults, written


def cells(code, output="", name="cell"):
    outputs = [new_output("stream", name="stdout", text=output)] if output else []
    return [new_code_cell(code, outputs=outputs, id=name)]


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
    assert [n.text for n in numbers if not n.among(computed(cells(code, output)))] == []


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
    assert not all(n.among(computed(cells(code, output))) for n in written(prose))


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
    (cell,) = cells(source)
    assert [number.value for number in written(prose(cell))] == [19, 21]


def test_the_words_beside_a_picture_compute_nothing():
    picture = new_output("display_data", {"text/html": "<img>", "text/plain": "17 steps"})
    assert computed([new_code_cell("", outputs=[picture])]).size == 0


def told(elsewhere=(), number="17"):
    """The faults of a notebook that computes 17 in its first section, and says a number in its second."""
    metadata = {"numbers-from": list(elsewhere)} if elsewhere else {}
    parts = [
        new_markdown_cell("## Measured\n\nIt takes 17 steps.", id="measured"),
        *cells("", "17 steps", "table"),
        new_markdown_cell("### Not a section"),
        *cells("", "19 steps", "other"),
        new_markdown_cell("## Taken up"),
        new_markdown_cell(f"It took {number} steps.", id="taken-up", metadata=metadata),
    ]
    return list(faults(new_notebook(cells=parts)))


def test_a_number_of_another_section_names_the_cell_that_computes_it():
    assert told(["table"]) == []
    (fault,) = told()
    assert fault.startswith("cell 'taken-up' says 17 in “It took 17 steps.”, which no cell of its section computes")
    assert '"numbers-from": ["table"]' in fault


def test_a_number_that_no_cell_computes_is_told_with_its_cell():
    (fault,) = told(number="18")
    assert fault.startswith("cell 'taken-up' says 18 in “It took 18 steps.”, which no cell computes")


def test_a_cell_may_name_only_what_computes_one_of_its_numbers():
    assert told(["table", "other"]) == [
        "cell 'taken-up' needs no number from 'other': take it out of its 'numbers-from'"
    ]
    wrong, gone = told(["gone"])
    assert wrong == "cell 'taken-up' needs no number from 'gone': take it out of its 'numbers-from'"
    assert "'taken-up' says 17" in gone
