"""The exercises of notebook 08: a rate for each parameter."""

import numpy as np

from gdtools.checks.core import as_numbers, call, compare, exercise, parts_of
from gdtools.checks.set_01_the_update_rule import UPHILL
from gdtools.checks.set_07_momentum import NO_RATE


@exercise("adagrad_place")
def adagrad_place(place):
    gradients = np.array([[3, -0.03], [4, -0.04]])

    def after(divisors):
        return 2 - 0.5 * (gradients / divisors).sum(axis=0)

    sums = np.cumsum(gradients**2, axis=0)
    mistakes = {
        UPHILL: 2 + 0.5 * (gradients / np.sqrt(sums)).sum(axis=0),
        "The root is missing: you divide by s itself.": after(sums),
        "s is the sum over both updates. Yours has forgotten the first gradient.": after(np.abs(gradients)),
        "That is plain descent. What do you divide by?": after(1),
        "You divide by one length for both parameters. Each has an s of its own.": after(
            np.sqrt(sums.sum(axis=1, keepdims=True))
        ),
        "s adds up the squares, not the gradients.": after(np.abs(np.cumsum(gradients, axis=0))),
        "That is the mean of the squares. AdaGrad's s is their sum.": after(np.sqrt(sums / [[1], [2]])),
        "That is the place after the first update.": [1.5, 2.5],
        "That is the second step with the second s, for both updates. The first one had a smaller s.": after(
            np.sqrt(sums[1])
        ),
        "Those are the two parameters' ways. Where do they end?": after(np.sqrt(sums)) - 2,
        "The first is right. Along the second you subtract a negative number: which way does that go?": [1.1, 1.1],
    }
    compare(place, after(np.sqrt(sums)), mistakes, what="adagrad_place", rtol=1e-3)
    yield "both parameters have moved equally far: the size of a gradient is divided out"


@exercise("adam_update(theta, state, gradient, learning_rate, beta1, beta2, epsilon)")
def adam_update(update):
    def step(*arguments):
        """What the student makes of one update: theta, t, m and s."""
        theta, state = parts_of(call(update, *arguments), "(theta, state)", "what adam_update returns")
        return theta, *parts_of(state, "(t, m, s)", "the state that adam_update returns")

    rng = np.random.default_rng(62)
    for shape in ((3,), (1,), (2, 4)):
        theta, m, g = rng.normal(size=(3, *shape))
        s, t = rng.uniform(1, 4, size=shape), int(rng.integers(3, 7))
        rate, beta1, beta2, epsilon = rng.uniform(0.1, 0.4), rng.uniform(0.6, 0.8), rng.uniform(0.9, 0.95), 0.2
        new_theta, new_t, new_m, new_s = step(theta, (t, m, s), g, rate, beta1, beta2, epsilon)

        old, t, m_before, s_before = t, t + 1, m, s
        forgotten = {"The number of updates in the state is still the old one. This was one more.": old}
        compare(new_t, t, forgotten, what="the number of updates", function=update)

        m, s = beta1 * m + (1 - beta1) * g, beta2 * s + (1 - beta2) * g**2
        mistakes = {
            **_mistakes_of_a_mean("m", m_before, g, beta1, beta2, t),
            "The two means are the wrong way round in the state: m first, then s.": s,
        }
        compare(new_m, m, mistakes, what="m", function=update)
        mistakes = {
            **_mistakes_of_a_mean("s", s_before, g**2, beta2, beta1, t),
            "s is a mean of squares, and your gradient isn't squared.": beta2 * s_before + (1 - beta2) * g,
            "s is the mean of the squares, not of the square of a mean.": beta2 * s_before + (1 - beta2) * m**2,
            "That is one mean for all parameters. Each has its own.": beta2 * s_before + (1 - beta2) * np.mean(g**2),
            "That is AdaGrad's sum, which never forgets. Adam's s is a mean that does.": s_before + g**2,
            "The state holds s itself. The root is for the step alone.": np.sqrt(s),
        }
        compare(new_s, s, mistakes, what="s", function=update)

        mistakes = _mistakes_of_an_adam_step(theta, m, s, g, t, rate, beta1, beta2, epsilon)
        right = theta - rate * m / (1 - beta1**t) / (np.sqrt(s / (1 - beta2**t)) + epsilon)
        compare(new_theta, right, mistakes, what="the new theta", function=update)
        yield f"means and theta of shape {shape}"

    start, slope = np.array([10.0, 20.0, 30.0, 40.0]), np.array([40, -0.01, 1, 0])
    theta, t, m, s = start, 0, np.zeros(4), np.zeros(4)
    for n in range(1, 6):
        theta, t, m, s = step(theta, (t, m, s), slope, 0.5, 0.9, 0.999, 1e-12)
        theta, m, s = as_numbers(theta), as_numbers(m), as_numbers(s)
        compare(
            theta, start - 0.5 * n * np.sign(slope), what=f"theta after {n} updates in a constant slope, from zero,"
        )
    yield "from the first update on, a step in a constant slope is as long as η, steep or not"
    yield "a parameter whose gradient is always 0 stays"


