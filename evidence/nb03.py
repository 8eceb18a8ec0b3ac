"""Claims of notebook 03 and its exercises."""

import numpy as np

from evidence.core import above, between, claim, tuned
from gdtools.descent import descend

START = (0, 0)
RATES = 2.0 ** np.arange(-15, 1)


def excess(line, batch_size, **length):
    """A function of rates and seeds: how far above the lowest loss the runs end, shape (rates, seeds)."""

    def final(rates, seeds):
        run = descend(line, START, rates[:, None], seed=seeds, batch_size=batch_size, record_every=1_000_000, **length)
        return run.loss[-1] - line.floor

    return final


@claim(
    "03",
    cell="tune-after",
    says="At equal updates B = 1 and B = 32 have much the same best rate.",
    holds=between(1 / 4, 4),
)
def best_rate_at_equal_updates(draw):
    """The best rate of B = 32 over that of B = 1, after 626 updates"""
    line = draw.line()
    one, _ = tuned(excess(line, 1, steps=626), RATES, draw)
    many, _ = tuned(excess(line, 32, steps=626), RATES, draw)
    return many / one


@claim(
    "03",
    cell="tune-after",
    says="In two epochs the best rate of B = 32 is many times that of B = 1.",
    holds=above(8),
    slow=True,
)
def best_rate_at_equal_epochs(draw):
    """The best rate of B = 32 over that of B = 1, after two epochs"""
    line = draw.line()
    one, _ = tuned(excess(line, 1, epochs=2), RATES, draw)
    many, _ = tuned(excess(line, 32, epochs=2), RATES, draw)
    return many / one
