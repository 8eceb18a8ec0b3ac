"""Answers to the exercises of notebook 05."""

import math

import numpy as np

from gdtools.optimizers import cosine, step_decay
from tests.answers import right, wrong

right("noise_over_hill", [0.75, 0.046875, 0.8], (0.05 * 9 / 0.6, 0.75 / 16, 0.8), np.array([0.75, 0.0469, 0.8]))
wrong("noise_over_hill", "σ², not σ", [0.25, 0.046875, 0.8])
wrong("noise_over_hill", "How high is the hill?", [0.45, 0.46875, 0.8])
wrong("noise_over_hill", "multiply or divide?", [0.27, 0.046875, 0.8])
wrong("noise_over_hill", "Upside down", [4 / 3, 0.046875, 0.8])
wrong("noise_over_hill", "Where is η?", [15, 0.9375, 0.8])
wrong("noise_over_hill", "as noisy", [0.75, 0.75, 0.8])
wrong("noise_over_hill", "falls like √B", [0.75, 0.1875, 0.8])
wrong("noise_over_hill", "more noise?", [0.75, 12, 0.8])
wrong("noise_over_hill", "divide by 16 twice", [0.75, 0.75 / 256, 0.8])
wrong("noise_over_hill", "What makes up for it?", [0.75, 0.046875, 0.05])
wrong("noise_over_hill", "a quarter of what it was", [0.75, 0.046875, 0.2])
wrong("noise_over_hill", "smaller still", [0.75, 0.046875, 0.003125])
wrong("noise_over_hill", "three numbers", 0.75)


@right("updates_to_leave")
def runs_it(offset, distance, curvature, learning_rate):
    if offset == 0:
        return np.inf
    y, updates = offset, 0
    while abs(y) < distance:
        y = y - learning_rate * -curvature * y
        updates += 1
    return updates


@right("updates_to_leave")
def by_the_law(offset, distance, curvature, learning_rate):
    if offset == 0:
        return math.inf
    exact = math.log(distance / abs(offset)) / math.log(1 + learning_rate * curvature)
    return max(0, math.ceil(exact))


@right("updates_to_leave")
def by_the_law_with_numpy(offset, distance, curvature, learning_rate):
    growth = np.float64(distance) / np.abs(offset)
    return np.maximum(np.ceil(np.log(growth) / np.log1p(learning_rate * curvature)), 0).astype(np.float32)


@right("updates_to_leave")
def by_a_search(offset, distance, curvature, learning_rate):
    path = np.abs(offset) * (1 + learning_rate * curvature) ** np.arange(10_000.0)
    return np.argmax(path >= distance) if offset else float("inf")


def law(offset, distance, factor):
    return math.log(distance / abs(offset)) / math.log(factor)


@wrong("updates_to_leave", "One too few")
def rounds_down(offset, distance, curvature, learning_rate):
    return int(law(offset, distance, 1 + learning_rate * curvature))


@wrong("updates_to_leave", "One too many")
def counts_the_start(offset, distance, curvature, learning_rate):
    return 1 + math.ceil(law(offset, distance, 1 + learning_rate * curvature))


@wrong("updates_to_leave", "done in part")
def does_not_round(offset, distance, curvature, learning_rate):
    return law(offset, distance, 1 + learning_rate * curvature)


@wrong("updates_to_leave", "a 2 too many")
def keeps_the_factor_of_the_notebook(offset, distance, curvature, learning_rate):
    return math.ceil(law(offset, distance, 1 + 2 * learning_rate * curvature))


@wrong("updates_to_leave", "a half too many")
def forgets_the_square(offset, distance, curvature, learning_rate):
    return math.ceil(law(offset, distance, 1 + learning_rate * curvature / 2))


@wrong("updates_to_leave", "as in a valley")
def lets_it_shrink(offset, distance, curvature, learning_rate):
    return math.ceil(law(offset, distance, 1 - learning_rate * curvature))


@wrong("updates_to_leave", "steps without length")
def takes_an_exponential(offset, distance, curvature, learning_rate):
    return math.ceil(math.log(distance / offset) / (learning_rate * curvature))


@wrong("updates_to_leave", "the same amount every time")
def takes_equal_steps(offset, distance, curvature, learning_rate):
    return math.ceil((distance - offset) / (learning_rate * curvature * offset))


@wrong("updates_to_leave", "quotient of the logarithms")
def takes_one_logarithm(offset, distance, curvature, learning_rate):
    return math.ceil(math.log(distance / offset / (1 + learning_rate * curvature)))


