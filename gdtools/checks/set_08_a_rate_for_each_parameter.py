"""The exercises of notebook 08: a rate for each parameter."""

import numpy as np

from gdtools.checks.core import exercise
from gdtools.checks.set_01_the_update_rule import UPHILL
from gdtools.checks.set_07_momentum import NO_RATE
from gdtools.checks.words import parts_of

_GRADIENTS = np.array([[3, -0.03], [4, -0.04]])
_SUMS = np.cumsum(_GRADIENTS**2, axis=0)


def _after(divisors, rate=0.5):
    return 2 - rate * (_GRADIENTS / divisors).sum(axis=0)


@exercise("adagrad_place", _after(np.sqrt(_SUMS)), {
    UPHILL: _after(np.sqrt(_SUMS), -0.5),
    "The root is missing: you divide by s itself.": _after(_SUMS),
    "s is the sum over both updates. Yours has forgotten the first gradient.": _after(np.abs(_GRADIENTS)),
    "That is plain descent. What do you divide by?": _after(1),
    "You divide by one length for both parameters. Each has an s of its own.":
        _after(np.sqrt(_SUMS.sum(axis=1, keepdims=True))),
    "s adds up the squares, not the gradients.": _after(np.abs(np.cumsum(_GRADIENTS, axis=0))),
    "That is the mean of the squares. AdaGrad's s is their sum.": _after(np.sqrt(_SUMS / [[1], [2]])),
    "That is the place after the first update.": [1.5, 2.5],
    "That is the second step with the second s, for both updates. The first one had a smaller s.":
        _after(np.sqrt(_SUMS[1])),
    "Those are the two parameters' ways. Where do they end?": _after(np.sqrt(_SUMS)) - 2,
    "The first is right. Along the second you subtract a negative number: which way does that go?": [1.1, 1.1],
})
def adagrad_place(answer):
    answer.entry("adagrad_place", rtol=1e-3)
    yield "both parameters have moved equally far: the size of a gradient is divided out"


def _mean(old, new, beta, other_beta, t):
    return beta * old + (1 - beta) * new


def _adam(
    m=_mean,
    s=_mean,
    square=lambda gradient, m: gradient**2,
    hats=lambda m, s, beta1, beta2, t: (m / (1 - beta1**t), s / (1 - beta2**t)),
    ratio=lambda m, s, e, gradient: m / (np.sqrt(s) + e),
    place=lambda theta, ratio, rate, epsilon: theta - rate * ratio,
    kept=lambda t, m, s, old: (t, m, s),
):
    """Adam, in which one thing or the other is done in another way."""

    def update(theta, state, gradient, rate, beta1, beta2, epsilon):
        t, new_m = state[0] + 1, m(state[1], gradient, beta1, beta2, state[0] + 1)
        new_s = s(state[2], square(gradient, new_m), beta2, beta1, t)
        step = ratio(*hats(new_m, new_s, beta1, beta2, t), epsilon, gradient)
        return place(theta, step, rate, epsilon), kept(t, new_m, new_s, state)

    return update


def _mistakes_of_a_mean(name):
    """What goes wrong in β old + (1 − β) new."""
    changes = {
        f"You keep {name} with its hat, and the next update would correct it again. Keep it without.":
            lambda old, new, beta, other, t: (beta * old + (1 - beta) * new) / (1 - beta**t),
        f"β and 1 − β are the wrong way round in {name}: most of the old mean is kept.":
            lambda old, new, beta, other, t: (1 - beta) * old + beta * new,
        f"{name} is a mean, yours is a sum that fades. What factor does the new one get?":
            lambda old, new, beta, other, t: beta * old + new,
        f"{name} fades with the other β.": lambda old, new, beta, other, t: other * old + (1 - other) * new,
        f"What is left of the old {name}?": lambda old, new, beta, other, t: (1 - beta) * new,
        f"You return the {name} that you were given. The next update needs the new one.":
            lambda old, new, beta, other, t: old,
    }
    return {hint: _adam(**{name: change}) for hint, change in changes.items()}


