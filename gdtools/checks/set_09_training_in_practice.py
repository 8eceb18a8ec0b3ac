"""The exercises of notebook 09: training in practice."""

import numpy as np

from gdtools.checks.core import as_numbers, call, compare, exercise, require


@exercise("warm_up_cosine(update, learning_rate, warm_up_updates, steps)")
def warm_up_cosine(schedule):
    for eta, k, T in ((0.3, 4, 10), (2, 6, 6), (0.05, 1, 7)):
        t = np.arange(1, T + 4)
        climb, phase = np.minimum(t / k, 1), np.minimum((t - 1) / T, 1)
        late, later = np.clip((t - 1 - k) / max(T - k, 1), 0, 1), np.clip((t - k) / max(T - k, 1), 0, 1)

        def cosine(phase, eta=eta):
            return eta * (1 + np.cos(np.pi * phase)) / 2

        mistakes = {
            "Your first rate is 0, so the first update is wasted. Updates are counted from 1.": (
                np.minimum((t - 1) / k, 1) * cosine(phase)
            ),
            "The cosine has begun to fall at update 1 already. How much of it has passed there?": (
                climb * cosine(np.minimum(t / T, 1))
            ),
            "After the last step the cosine climbs up again. It should stay where it has come down to.": (
                climb * cosine((t - 1) / T)
            ),
            "Off by one, and after the last step it climbs again. How much has passed at update 1?": (
                climb * cosine(t / T)
            ),
            "Your last update has the rate 0, so it is wasted. 0 comes after it.": (
                climb * cosine(np.minimum((t - 1) / (T - 1), 1))
            ),
            "A whole wave comes up again. You need half a wave.": climb * cosine(2 * phase),
            "Your rate is twice as high as it should be: 1 + cos goes from 2 to 0.": climb * 2 * cosine(phase),
            "Half a cosine from 1 to −1 makes negative rates. Lift it, and halve it.": climb
            * (2 * cosine(phase) - eta),
            "A quarter of a wave also ends at 0, but the way down is another: half a wave, lifted.": (
                climb * eta * np.cos(np.pi / 2 * phase)
            ),
            "That falls in a straight line. The cosine starts and ends gently.": climb * eta * (1 - phase),
            "The warm-up is missing: the first updates should be smaller.": cosine(phase),
            "The warm-up never ends. Which factor is right after it?": t / k * cosine(phase),
            "Up to the end of the warm-up you leave the cosine out. The climb is a factor on it.": (
                np.where(t <= k, eta * t / k, cosine(phase))
            ),
            "In yours the cosine waits for the end of the warm-up. Here it counts its updates from the start.": (
                np.where(t <= k, eta * t / k, cosine(late))
            ),
            "Your cosine waits for the end of the warm-up. Here it counts its updates from the start.": (
                np.where(t <= k, eta * t / k, cosine(later))
            ),
            "That is the factor. The learning rate is missing.": climb * cosine(phase, 1),
        }
        rates = [as_numbers(call(schedule, int(one), eta, k, T), "the rate") for one in t]
        require(all(rate.ndim == 0 for rate in rates), "Return one rate, that of this update: no list, no array.")
        what = f"the rates of updates 1 to {T + 3}"
        compare(rates, climb * cosine(phase), mistakes, what=what, function=schedule)
        yield f"a warm-up of {k} {'update' if k == 1 else 'updates'} in {T} steps, then 0"
