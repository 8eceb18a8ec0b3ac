"""Answers to the exercises of notebook 09."""

import math

import numpy as np

from gdtools.optimizers import cosine, warm_up
from tests.answers import right, wrong


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


@right("warm_up_cosine")
def scheduled_by_the_package(update, learning_rate, warm_up_updates, steps):
    return warm_up(cosine(learning_rate, steps), warm_up_updates)(update)


@wrong("warm_up_cosine", "Your first rate is 0")
def counts_from_zero(update, learning_rate, warm_up_updates, steps):
    passed = min((update - 1) / steps, 1)
    return min((update - 1) / warm_up_updates, 1) * learning_rate * (1 + math.cos(math.pi * passed)) / 2


@wrong("warm_up_cosine", "fall at update 1 already")
def falls_too_early(update, learning_rate, warm_up_updates, steps):
    passed = min(update / steps, 1)
    return min(update / warm_up_updates, 1) * learning_rate * (1 + math.cos(math.pi * passed)) / 2


@wrong("warm_up_cosine", "After the last step the cosine climbs up again")
def comes_up_again(update, learning_rate, warm_up_updates, steps):
    passed = (update - 1) / steps
    return min(update / warm_up_updates, 1) * learning_rate * (1 + math.cos(math.pi * passed)) / 2


@wrong("warm_up_cosine", "Your last update has the rate 0")
def arrives_with_the_last_update(update, learning_rate, warm_up_updates, steps):
    passed = min((update - 1) / (steps - 1), 1)
    return min(update / warm_up_updates, 1) * learning_rate * (1 + math.cos(math.pi * passed)) / 2


@wrong("warm_up_cosine", "Off by one, and")
def falls_too_early_and_comes_up_again(update, learning_rate, warm_up_updates, steps):
    return min(update / warm_up_updates, 1) * learning_rate * (1 + math.cos(math.pi * update / steps)) / 2


@wrong("warm_up_cosine", "half a wave")
def goes_through_a_whole_wave(update, learning_rate, warm_up_updates, steps):
    passed = min((update - 1) / steps, 1)
    return min(update / warm_up_updates, 1) * learning_rate * (1 + math.cos(2 * math.pi * passed)) / 2


@wrong("warm_up_cosine", "twice as high")
def forgets_to_halve(update, learning_rate, warm_up_updates, steps):
    passed = min((update - 1) / steps, 1)
    return min(update / warm_up_updates, 1) * learning_rate * (1 + math.cos(math.pi * passed))


@wrong("warm_up_cosine", "negative rates")
def forgets_to_lift(update, learning_rate, warm_up_updates, steps):
    passed = min((update - 1) / steps, 1)
    return min(update / warm_up_updates, 1) * learning_rate * math.cos(math.pi * passed)


@wrong("warm_up_cosine", "in a straight line")
def falls_in_a_line(update, learning_rate, warm_up_updates, steps):
    return min(update / warm_up_updates, 1) * learning_rate * (1 - min((update - 1) / steps, 1))


@wrong("warm_up_cosine", "The warm-up is missing")
def starts_cold(update, learning_rate, warm_up_updates, steps):
    return cosine(learning_rate, steps)(update)


@wrong("warm_up_cosine", "The warm-up never ends")
def warms_for_ever(update, learning_rate, warm_up_updates, steps):
    return update / warm_up_updates * cosine(learning_rate, steps)(update)


@wrong("warm_up_cosine", "The climb is a factor on it")
def climbs_first(update, learning_rate, warm_up_updates, steps):
    if update <= warm_up_updates:
        return learning_rate * update / warm_up_updates
    return cosine(learning_rate, steps)(update)


@wrong("warm_up_cosine", "counts its updates from the start")
def waits_with_the_cosine(update, learning_rate, warm_up_updates, steps):
    if update <= warm_up_updates:
        return learning_rate * update / warm_up_updates
    passed = min((update - warm_up_updates) / (steps - warm_up_updates), 1)
    return learning_rate * (1 + math.cos(math.pi * passed)) / 2


@wrong("warm_up_cosine", "fails with ZeroDivisionError")
def begins_the_cosine_late(update, learning_rate, warm_up_updates, steps):
    passed = min((update - 1) / (steps - 10), 1)
    return min(update / warm_up_updates, 1) * learning_rate * (1 + math.cos(math.pi * passed)) / 2


@wrong("warm_up_cosine", "one rate, that of this update")
def returns_the_whole_schedule(update, learning_rate, warm_up_updates, steps):
    return [cosine(learning_rate, steps)(t) for t in range(1, steps + 1)]
