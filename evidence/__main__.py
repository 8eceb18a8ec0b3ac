"""Replicate the claims of the course.

python -m evidence                       all, on all draws, and write docs/evidence.md
python -m evidence 03 names_of_claims    these notebooks and claims, written nowhere
python -m evidence --quick 03            one fresh draw of each claim that isn't slow
python -m evidence --missing 03          the sentences that compare, or give a reason, and name no evidence
"""

import argparse
import os
import re
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from evidence.core import FRESH, Result, claims, measure
from evidence.prose import missing

PAGE = Path(__file__).parents[1] / "docs" / "evidence.md"
SECTION = r"\n## Notebook (\d\d)\n([\s\S]*?)(?=\n## Notebook|\Z)"


def effects(task):
    """The effects of some claims in one draw. One task: what they share is computed once."""
    names, number = task
    begin = time.perf_counter()
    found = {name: measure(claims()[name], number) for name in names}
    return found, time.perf_counter() - begin


def run(chosen, draws=(0, *FRESH)):
    """A Result for each of the chosen claims, on all cores."""
    groups = {}
    for claim in chosen:
        groups.setdefault(claim.notebook, []).append(claim.name)
    tasks = [(names, number) for number in draws for names in groups.values()]
    measured = {claim.name: [] for claim in chosen}
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for (names, number), (found, seconds) in zip(tasks, pool.map(effects, tasks), strict=True):
            print(f"notebook {claims()[names[0]].notebook}, draw {number}: {seconds:.0f} s", file=sys.stderr)
            for name, effect in found.items():
                measured[name].append(effect)
    return [Result(claim, measured[claim.name][0], measured[claim.name][1:]) for claim in chosen]


def row(result):
    """What the table says of a claim."""
    low, middle, high = np.quantile(result.replicated, [0, 0.5, 1], method="nearest")
    return (
        f"{result.claim.says} (`{result.claim.name}`)",
        result.claim.number,
        result.claim.holds.words,
        f"{result.shown:.3g}",
        f"{middle:.3g} ({low:.3g} to {high:.3g})",
        f"{result.times} of {len(result.replicated)}",
    )


def table(results):
    """The section of a notebook in docs/evidence.md."""
    head = "| claim | number | must be | shown | replicated | holds in |\n|---|---|---|---|---|---|\n"
    return head + "\n".join("| " + " | ".join(row(result)) + " |" for result in results)


def section(notebook):
    """What docs/evidence.md says now about a notebook."""
    return dict(re.findall(SECTION, PAGE.read_text(encoding="utf-8"))).get(notebook, "")


def update(text, notebook, new):
    """The page with another section for this notebook; the sections are in the order of their numbers."""
    sections = {**dict(re.findall(SECTION, text)), notebook: new}
    head = text.split("\n## Notebook ")[0].rstrip()
    return head + "".join(f"\n\n## Notebook {n}\n\n{sections[n].strip()}" for n in sorted(sections)) + "\n"


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("chosen", nargs="*", help="numbers of notebooks, or names of claims")
    parser.add_argument("--quick", action="store_true", help="one fresh draw of each claim that isn't slow")
    parser.add_argument("--missing", action="store_true", help="run nothing; list the sentences without evidence")
    options = parser.parse_args(arguments)
    if options.missing:
        for number in options.chosen:
            for path, cell, sentences in missing(number):
                print(f"{path.name} {cell.id}", *sentences, sep="\n    ")
        return 0
    chosen = [c for c in claims().values() if not options.chosen or {c.name, c.notebook} & set(options.chosen)]
    if options.quick:
        chosen = [c for c in chosen if not c.slow]
    results = run(chosen, draws=(0, FRESH[0]) if options.quick else (0, *FRESH))
    for result in results:
        verdict = "holds" if result.holds else "DOES NOT HOLD"
        print(f"{result.claim.notebook} {verdict:13}", *row(result), sep=" | ")
    for notebook in () if options.quick else sorted({c.notebook for c in claims().values()}):
        if not options.chosen or notebook in options.chosen:
            text = update(
                PAGE.read_text(encoding="utf-8"), notebook, table(r for r in results if r.claim.notebook == notebook)
            )
            PAGE.write_text(text, encoding="utf-8", newline="\n")
    failed = [result.claim.name for result in results if not result.holds]
    print(f"{len(results) - len(failed)} of {len(results)} claims hold", *failed, sep="\n  ")
    return min(len(failed), 1)


if __name__ == "__main__":
    sys.exit(main())