def _mistakes_of_a_mean(name, old, new, beta, other_beta, t):
    """What goes wrong in β old + (1 − β) new."""
    return {
        f"You keep {name} with its hat, and the next update would correct it again. Keep it without.": (
            (beta * old + (1 - beta) * new) / (1 - beta**t)
        ),
        f"β and 1 − β are the wrong way round in {name}: most of the old mean is kept.": (1 - beta) * old + beta * new,
        f"{name} is a mean, yours is a sum that fades. What factor does the new one get?": beta * old + new,
        f"{name} fades with the other β.": other_beta * old + (1 - other_beta) * new,
        f"What is left of the old {name}?": (1 - beta) * new,
        f"You return the {name} that you were given. The next update needs the new one.": old,
    }


def _mistakes_of_an_adam_step(theta, m, s, g, t, rate, beta1, beta2, epsilon):
    def step(m_hat, s_hat, epsilon=epsilon):
        return theta - rate * m_hat / (np.sqrt(s_hat) + epsilon)

    m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta2**t)
    return {
        "The hats are forgotten. Both means began at 0: how long would the first step be?": step(m, s),
        "m has its hat, but s has none.": step(m_hat, s),
        "s has its hat, but m has none.": step(m, s_hat),
        "Your hats use the t of the update before. At the first update, t is 1.": (
            step(m / (1 - beta1 ** (t - 1)), s / (1 - beta2 ** (t - 1)))
        ),
        "In the hats β is taken to the power t, not times t.": step(m / (1 - beta1 * t), s / np.abs(1 - beta2 * t)),
        "Your hats lack the power: how many updates are behind the means?": step(m / (1 - beta1), s / (1 - beta2)),
        "Both hats use the first β. Each mean has its own.": step(m_hat, s / (1 - beta1**t)),
        "Both hats use the second β. Each mean has its own.": step(m / (1 - beta2**t), s_hat),
        "Are there brackets missing in the hats? Python divides before it subtracts.": step(m - beta1**t, s - beta2**t),
        "Your hats make the means smaller. They began at 0, so they are too small.": (
            step(m * (1 - beta1**t), s * (1 - beta2**t))
        ),
        "The root is missing: you divide by the mean of the squares itself.": theta - rate * m_hat / (s_hat + epsilon),
        "Your ε is under the root. Here it's added to the root.": theta - rate * m_hat / np.sqrt(s_hat + epsilon),
        "Your ε is added to √s. Here it's added to √ŝ, after the hat.": step(
            m_hat, s_hat, epsilon / np.sqrt(1 - beta2**t)
        ),
        "ε is missing. What happens without it where all gradients were 0?": theta - rate * m_hat / np.sqrt(s_hat),
        "Are there brackets missing? ε belongs to what you divide by.": (
            theta - rate * m_hat / np.sqrt(s_hat) + epsilon
        ),
        "You step with the gradient. Where is m?": step(g, s_hat),
        UPHILL: theta + rate * m_hat / (np.sqrt(s_hat) + epsilon),
        NO_RATE: theta - m_hat / (np.sqrt(s_hat) + epsilon),
        "That is the step alone. Where does it start?": step(m_hat, s_hat) - theta,
        "You return the theta that you were given.": theta,
    }
