"""Answers to the exercises of notebook 08."""

import math

import numpy as np

from gdtools.optimizers import Adam
from tests.answers import right, slips, wrong

right("adagrad_place", [1.1, 2.9], (1.1, 2.9), np.array([1.1, 2.9], np.float32))
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
def with_the_package(theta, state, gradient, learning_rate, beta1, beta2, epsilon):
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


slips(
    "adam_update",
    line_by_line,
    ("should be (theta, state), but it is one array", ", (t, m, s)", ""),
    ("what adam_update returns should have 2 parts, (theta, state), but it has 4", "(t, m, s)", "t, m, s"),
    ("the state that adam_update returns should have 3 parts, (t, m, s), but it has 2", "(t, m, s)", "(m, s)"),
    ("changes its argument in place", "m = beta1 * m +", "m *= beta1; m +="),
    ("return the m that you were given", "(t, m, s)", "(t, *state[1:])"),
)

right("decayed_weight", [1.9, 1.9, 1.92, 1.9992], (2 - 0.1, 2 - 0.1, 2 * 0.96, 2 * (1 - 0.0004)))
right("decayed_weight", np.array([1.9, 1.9, 1.92, 1.9992], np.float32))
wrong("decayed_weight", "should be four numbers", 1.9, [1.9, 1.92])
wrong("decayed_weight", "isn't right yet", [1.9, 1.8, 1.92, 1.9992])
