"""Notebook 07: where momentum is a trap, and where it pays."""

import numpy as np
import pytest

from gdtools.descent import descend
from gdtools.losses import bowl
from gdtools.optimizers import GradientDescent, Momentum

TOY = bowl(1, 4)


@pytest.mark.parametrize(
    ("optimizer", "rate", "steps"),
    [(GradientDescent(), 0.1, 38), (Momentum(0.9), 0.1, 133), (Momentum(1 / 9), 2 / 9, 11)],
    ids=["plain", "trap", "tuned"],
)
def test_momentum_is_a_trap_on_the_toy_bowl_unless_it_is_tuned(optimizer, rate, steps):
    run = descend(TOY, (4, 2), rate, steps=200, optimizer=optimizer)
    assert run.updates_to(1e-6) == steps
    assert run.loss[steps] < 1e-6 < run.loss[steps - 1]


@pytest.mark.parametrize("kappa", [100, 1000])
def test_momentum_pays_on_a_long_bowl(kappa):
    """Both at their best: the rate 2/(λmin + λmax), and Polyak's rate and momentum."""
    loss, root = bowl(0.5, kappa / 2), np.sqrt(kappa)
    plain = descend(loss, (1, 1), 2 / (1 + kappa), steps=20 * kappa)
    heavy = Momentum(((root - 1) / (root + 1)) ** 2)
    ball = descend(loss, (1, 1), 4 / (1 + root) ** 2, steps=20 * kappa, optimizer=heavy)
    assert ball.updates_to(1e-6) < plain.updates_to(1e-6) / 3 < np.inf
