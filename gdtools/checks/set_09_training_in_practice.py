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
    for rate, k, T in ((0.3, 4, 10), (2, 6, 6), (0.05, 1, 7), (0.2, 20, 200)):
        updates = np.array([*range(1, T + 4), 3 * T])

        def otherwise(what, rates, right, updates=updates, k=k, T=T):
            if rates.shape != right.shape:
                return "Return one rate, that of this update: no list, no array."
            off = ~np.isclose(rates, right)
            spans = {"in the warm-up": updates <= k, "between warm-up and end": (k < updates) & (updates <= T)}
            spans["after the last update"] = updates > T
            fine = [span for span, inside in spans.items() if inside.any() and not off[inside].any()]
            first, size = updates[off][0], "high" if (rates > right)[off][0] else "low"
            told = f"For k = {k} and T = {T}, your rate of update {first} is {rates[off][0]:.4g}, too {size}."
            return told + (f" Right are those {' and '.join(fine)}." if fine else "")

        calls = [(int(t), rate, k, T) for t in updates]
        answer.on_each(calls, what=f"the rates of updates 1 to {T + 3}, and {3 * T},", otherwise=otherwise)
        yield f"a warm-up of {k} {'update' if k == 1 else 'updates'} in {T} steps, then 0"


SUM = "The sum's gradient is longer. Should its η be larger, for the same step, or smaller?"


@exercise("same_step", [0.05 / 64, 0.1, 0.05 / 40], {
    SUM: [0.05 * 64, 0.1, 0.05 * 40],
    "A sum and a mean of 64 have different gradients. By which factor?": [0.05, 0.1, 0.05],
    "Half of a loss has half of its gradient. Which η makes up for it?": [0.05 / 64, 0.025, 0.05 / 40],
    "The last batch is short. How many of the 1000 are left for it?": [0.05 / 64, 0.1, 0.05 / 64],
    "So many are missing from a full batch. How many are in it?": [0.05 / 64, 0.1, 0.05 / 24],
    "1000 is the number of all examples. How many does this step sum?": [0.05 / 64, 0.1, 0.05 / 1000],
    "In the first and in the third, the factor is there. The rate of the mean is missing.": [1 / 64, 0.1, 1 / 40],
})
def same_step(answer):
    for place, what in enumerate(("for the sum", "for the half", "for the short last batch")):
        answer.entry(f"η {what}", place, rtol=5e-3)
        yield f"η {what}"


def _clipped(to=lambda g, c: g * (c / np.linalg.norm(g)), longer=lambda g, c: np.linalg.norm(g) > c):
    """Clipping, in which one thing or the other is done in another way."""
    return lambda g, c: to(g, c) if longer(g, c) else g


@exercise("clip(gradient, max_norm)", _clipped(), {
    "You clip entry by entry, so the direction turns. It is the length of the whole that counts.":
        lambda g, c: np.clip(g, -c, c),
    "A gradient that is short enough should stay as it is: yours becomes longer.":
        _clipped(longer=lambda g, c: np.linalg.norm(g) > 0),
    "Yours ends with length 1. How long may it be?": _clipped(to=lambda g, c: g / np.linalg.norm(g)),
    "You divide by the square of the length. Is there a root missing?": _clipped(to=lambda g, c: g * c / np.sum(g**2)),
    "You divide by max_norm. How long is the result then?": _clipped(to=lambda g, c: g / c),
    "The sum of the entries is not the length.":
        _clipped(to=lambda g, c: g * c / np.sum(np.abs(g)), longer=lambda g, c: np.sum(np.abs(g)) > c),
    "The largest entry is not the length.":
        _clipped(to=lambda g, c: g * c / np.max(np.abs(g)), longer=lambda g, c: np.max(np.abs(g)) > c),
    "You compare the square of the length with max_norm. Is there a root missing?":
        _clipped(longer=lambda g, c: np.sum(g**2) > c),
    "That is the root of a mean. The length is the root of the sum.":
        _clipped(to=lambda g, c: g * c / np.sqrt(np.mean(g**2)), longer=lambda g, c: np.sqrt(np.mean(g**2)) > c),
    "A gradient that is too long is not thrown away: it keeps its direction.": _clipped(to=lambda g, c: 0 * g),
    "A gradient that is too long is returned as it is.": lambda g, c: g,
    "The direction is turned round.": _clipped(to=lambda g, c: -g * (c / np.linalg.norm(g))),
}, example=(np.array([3.0, 4.0]), 2.0))
def clip(answer):
    rng = np.random.default_rng(91)
    for d in (2, 5, 1):
        direction = rng.normal(size=d)
        direction /= np.linalg.norm(direction)
        most = 1.5 if d > 1 else 0.95
        lengths = {"a long": 7, "a short": 0.9, "a very short": 0.3, "a just too long": 1.02 * most}
        for word, length in (lengths | {"a nearly too long": 0.87 * most}).items():
            answer.on(length * direction, most, what=f"{word} gradient with {d} entries")
        yield f"gradients with {d} {'entry' if d == 1 else 'entries'}, too long and short enough"
    answer.on(np.zeros(3), 1.0, what="a gradient of zeros")
    yield "a gradient of zeros"


