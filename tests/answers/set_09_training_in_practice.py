"""Answers to the exercises of notebook 09."""

import math

import numpy as np

from gdtools.optimizers import cosine, warm_up
from tests.answers import right, slips, wrong


@right("warm_up_cosine")
def with_two_factors(update, learning_rate, warm_up_updates, steps):
    passed = min((update - 1) / steps, 1)
    return min(update / warm_up_updates, 1) * learning_rate * (1 + math.cos(math.pi * passed)) / 2


@right("warm_up_cosine")
def case_by_case(update, learning_rate, warm_up_updates, steps):
    if update > steps:
        return 0
    rate = learning_rate * 0.5 * (1 + np.cos(np.pi * (update - 1) / steps))
    if update < warm_up_updates:
        rate *= update / warm_up_updates
    return rate


@right("warm_up_cosine")
def with_a_square(update, learning_rate, warm_up_updates, steps):
    passed = np.clip((update - 1) / steps, 0, 1)
    climb = np.clip(update / warm_up_updates, 0, 1)
    return np.float32(climb * learning_rate * np.cos(np.pi * passed / 2) ** 2)


right("warm_up_cosine", lambda update, rate, k, steps: warm_up(cosine(rate, steps), k)(update))
slips("warm_up_cosine", with_two_factors, ("fails with ZeroDivisionError", "/ steps", "/ (steps - 10)"))
wrong(
    "warm_up_cosine",
    "one rate, that of this update",
    lambda update, rate, k, steps: [cosine(rate, steps)(t) for t in range(1, steps + 1)],
)