@wrong("updates_to_leave", "to the other side")
def takes_the_logarithm_of_the_offset(offset, distance, curvature, learning_rate):
    return np.ceil(np.log(distance / offset) / np.log(1 + learning_rate * curvature))


@wrong("updates_to_leave", "A negative number of updates")
def goes_back_in_time(offset, distance, curvature, learning_rate):
    return math.ceil(law(offset, distance, 1 + learning_rate * curvature))


@wrong("updates_to_leave", "A negative number of updates")
def goes_back_in_time_from_the_ridge_on(offset, distance, curvature, learning_rate):
    if offset == 0:
        return math.inf
    return math.ceil(math.log(distance / abs(offset)) / math.log1p(learning_rate * curvature))


@wrong("updates_to_leave", "A negative number of updates")
def looks_beyond_the_distance_to_one_side(offset, distance, curvature, learning_rate):
    if offset >= distance:
        return 0
    return math.inf if offset == 0 else math.ceil(law(offset, distance, 1 + learning_rate * curvature))


@wrong("updates_to_leave", "updates_to_leave(0.001, 1.0, 3.0, 0.05) has not finished after")
def rolls_back_to_the_ridge(offset, distance, curvature, learning_rate):
    y, updates = offset, 0
    while abs(y) < distance:
        y -= learning_rate * curvature * y
        updates += 1
    return updates


@wrong("updates_to_leave", "updates_to_leave(-0.0001, 0.3, 5.0, 0.3) has not finished after")
def waits_on_one_side(offset, distance, curvature, learning_rate):
    y, updates = offset, 0
    while y < distance:
        y += learning_rate * curvature * y
        updates += 1
    return updates


@wrong("updates_to_leave", "updates_to_leave(0.0, 0.5, 2.0, 0.1) has not finished after")
def waits_on_the_ridge(offset, distance, curvature, learning_rate):
    y, updates = abs(offset), 0
    while y < distance:
        y += learning_rate * curvature * y
        updates += 1
    return updates


@wrong("updates_to_leave", "fails with ZeroDivisionError")
def divides_by_the_offset(offset, distance, curvature, learning_rate):
    return max(0, math.ceil(law(offset, distance, 1 + learning_rate * curvature)))


@wrong("updates_to_leave", "exactly on the ridge can't leave")
def skips_the_ridge(offset, distance, curvature, learning_rate):
    y, updates = offset, 0
    while y and abs(y) < distance:
        y, updates = y + learning_rate * curvature * y, updates + 1
    return updates


@right("annealed_rate")
def hot_then_cold(update):
    return 0.1 if update <= 1500 else 0.003


@right("annealed_rate")
def along_a_line(update):
    return 0.2 * (1 - update / 2000)


@right("annealed_rate")
def freezes(update):
    return np.where(update < 1200, 0.15, 0.15 * (1200 / update) ** 8)


@right("annealed_rate")
def takes_a_cosine(update):
    return cosine(0.15, 2000)(update)


@right("annealed_rate")
def takes_a_step_decay(update):
    return float(step_decay(0.2, every=400, factor=0.4)(update))


@wrong("annealed_rate", "got over the hill, but jitter")
def stays_hot(update):
    return 0.1


@wrong("annealed_rate", "got over the hill, but jitter")
def cools_too_little(update):
    return 0.1 if update <= 1000 else 0.05


@wrong("annealed_rate", "Have they time to settle")
def freezes_at_the_last_moment(update):
    return 0.1 if update <= 1950 else 0


@wrong("annealed_rate", "Only 69.5% of the runs end at the bottom. 69.5% got over the hill")
def is_nearly_good_enough(update):
    return 0.1 if update <= 340 else 0.005


@wrong("annealed_rate", "Does it get cold too soon")
def cools_at_once(update):
    return 0.1 / update


@wrong("annealed_rate", "Does it get cold too soon")
def cools_too_soon(update):
    return 0.1 if update <= 100 else 0.001


@wrong("annealed_rate", "Does it get cold too soon")
def is_never_hot(update):
    return 0.01


@wrong("annealed_rate", "Your rate grows")
def warms_up(update):
    return 0.1 * update / 2000


@wrong("annealed_rate", "Noise can carry you off")
def boils(update):
    return 2 if update <= 1900 else 0.001


@wrong("annealed_rate", "a rate below 0 goes uphill")
def goes_on_past_zero(update):
    return 0.1 - update / 10_000


@wrong("annealed_rate", "Is there a division by zero")
def is_infinite_at_the_end(update):
    return 0.1 * np.divide(1, 2000 - update)


@wrong("annealed_rate", "should be one number")
def returns_all_rates(update):
    return np.linspace(0.1, 0, 2000)
