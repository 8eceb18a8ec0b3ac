"""Which cells of a notebook compare, or give a reason, and must say where their evidence is.

A cell's metadata has `"evidence": ["name_of_a_claim", …]`, or, where none is needed, the reason in words:
`"evidence": "arithmetic in the cell above"`.
"""

import re
from pathlib import Path

from tools.notebooks import prose, read

ROOT = Path(__file__).parents[1]

COMPARES = re.compile(
    r"""(?xi)\b(
    than | as\ (?:fast|far|wide|large|long|good|much|many|well|often)\ as | times\ as
    | because | that\ is\ why | therefore | hence
    | always | never | for\ ever | usually | every\ time | no\ matter
    | better | best | worse | worst | faster | fastest | slower | slowest | cheaper | larger | smaller | wider
    | narrower | noisier | rounder | fewer | largest | smallest | most | least
    | wins? | beats? | helps? | hurts? | pays | suffers?
    )\b"""
)
NO_SENTENCE = re.compile(r"(?s)```.*?```|\$\$.*?\$\$|<[^>]*>|(?m:^#.*$)|(?m:^\*\*(?:Time|Open it|Practise|Next)\b.*$)")


def files(number):
    """The notebook of this number, and its exercises."""
    return [*sorted(ROOT.glob(f"notebooks/{number}_*.ipynb")), *sorted(ROOT.glob(f"solutions/{number}_*/*.ipynb"))]


def cells(number):
    """Each cell of the notebook and its exercises: (path, cell)."""
    return [(path, cell) for path in files(number) for cell in read(path).cells]


def comparing(text):
    """The sentences that compare, or give a reason: not questions, nor what the reader is asked to predict."""
    text = NO_SENTENCE.sub(" ", text)
    paragraphs = [p for p in re.split(r"\n\s*\n|\n(?=\s*(?:[*-]|\d+\.|\|))", text) if "**Predict" not in p]
    sentences = [s.strip() for p in paragraphs for s in re.split(r"(?<=[.!?])[)*”\"]*\s+", " ".join(p.split()))]
    return [s for s in sentences if COMPARES.search(s) and " " in s and not s.endswith("?")]


def missing(number):
    """The cells that compare and don't say where their evidence is: (path, cell, sentences)."""
    found = [(path, cell, comparing(prose(cell))) for path, cell in cells(number)]
    return [
        (path, cell, sentences) for path, cell, sentences in found if sentences and not cell.metadata.get("evidence")
    ]
