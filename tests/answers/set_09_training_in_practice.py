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

right("same_step", [0.00078125, 0.1, 0.00125], (0.05 / 64, 0.05 * 2, 0.05 / (1000 - 15 * 64)))
right("same_step", np.array([7.8125e-4, 0.1, 1.25e-3], np.float32))
wrong("same_step", "should be three numbers", [0.05 / 64, 0.1], 0.00078)


@right("clip")
def with_a_minimum(gradient, max_norm):
    length = np.sqrt(np.sum(gradient**2))
    return gradient * min(1, max_norm / length) if length > 0 else gradient


@right("clip")
def entry_by_entry(gradient, max_norm):
    length = math.hypot(*gradient)
    factor = max_norm / max(length, max_norm)
    return [factor * entry for entry in gradient]


@right("clip")
def in_single_precision(gradient, max_norm):
    return with_a_minimum(gradient, max_norm).astype(np.float32)


@wrong("clip", "isn't right yet")
def shortens_by_the_wrong_power(gradient, max_norm):
    length = np.linalg.norm(gradient)
    return gradient * (max_norm / length) ** 2 if length > max_norm else gradient


@right("clip")
def divides_by_a_length_of_0(gradient, max_norm):
    return gradient * min(1, max_norm / np.linalg.norm(gradient))


@wrong("clip", "changes its argument in place")
def writes_into_the_gradient(gradient, max_norm):
    gradient *= min(1, max_norm / max(np.linalg.norm(gradient), 1e-30))
    return gradient


@right("early_stop")
def with_a_counter(validation, patience):
    best, waited = 0, 0
    for epoch in range(1, len(validation)):
        if validation[epoch] < validation[best]:
            best, waited = epoch, 0
        else:
            waited += 1
        if waited == patience:
            return epoch, best
    return len(validation) - 1, best


@right("early_stop")
def with_a_slice(validation, patience):
    for epoch in range(len(validation)):
        best = int(np.argmin(validation[: epoch + 1]))
        if epoch - best >= patience:
            return [epoch, best]
    return np.array([epoch, best])


@right("early_stop")
def going_back(validation, patience):
    epoch = patience
    while epoch < len(validation) and min(validation[epoch - patience + 1 : epoch + 1]) < min(
        validation[: epoch - patience + 1]
    ):
        epoch += 1
    epoch = min(epoch, len(validation) - 1)
    return epoch, validation.index(min(validation[: epoch + 1]))


@wrong("early_stop", "isn't right yet")
def takes_the_middle(validation, patience):
    return len(validation) // 2, 1


@wrong("early_stop", "fails with IndexError")
def reads_beyond_the_end(validation, patience):
    epoch = 0
    while min(validation[epoch + 1], validation[epoch]) < validation[epoch] or epoch < 99:
        epoch += 1
    return epoch, epoch


right("same_step", [0.00078, 0.1, 0.00125])


@wrong("warm_up_cosine", "For k = 20 and T = 200, your rate of update 192 is")
def never_quite_off(update, learning_rate, warm_up_updates, steps):
    if update > steps:
        return 0.0
    wave = (1 + np.cos(np.pi * (update - 1) / steps)) / 2
    return max(0.001, learning_rate * min(1, update / warm_up_updates) * wave)


@wrong("early_stop", "Your function doesn't use patience")
def always_three(validation, patience):
    best = 0
    for epoch, loss in enumerate(validation):
        if loss < validation[best]:
            best = epoch
        if epoch - best == 3:
            break
    return epoch, best