@exercise("adam_update(theta, state, gradient, learning_rate, beta1, beta2, epsilon)", _adam(), {
    "The number of updates in the state is still the old one. This was one more.":
        _adam(kept=lambda t, m, s, old: (t - 1, m, s)),
    **_mistakes_of_a_mean("m"),
    "The two means are the wrong way round in the state: m first, then s.": _adam(kept=lambda t, m, s, old: (t, s, m)),
    **_mistakes_of_a_mean("s"),
    "s is a mean of squares, and your gradient isn't squared.": _adam(square=lambda gradient, m: gradient),
    "s is the mean of the squares, not of the square of a mean.": _adam(square=lambda gradient, m: m**2),
    "That is one mean for all parameters. Each has its own.": _adam(square=lambda gradient, m: np.mean(gradient**2)),
    "That is AdaGrad's sum, which never forgets. Adam's s is a mean that does.":
        _adam(s=lambda old, new, *betas: old + new),
    "The state holds s itself. The root is for the step alone.": _adam(s=lambda *given: np.sqrt(_mean(*given))),
    "The hats are forgotten. Both means began at 0: how long would the first step be?":
        _adam(hats=lambda m, s, beta1, beta2, t: (m, s)),
    "m has its hat, but s has none.": _adam(hats=lambda m, s, beta1, beta2, t: (m / (1 - beta1**t), s)),
    "s has its hat, but m has none.": _adam(hats=lambda m, s, beta1, beta2, t: (m, s / (1 - beta2**t))),
    "Your hats use the t of the update before. At the first update, t is 1.":
        _adam(hats=lambda m, s, beta1, beta2, t: (m / (1 - beta1 ** (t - 1)), s / (1 - beta2 ** (t - 1)))),
    "In the hats β is taken to the power t, not times t.":
        _adam(hats=lambda m, s, beta1, beta2, t: (m / (1 - beta1 * t), s / np.abs(1 - beta2 * t))),
    "Your hats lack the power: how many updates are behind the means?":
        _adam(hats=lambda m, s, beta1, beta2, t: (m / (1 - beta1), s / (1 - beta2))),
    "Both hats use the first β. Each mean has its own.":
        _adam(hats=lambda m, s, beta1, beta2, t: (m / (1 - beta1**t), s / (1 - beta1**t))),
    "Both hats use the second β. Each mean has its own.":
        _adam(hats=lambda m, s, beta1, beta2, t: (m / (1 - beta2**t), s / (1 - beta2**t))),
    "Are there brackets missing in the hats? Python divides before it subtracts.":
        _adam(hats=lambda m, s, beta1, beta2, t: (m / 1 - beta1**t, s / 1 - beta2**t)),
    "Your hats make the means smaller. They began at 0, so they are too small.":
        _adam(hats=lambda m, s, beta1, beta2, t: (m * (1 - beta1**t), s * (1 - beta2**t))),
    "The root is missing: you divide by the mean of the squares itself.":
        _adam(ratio=lambda m, s, e, gradient: m / (s + e)),
    "Your ε is under the root. Here it's added to the root.": _adam(ratio=lambda m, s, e, gradient: m / np.sqrt(s + e)),
    "Your ε is added to √s. Here it's added to √ŝ, after the hat.":
        _adam(hats=lambda m, s, beta1, beta2, t: (m * np.sqrt(1 - beta2**t) / (1 - beta1**t), s)),
    "ε is missing. What happens without it where all gradients were 0?":
        _adam(ratio=lambda m, s, e, gradient: m / np.sqrt(s)),
    "Are there brackets missing? ε belongs to what you divide by.":
        _adam(ratio=lambda m, s, *more: m / np.sqrt(s), place=lambda theta, ratio, rate, e: theta - rate * ratio + e),
    "You step with the gradient. Where is m?": _adam(ratio=lambda m, s, e, gradient: gradient / (np.sqrt(s) + e)),
    UPHILL: _adam(place=lambda theta, ratio, rate, epsilon: theta + rate * ratio),
    NO_RATE: _adam(place=lambda theta, ratio, rate, epsilon: theta - ratio),
    "That is the step alone. Where does it start?": _adam(place=lambda theta, ratio, rate, epsilon: -rate * ratio),
    "You return the theta that you were given.": _adam(place=lambda theta, *more: theta),
}, example=(np.array([1.0]), (0, np.array([0.0]), np.array([0.0])), np.array([2.0]), 0.1, 0.5, 0.5, 0.0))
def adam_update(answer):
    def parts(result):
        theta, state = parts_of(result, "(theta, state)", "what adam_update returns")
        t, m, s = parts_of(state, "(t, m, s)", "the state that adam_update returns")
        return {"the number of updates": t, "m": m, "s": s, "the new theta": theta}

    rng = np.random.default_rng(62)
    for shape in ((3,), (1,), (2, 4)):
        theta, m, gradient = rng.normal(size=(3, *shape))
        s, t = rng.uniform(1, 4, size=shape), int(rng.integers(3, 7))
        rates = rng.uniform(0.1, 0.4), rng.uniform(0.6, 0.8), rng.uniform(0.9, 0.95), 0.2
        answer.on(theta, (t, m, s), gradient, *rates, parts=parts)
        yield f"means and theta of shape {shape}"

    theta, state = np.array([10.0, 20.0, 30.0, 40.0]), (0, np.zeros(4), np.zeros(4))
    slope = np.array([40, -0.01, 1, 0])
    for _ in range(5):
        theta, state = answer.on(theta, state, slope, 0.5, 0.9, 0.999, 1e-12, parts=parts)
        theta, state = np.asarray(theta), (state[0], *map(np.asarray, state[1:]))
    yield "from the first update on, a step in a constant slope is as long as η, steep or not"
    yield "a parameter whose gradient is always 0 stays"


@exercise("decayed_weight", [1.9, 1.9, 1.92, 1.9992], {
    "With L2 you decay as plain descent does. What does Adam divide each gradient by, that of the penalty, too?":
        [1.92, 1.9992, 1.92, 1.9992],
    "AdamW keeps the decay out of m and s. How long is Adam's step, then, and how long the decay beside it?":
        [1.9, 1.9, 1.9, 1.9],
    "The decay is right, but AdamW makes no step of η besides: the gradient is 0.": [1.9, 1.9, 1.82, 1.8992],
    "L2 and AdamW are the wrong way round.": [1.92, 1.9992, 1.9, 1.9],
    "The data's gradient is 0. That of the penalty isn't: what is δθ?": [2, 2, 1.92, 1.9992],
    "The hats are forgotten in your Adam: both means begin at 0.":
        [2 - 0.01 / 0.001**0.5, 2 - 0.01 / 0.001**0.5, 1.92, 1.9992],
    "In your AdamW the decay lacks η.": [1.9, 1.9, 1.2, 1.992],
    "In your AdamW the decay is the same for every weight. How large is this one?": [1.9, 1.9, 1.96, 1.9996],
    "Your weights grow. Decay makes them smaller.": [2.1, 2.1, 2.08, 2.0008],
    "Those are the steps. Where does the weight end?": [0.1, 0.1, 0.08, 0.0008],
})
def decayed_weight(answer):
    answer.entry("decayed_weight", rtol=1e-5)
    yield "inside Adam δ cancels: both go one step of η"
    yield "beside Adam's step, each weight loses the share ηδ"