def _stopping(
    better=lambda loss, best: loss < best,
    kept=lambda epoch, best: best,
    done=lambda epoch, best, patience: epoch - best == patience,
):
    """Early stopping, in which one thing or the other is done in another way."""

    def early_stop(validation, patience):
        best = 0
        for epoch, loss in enumerate(validation):
            if better(loss, validation[best]):
                best = epoch
            if done(epoch, best, patience):
                break
        return epoch, kept(epoch, best)

    return early_stop


def _counting_rises(validation, patience):
    rises = 0
    for epoch in range(1, len(validation)):
        rises = rises + 1 if validation[epoch] > validation[epoch - 1] else 0
        if rises == patience:
            break
    return epoch, int(np.argmin(validation[: epoch + 1]))


def _counting_all(validation, patience):
    best = worse = 0
    for epoch in range(1, len(validation)):
        if validation[epoch] < validation[best]:
            best = epoch
        else:
            worse += 1
        if worse == patience:
            break
    return epoch, best


@exercise("early_stop(validation, patience)", _stopping(), {
    "That is the lowest of all. When the run stops, nobody knows what would have come later.":
        lambda v, p: (min(int(np.argmin(v)) + p, len(v) - 1), int(np.argmin(v))),
    "You stop in time, but keep the last epoch. Which θ was the best so far?":
        _stopping(kept=lambda epoch, best: epoch),
    "An equal loss undercuts nothing, so it doesn't start the count again.":
        _stopping(better=lambda loss, best: loss <= best),
    "You stop one epoch late. For how many epochs in a row may nobody undercut the lowest?":
        _stopping(done=lambda epoch, best, p: epoch - best > p),
    "You stop one epoch early. For how many epochs in a row may nobody undercut the lowest?":
        _stopping(done=lambda epoch, best, p: epoch - best == p - 1 and epoch > 0),
    "You count rises in a row. A loss that goes up and down, but never below the lowest, has to stop as well.":
        _counting_rises,
    "However little lower a loss is, the lowest has been undercut.":
        _stopping(better=lambda loss, best: loss < best - 0.05),
    "You count all epochs that undercut nothing. They have to be in a row: after a new lowest, the count begins anew.":
        _counting_all,
    "A run that is never stopped ends with its last epoch. Entry 0 is the start: how many epochs are there?":
        lambda v, p: (lambda stop, best: (stop + (stop - best < p), best))(*_stopping()(v, p)),
    "Yours never stops. When has the lowest stood for long enough?": _stopping(done=lambda epoch, best, p: False),
    "The two are the wrong way round: first where the run stops, then what is kept.":
        lambda v, p: _stopping()(v, p)[::-1],
}, example=([3, 2, 4, 5, 1], 2))
def early_stop(answer):
    falls, turns = [5, 4, 3, 2.5, 2.2], [5, 3, 2, 2.5, 2.4, 2.6, 2.3, 1.0, 0.5, 0.8, 0.7, 0.9, 1.0, 0.95, 0.9]
    for validation, patience, what in (
        (turns, 2, "a loss that turns"),
        (turns, 3, "more patience"),
        (turns, 5, "patience enough for a second valley"),
        (falls, 2, "a loss that never turns"),
        ([2, 1.9, 1.89, 1.88, 1.87, 1.9, 1.95], 2, "a loss that falls by little"),
        ([3, 2, 2, 2, 2, 1], 3, "equal losses"),
        ([1, 2, 3, 4, 5], 2, "a start that is the best"),
        ([4, 3, 3.5, 3.2, 3.4, 3.1, 3.3, 3.05, 3.2, 2], 4, "a loss that goes up and down"),
        ([4, 3, 5], 5, "a run shorter than the patience"),
    ):
        answer.on(validation, patience, what=what)
        yield what
