"""Answers to the exercises of notebook 06."""

import math

import numpy as np

from gdtools.optimizers import Adam, Momentum, cosine, warm_up
from tests.answers import right, wrong

right("momentum_places", [8, 5.4], (8.0, 5.4), np.array([8, 5.4], np.float32))
wrong("momentum_places", "goes uphill", [12, 15.4])
wrong("momentum_places", "The old velocity is lost", [8, 6.4])
wrong("momentum_places", "Is the derivative of w² complete? Or is that the convention with (1 − μ)", [9, 7.6])
wrong("momentum_places", "learning rate is missing", [-10, 0])
wrong("momentum_places", "not the new gradient", [9, 7.1])
wrong("momentum_places", "doesn't fade", [8, 4.4])
wrong("momentum_places", "gradient of the start twice", [8, 5])
wrong("momentum_places", "The old velocity is subtracted", [8, 7.4])
wrong("momentum_places", "Nesterov", [7, 4.4])
wrong("momentum_places", "two velocities", [20, 26])
wrong("momentum_places", "two steps", [-2, -2.6])
wrong("momentum_places", "should have shape (2,), but it is a single number", 5.4)
wrong("momentum_places", "it should be (2,)", [10, 8, 5.4])

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


@right("momentum_update")
def as_in_the_notebook(theta, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + gradient
    return theta - learning_rate * velocity, velocity


@right("momentum_update")
def one_by_one(theta, velocity, gradient, learning_rate, momentum):
    new_theta, new_velocity = np.empty(theta.shape), np.empty(theta.shape)
    for i in np.ndindex(theta.shape):
        new_velocity[i] = momentum * velocity[i] + gradient[i]
        new_theta[i] = theta[i] - learning_rate * new_velocity[i]
    return [new_theta.tolist(), new_velocity.tolist()]


@right("momentum_update")
def in_one_array(theta, velocity, gradient, learning_rate, momentum):
    new = np.stack([theta, momentum * velocity])
    new[1] += gradient
    new[0] -= learning_rate * new[1]
    return new.astype(np.float32)


@right("momentum_update")
def with_the_package(theta, velocity, gradient, learning_rate, momentum):
    return Momentum(momentum).update(theta, gradient, learning_rate, velocity)


@wrong("momentum_update", "convention with (1 − μ)")
def averages(theta, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + (1 - momentum) * gradient
    return theta - learning_rate * velocity, velocity


@wrong("momentum_update", "η is in your velocity")
def has_the_rate_in_the_velocity(theta, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + learning_rate * gradient
    return theta - velocity, velocity


@wrong("momentum_update", "Your velocity holds the minus and η")
def follows_another_book(theta, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity - learning_rate * gradient
    return theta + velocity, velocity


@wrong("momentum_update", "Your velocity points downhill")
def rolls_downhill(theta, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity - gradient
    return theta + learning_rate * velocity, velocity


@wrong("momentum_update", "step with the old velocity")
def steps_first(theta, velocity, gradient, learning_rate, momentum):
    return theta - learning_rate * velocity, momentum * velocity + gradient


@wrong("momentum_update", "return the velocity that you were given")
def forgets_to_keep_the_velocity(theta, velocity, gradient, learning_rate, momentum):
    return theta - learning_rate * (momentum * velocity + gradient), velocity


@wrong("momentum_update", "not the new gradient")
def damps_the_gradient(theta, velocity, gradient, learning_rate, momentum):
    velocity = velocity + momentum * gradient
    return theta - learning_rate * velocity, velocity


@wrong("momentum_update", "not for the sum")
def damps_both(theta, velocity, gradient, learning_rate, momentum):
    velocity = momentum * (velocity + gradient)
    return theta - learning_rate * velocity, velocity


@wrong("momentum_update", "not 1 − μ")
def keeps_the_other_share(theta, velocity, gradient, learning_rate, momentum):
    velocity = (1 - momentum) * velocity + gradient
    return theta - learning_rate * velocity, velocity


@wrong("momentum_update", "doesn't fade")
def never_fades(theta, velocity, gradient, learning_rate, momentum):
    velocity = velocity + gradient
    return theta - learning_rate * velocity, velocity


@wrong("momentum_update", "you step with the gradient")
def steps_with_the_gradient(theta, velocity, gradient, learning_rate, momentum):
    return theta - learning_rate * gradient, momentum * velocity + gradient


@wrong("momentum_update", "Nesterov")
def looks_ahead(theta, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + gradient
    return theta - learning_rate * (gradient + momentum * velocity), velocity


@wrong("momentum_update", "goes uphill")
def climbs(theta, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + gradient
    return theta + learning_rate * velocity, velocity


@wrong("momentum_update", "learning rate is missing")
def forgets_the_rate(theta, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + gradient
    return theta - velocity, velocity


@wrong("momentum_update", "wrong way round")
def returns_the_velocity_first(theta, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + gradient
    return velocity, theta - learning_rate * velocity


@wrong("momentum_update", "should be (theta, velocity), but it is one array. Return 2 things, with a comma.")
def returns_theta_alone(theta, velocity, gradient, learning_rate, momentum):
    return theta - learning_rate * (momentum * velocity + gradient)


@wrong("momentum_update", "changes its argument in place")
def updates_in_place(theta, velocity, gradient, learning_rate, momentum):
    velocity *= momentum
    velocity += gradient
    return theta - learning_rate * velocity, velocity


mu = 0.9


@wrong("momentum_update", "uses mu from outside the function")
def takes_the_momentum_from_the_notebook(theta, velocity, gradient, learning_rate, momentum):
    velocity = mu * velocity + gradient
    return theta - learning_rate * velocity, velocity


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


right("break_even_momentum", 0.49, 0.7**2, np.float32(0.489), np.array(0.4911))
wrong("break_even_momentum", "the root of μ", 0.7)
wrong("break_even_momentum", "the wrong way round", 0.8367)
wrong("break_even_momentum", "helps the most", 0.2046)
wrong("break_even_momentum", "the steep direction", 0.04)
wrong("break_even_momentum", "as in the notebook", 0.64)
wrong("break_even_momentum", "Where do they meet again", 0, 0.01)
wrong("break_even_momentum", "is a brake already", 0.9, 0.5)
wrong("break_even_momentum", "still helps", 0.3, 0.48)
wrong("break_even_momentum", "from 0 up to 1", 1, -0.49, [0.49, 0.5])
