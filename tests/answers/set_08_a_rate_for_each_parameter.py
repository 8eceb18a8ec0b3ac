"""Answers to the exercises of notebook 08."""

import math

import numpy as np

from gdtools.optimizers import Adam
from tests.answers import right, wrong

right("adagrad_place", [1.1, 2.9], (1.1, 2.9), np.array([1.1, 2.9], np.float32))
wrong("adagrad_place", "goes uphill", [2.9, 1.1])
wrong("adagrad_place", "The root is missing", [1.7533, 26.667])
wrong("adagrad_place", "forgotten the first gradient", [1, 3])
wrong("adagrad_place", "plain descent", [-1.5, 2.035])
wrong("adagrad_place", "one length for both", [1.1, 2.009])
wrong("adagrad_place", "not the gradients", [1.2143, 2.7857])
wrong("adagrad_place", "mean of the squares", [0.9343, 3.0657])
wrong("adagrad_place", "after the first update", [1.5, 2.5])
wrong("adagrad_place", "for both updates", [1.3, 2.7])
wrong("adagrad_place", "Where do they end", [-0.9, 0.9])
wrong("adagrad_place", "Along the second you subtract a negative number", [1.1, 1.1])
wrong("adagrad_place", "isn't right yet", [1.1, 2])


@right("adam_update")
def line_by_line(theta, state, gradient, learning_rate, beta1, beta2, epsilon):
    t, m, s = state
    t = t + 1
    m = beta1 * m + (1 - beta1) * gradient
    s = beta2 * s + (1 - beta2) * gradient**2
    m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta2**t)
    return theta - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon), (t, m, s)


@right("adam_update")
def adam_of_the_package(theta, state, gradient, learning_rate, beta1, beta2, epsilon):
    return Adam(beta1, beta2, epsilon).update(theta, gradient, learning_rate, state)


@right("adam_update")
def with_one_factor_for_both_hats(theta, state, gradient, learning_rate, beta1, beta2, epsilon):
    t, m, s = state[0] + 1, state[1] + (1 - beta1) * (gradient - state[1]), beta2 * state[2]
    s = s + (1 - beta2) * np.square(gradient)
    root = (1 - beta2**t) ** 0.5
    return [theta - learning_rate * root / (1 - beta1**t) * m / (s**0.5 + root * epsilon), [t, m, s]]


@right("adam_update")
def entry_by_entry(theta, state, gradient, learning_rate, beta1, beta2, epsilon):
    t, m, s = state
    t += 1
    new_theta, new_m, new_s = theta.copy(), m.copy(), s.copy()
    for i in np.ndindex(theta.shape):
        new_m[i] = beta1 * m[i] + (1 - beta1) * gradient[i]
        new_s[i] = beta2 * s[i] + (1 - beta2) * gradient[i] ** 2
        size = math.sqrt(new_s[i] / (1 - beta2**t)) + epsilon
        new_theta[i] -= learning_rate * new_m[i] / (1 - beta1**t) / size
    return new_theta.tolist(), (t, new_m.tolist(), new_s.tolist())


@right("adam_update")
def in_single_precision(theta, state, gradient, learning_rate, beta1, beta2, epsilon):
    theta, state = Adam(beta1, beta2, epsilon).update(theta, gradient, learning_rate, state)
    return theta.astype(np.float32), (np.int64(state[0]), *np.float32(state[1:]))


@wrong("adam_update", "The hats are forgotten")
def forgets_the_hats(theta, state, gradient, learning_rate, beta1, beta2, epsilon):
    t, m, s = state
    m = beta1 * m + (1 - beta1) * gradient
    s = beta2 * s + (1 - beta2) * gradient**2
    return theta - learning_rate * m / (np.sqrt(s) + epsilon), (t + 1, m, s)


