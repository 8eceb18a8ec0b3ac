"""The exercises of notebook 09: training in practice."""

import numpy as np

from gdtools.checks.core import exercise


def _scheduled(
    climb=lambda t, k: min(t / k, 1),
    passed=lambda t, k, T: min((t - 1) / T, 1),
    wave=lambda passed: (1 + np.cos(np.pi * passed)) / 2,
):
    """The schedule, in which one thing or the other is done in another way."""
    return lambda t, rate, k, T: climb(t, k) * rate * wave(passed(t, k, T))


def _climbing_first(passed):
    """A climb in a straight line, and then the cosine."""
    return lambda t, rate, k, T: rate * t / k if t <= k else _scheduled(passed=passed)(t, rate, k, T)


@exercise("warm_up_cosine(update, learning_rate, warm_up_updates, steps)", _scheduled(), {
    "Your first rate is 0, so the first update is wasted. Updates are counted from 1.":
        _scheduled(climb=lambda t, k: min((t - 1) / k, 1)),
    "The cosine has begun to fall at update 1 already. How much of it has passed there?":
        _scheduled(passed=lambda t, k, T: min(t / T, 1)),
    "After the last step the cosine climbs up again. It should stay where it has come down to.":
        _scheduled(passed=lambda t, k, T: (t - 1) / T),
    "Off by one, and after the last step it climbs again. How much has passed at update 1?":
        _scheduled(passed=lambda t, k, T: t / T),
    "Your last update has the rate 0, so it is wasted. 0 comes after it.":
        _scheduled(passed=lambda t, k, T: min((t - 1) / (T - 1), 1)),
    "A whole wave comes up again. You need half a wave.":
        _scheduled(wave=lambda passed: (1 + np.cos(2 * np.pi * passed)) / 2),
    "Your rate is twice as high as it should be: 1 + cos goes from 2 to 0.":
        _scheduled(wave=lambda passed: 1 + np.cos(np.pi * passed)),
    "Half a cosine from 1 to −1 makes negative rates. Lift it, and halve it.":
        _scheduled(wave=lambda passed: np.cos(np.pi * passed)),
    "A quarter of a wave also ends at 0, but the way down is another: half a wave, lifted.":
        _scheduled(wave=lambda passed: np.cos(np.pi / 2 * passed)),
    "That falls in a straight line. The cosine starts and ends gently.": _scheduled(wave=lambda passed: 1 - passed),
    "The warm-up is missing: the first updates should be smaller.": _scheduled(climb=lambda t, k: 1),
    "The warm-up never ends. Which factor is right after it?": _scheduled(climb=lambda t, k: t / k),
    "Up to the end of the warm-up you leave the cosine out. The climb is a factor on it.":
        _climbing_first(lambda t, k, T: min((t - 1) / T, 1)),
    "In yours the cosine waits for the end of the warm-up. Here it counts its updates from the start.":
        _climbing_first(lambda t, k, T: min((t - 1 - k) / max(T - k, 1), 1)),
    "Your cosine waits for the end of the warm-up. Here it counts its updates from the start.":
        _climbing_first(lambda t, k, T: min((t - k) / max(T - k, 1), 1)),
    "That is the factor. The learning rate is missing.": lambda t, rate, k, T: _scheduled()(t, 1, k, T),
})
def warm_up_cosine(answer):
    def otherwise(what, rates, right):
        return "Return one rate, that of this update: no list, no array." if rates.ndim > 1 else None

    for rate, k, T in ((0.3, 4, 10), (2, 6, 6), (0.05, 1, 7)):
        answer.on_each(
            [(t, rate, k, T) for t in range(1, T + 4)], what=f"the rates of updates 1 to {T + 3}", otherwise=otherwise
        )
        yield f"a warm-up of {k} {'update' if k == 1 else 'updates'} in {T} steps, then 0"
