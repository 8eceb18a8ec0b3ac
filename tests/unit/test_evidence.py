"""Every claim is registered and stands where it says; tests/slow/test_claims.py tries them."""

import re

import numpy as np
import pytest

from evidence import prose
from evidence.__main__ import row, section, update
from evidence.core import FRESH, Claim, Draw, above, below, between, claim, claims, replicate, rise, tuned

NUMBERS = [f"{number:02}" for number in range(1, 10)]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_page_lists_the_claims(number):
    rows = re.findall(r"^\| (.*) \(`(\w+)`\) \| (.*?) \| (.*?) \|", section(number), re.M)
    registered = [(c.says, name, c.number, c.holds.words) for name, c in claims().items() if c.notebook == number]
    assert rows == registered, f"docs/evidence.md has other claims than evidence/: run `python -m evidence {number}`."


@pytest.mark.parametrize("number", NUMBERS)
def test_what_a_cell_names_is_registered(number):
    named = [(path.name, cell.id, cell.metadata.get("evidence", [])) for path, cell in prose.cells(number)]
    wrong = [(file, cell, name) for file, cell, names in named if isinstance(names, list) for name in names]
    wrong = [(file, cell, name) for file, cell, name in wrong if name not in claims()]
    assert not wrong, f"No claim in evidence/ has this name: {wrong}"


@pytest.mark.parametrize("number", NUMBERS)
def test_no_comparing_sentence_is_without_its_evidence(number):
    without = [f"{path.name}, cell {cell.id!r}: {sentences}" for path, cell, sentences in prose.missing(number)]
    assert not without, "Name a claim or a reason in the cell's metadata:\n  " + "\n  ".join(without)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_claim_is_named_by_the_cell_in_which_it_stands(number):
    names = {}
    for _, cell in prose.cells(number):
        evidence = cell.metadata.get("evidence", [])
        names.setdefault(cell.id, set()).update(evidence if isinstance(evidence, list) else [])
    astray = [
        (c.name, c.cell) for c in claims().values() if c.notebook == number and c.name not in names.get(c.cell, ())
    ]
    assert not astray, f"These cells don't name their claim: {astray}"


# --- The tools


def test_a_draw_has_its_own_seeds_and_data():
    shown, fresh, again = Draw(0), Draw(1), Draw(1)
    seeds = [set(s) for d in (shown, fresh) for s in (d.seeds(32), d.tuning_seeds(32))]
    assert len(set.union(*seeds)) == 4 * 32
    assert list(shown.seeds(3)) == [0, 1, 2]
    for data in ("line", "wave"):
        a, b, c = (getattr(d, data)() for d in (shown, fresh, again))
        assert not np.array_equal(a.y, b.y) and np.array_equal(b.y, c.y)
    (train, _), (test, _) = fresh.digits()
    assert len(train) == 1024 and len(train) + len(test) == 1797
    assert shown.rng(5).random() == np.random.default_rng(5).random() != fresh.rng(5).random()


def test_a_rate_is_tuned_on_seeds_that_do_not_judge():
    asked = []

    def final(rates, seeds):
        asked.append(set(seeds))
        return np.abs(np.log(rates))[:, None] + np.zeros(len(seeds))

    best, judged = tuned(final, [1 / 4, 1, 4], Draw(1), n=8)
    assert best == 1 and judged.shape == (8,) and not asked[0] & asked[1]
    with pytest.raises(ValueError, match="at an end"):
        tuned(final, [1, 4], Draw(1))


def test_what_must_hold():
    assert above(1).test(2) and not above(1).test(1) and not above(1).test(np.nan)
    assert below(1).test(0) and not below(1).test(np.inf)
    assert between(1, 2).test(2) and not between(1, 2).test(np.nan)
    assert rise([1, 2, 3]) == 1.5 and rise([1, 2, 1]) == 0.5


def test_a_claim_that_holds_in_all_draws_but_one_does_not_hold():
    def number_of_the_draw(draw):
        "The number of the draw"
        return draw.number

    result = replicate(Claim("03", "x", "Draws are below 6.", below(6), number_of_the_draw))
    assert result.times == len(FRESH) - 1 and not result.holds
    assert row(result)[-1] == "5 of 6"


def test_a_section_of_the_page_is_written_anew_and_the_others_stay():
    text = update(update("# Title\n", "05", "five"), "03", "three")
    assert text == "# Title\n\n## Notebook 03\n\nthree\n\n## Notebook 05\n\nfive\n"
    assert update(text, "03", "new") == text.replace("three", "new")


def test_a_claim_says_what_its_number_is_and_has_its_own_name():
    with pytest.raises(ValueError, match="docstring"):
        claim("03", cell="x", says="", holds=above(0))(lambda draw: 1)
    with pytest.raises(ValueError, match="already"):
        claim("03", cell="x", says="", holds=above(0))(next(iter(claims().values())).effect)


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("Batch is faster than SGD. It rains.", 1),
        ("Is it faster than SGD?", 0),
        ("**Predict.** Which is the best? Write down the best.", 0),
        ("# Faster than light\n\n`better = 1`\n\n```mermaid\nA --> more than\n```", 0),
        ("It goes on for ever, because of the noise.\n\n* This helps.\n* This does not.", 2),
    ],
)
def test_which_sentences_compare(text, n):
    assert len(prose.comparing(text)) == n