@wrong("adam_update", "still the old one")
def does_not_count(theta, state, gradient, learning_rate, beta1, beta2, epsilon):
    t, m, s = state
    m = beta1 * m + (1 - beta1) * gradient
    s = beta2 * s + (1 - beta2) * gradient**2
    m_hat, s_hat = m / (1 - beta1 ** (t + 1)), s / (1 - beta2 ** (t + 1))
    return theta - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon), (t, m, s)


@wrong("adam_update", "use the t of the update before")
def counts_too_late(theta, state, gradient, learning_rate, beta1, beta2, epsilon):
    t, m, s = state
    m = beta1 * m + (1 - beta1) * gradient
    s = beta2 * s + (1 - beta2) * gradient**2
    m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta2**t)
    return theta - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon), (t + 1, m, s)


@wrong("adam_update", "You keep m with its hat")
def keeps_the_hats(theta, state, gradient, learning_rate, beta1, beta2, epsilon):
    t, m, s = state
    t = t + 1
    m = (beta1 * m + (1 - beta1) * gradient) / (1 - beta1**t)
    s = (beta2 * s + (1 - beta2) * gradient**2) / (1 - beta2**t)
    return theta - learning_rate * m / (np.sqrt(s) + epsilon), (t, m, s)


@wrong("adam_update", "s fades with the other β")
def has_one_beta(theta, state, gradient, learning_rate, beta1, beta2, epsilon):
    t, m, s = state
    t = t + 1
    m = beta1 * m + (1 - beta1) * gradient
    s = beta1 * s + (1 - beta1) * gradient**2
    m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta1**t)
    return theta - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon), (t, m, s)


@wrong("adam_update", "the wrong way round in m")
def swaps_the_shares(theta, state, gradient, learning_rate, beta1, beta2, epsilon):
    t, m, s = state
    t = t + 1
    m = (1 - beta1) * m + beta1 * gradient
    s = (1 - beta2) * s + beta2 * gradient**2
    m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta2**t)
    return theta - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon), (t, m, s)


@wrong("adam_update", "m is a mean, yours is a sum")
def adds_up_as_momentum_does(theta, state, gradient, learning_rate, beta1, beta2, epsilon):
    t, m, s = state
    t = t + 1
    m = beta1 * m + gradient
    s = beta2 * s + (1 - beta2) * gradient**2
    m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta2**t)
    return theta - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon), (t, m, s)


def adam_but(**replaced):
    """An Adam with another second mean or another step, for what goes wrong there only."""

    def update(theta, state, gradient, learning_rate, beta1, beta2, epsilon):
        t, m, s = state
        t = t + 1
        m = beta1 * m + (1 - beta1) * gradient
        second = replaced.get("second", lambda s, g, m, beta: beta * s + (1 - beta) * g**2)
        s = second(s, gradient, m, beta2)
        hats = replaced.get("hats", lambda m, s, beta1, beta2, t: (m / (1 - beta1**t), s / (1 - beta2**t)))
        m_hat, s_hat = hats(m, s, beta1, beta2, t)
        step = replaced.get("step", lambda m, s, epsilon, g: m / (np.sqrt(s) + epsilon))
        return theta - learning_rate * step(m_hat, s_hat, epsilon, gradient), (t, m, s)

    return update


SECOND_MEANS = {
    "isn't squared": lambda s, g, m, beta: beta * s + (1 - beta) * g,
    "not of the square of a mean": lambda s, g, m, beta: beta * s + (1 - beta) * m**2,
    "one mean for all parameters": lambda s, g, m, beta: beta * s + (1 - beta) * np.mean(g**2),
    "AdaGrad's sum": lambda s, g, m, beta: s + g**2,
    "The root is for the step alone": lambda s, g, m, beta: np.sqrt(beta * s + (1 - beta) * g**2),
}
HATS = {
    "s has none": lambda m, s, beta1, beta2, t: (m / (1 - beta1**t), s),
    "m has none": lambda m, s, beta1, beta2, t: (m, s / (1 - beta2**t)),
    "not times t": lambda m, s, beta1, beta2, t: (m / (1 - beta1 * t), s / np.abs(1 - beta2 * t)),
    "lack the power": lambda m, s, beta1, beta2, t: (m / (1 - beta1), s / (1 - beta2)),
    "Both hats use the first β": lambda m, s, beta1, beta2, t: (m / (1 - beta1**t), s / (1 - beta1**t)),
    "Python divides before it subtracts": lambda m, s, beta1, beta2, t: (m / 1 - beta1**t, s / 1 - beta2**t),
    "make the means smaller": lambda m, s, beta1, beta2, t: (m * (1 - beta1**t), s * (1 - beta2**t)),
}
STEPS = {
    "The root is missing": lambda m, s, epsilon, g: m / (s + epsilon),
    "Your ε is under the root": lambda m, s, epsilon, g: m / np.sqrt(s + epsilon),
    "ε is missing": lambda m, s, epsilon, g: m / np.sqrt(s),
    "You step with the gradient": lambda m, s, epsilon, g: g / (np.sqrt(s) + epsilon),
    "goes uphill": lambda m, s, epsilon, g: -m / (np.sqrt(s) + epsilon),
}
for part, changes in {"second": SECOND_MEANS, "hats": HATS, "step": STEPS}.items():
    for hint, change in changes.items():
        answer = adam_but(**{part: change})
        answer.__name__ = hint
        wrong("adam_update", hint)(answer)


@wrong("adam_update", "Your ε is added to √s")
def takes_the_shortcut_of_the_paper(theta, state, gradient, learning_rate, beta1, beta2, epsilon):
    t, m, s = state
    t = t + 1
    m = beta1 * m + (1 - beta1) * gradient
    s = beta2 * s + (1 - beta2) * gradient**2
    learning_rate = learning_rate * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return theta - learning_rate * m / (np.sqrt(s) + epsilon), (t, m, s)


@wrong("adam_update", "should be (theta, state), but it is one array")
def returns_theta_without_the_state(theta, state, gradient, learning_rate, beta1, beta2, epsilon):
    theta, _ = Adam(beta1, beta2, epsilon).update(theta, gradient, learning_rate, state)
    return theta


@wrong("adam_update", "what adam_update returns should have 2 parts, (theta, state), but it has 4")
def returns_all_side_by_side(theta, state, gradient, learning_rate, beta1, beta2, epsilon):
    theta, state = Adam(beta1, beta2, epsilon).update(theta, gradient, learning_rate, state)
    return theta, *state


@wrong("adam_update", "the state that adam_update returns should have 3 parts, (t, m, s), but it has 2")
def leaves_the_count_out(theta, state, gradient, learning_rate, beta1, beta2, epsilon):
    theta, (_, m, s) = Adam(beta1, beta2, epsilon).update(theta, gradient, learning_rate, state)
    return theta, (m, s)


@wrong("adam_update", "m first, then s")
def swaps_the_means(theta, state, gradient, learning_rate, beta1, beta2, epsilon):
    theta, (t, m, s) = Adam(beta1, beta2, epsilon).update(theta, gradient, learning_rate, state)
    return theta, (t, s, m)


@wrong("adam_update", "return the m that you were given")
def returns_the_old_means(theta, state, gradient, learning_rate, beta1, beta2, epsilon):
    theta, _ = Adam(beta1, beta2, epsilon).update(theta, gradient, learning_rate, state)
    return theta, (state[0] + 1, *state[1:])


@wrong("adam_update", "changes its argument in place")
def updates_the_state_in_place(theta, state, gradient, learning_rate, beta1, beta2, epsilon):
    t, m, s = state
    t += 1
    m *= beta1
    m += (1 - beta1) * gradient
    s *= beta2
    s += (1 - beta2) * gradient**2
    return theta - learning_rate * m / (1 - beta1**t) / (np.sqrt(s / (1 - beta2**t)) + epsilon), (t, m, s)
