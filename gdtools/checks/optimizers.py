"""The exercises of notebook 06: beyond one step size."""

import numpy as np

from gdtools.checks.core import as_numbers, call, compare, exercise, require
from gdtools.checks.update_rule import UPHILL
from gdtools.descent import descend
from gdtools.losses import bowl
from gdtools.optimizers import Momentum

NO_RATE = "The learning rate is missing in the step."


@exercise("momentum_places")
def momentum_places(places):
    mistakes = {
        UPHILL: [12, 15.4],
        "The old velocity is lost: that is plain descent. What is left of v from the first update?": [8, 6.4],
        "Your first step is half as long as it should be. Is the derivative of w² complete? "
        "Or is that the convention with (1 − μ)? Here the new gradient is added as a whole.": [9, 7.6],
        NO_RATE: [-10, 0],
        "μ makes the old velocity fade, not the new gradient.": [9, 7.1],
        "Your velocity doesn't fade: which factor does the old one get?": [8, 4.4],
        "You used the gradient of the start twice. Where do you stand when the second update begins?": [8, 5],
        "The old velocity is subtracted. It pushes on in the same direction.": [8, 7.4],
        "That is Nesterov's step. Here the step is η times the velocity, nothing else.": [7, 4.4],
        "Those are the two velocities. Where do they take you?": [20, 26],
        "Those are the two steps. Where are you after each of them?": [-2, -2.6],
    }
    compare(places, [8, 5.4], mistakes, what="momentum_places", rtol=1e-3)
    yield "the second step is longer than the first, though the slope is less steep"


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


@exercise("momentum_update(theta, velocity, gradient, learning_rate, momentum)")
def momentum_update(update):
    def step(*arguments):
        return _parts(call(update, *arguments), "(theta, velocity)", "what momentum_update returns")

    rng = np.random.default_rng(61)
    for shape in ((3,), (1,), (2, 4)):
        theta, v, g = rng.normal(size=(3, *shape))
        rate, mu = rng.uniform(0.2, 0.4), rng.uniform(0.6, 0.8)
        new_theta, new_v = step(theta, v, g, rate, mu)
        right = mu * v + g
        mistakes = {
            "That is the convention with (1 − μ). In ours the new gradient is added as a whole.": mu * v + (1 - mu) * g,
            "η is in your velocity. In our convention v adds up gradients, and η comes with the step.": (
                mu * v + rate * g
            ),
            "Your velocity points downhill. In ours gradients are added up, and the minus is in the step.": mu * v - g,
            "Your velocity holds the minus and η. In our convention both come with the step.": mu * v - rate * g,
            "μ makes the old velocity fade, not the new gradient.": v + mu * g,
            "μ is for the old velocity alone, not for the sum.": mu * (v + g),
            "The share of the old velocity that is kept is μ, not 1 − μ.": (1 - mu) * v + g,
            "The velocity doesn't fade: on a slope it would grow for ever.": v + g,
            "The old velocity is lost. What is left of it?": g,
            "You return the velocity that you were given. The next update needs the new one.": v,
            "theta and velocity are the wrong way round: return theta first.": theta - rate * right,
        }
        compare(new_v, right, mistakes, what=f"the velocity, of shape {shape},", function=update)
        mistakes = {
            UPHILL: theta + rate * right,
            "You step with the old velocity. Update it first, then step with the new one.": theta - rate * v,
            "The velocity is right, but you step with the gradient.": theta - rate * g,
            NO_RATE: theta - right,
            "That is Nesterov's step. Plain momentum steps with the velocity alone.": theta - rate * (g + mu * right),
            "The gradient is in the step twice: the velocity has it already.": theta - rate * (g + right),
            "That is the step alone. Where does it start?": -rate * right,
            "You return the theta that you were given.": theta,
        }
        compare(new_theta, theta - rate * right, mistakes, what=f"the new theta, of shape {shape},", function=update)
        yield f"velocity and theta of shape {shape}"

    theta, v = np.zeros(3), np.zeros(3)
    slope = np.array([1, -2, 0])
    for _ in range(200):
        theta, v = map(as_numbers, step(theta, v, slope, 0.1, 0.9))
    compare(v, 10 * slope, what="the velocity after 200 updates in a constant slope", rtol=1e-4)
    yield "in a constant slope the velocity grows to 10 times the gradient, for μ = 0.9"


@exercise("adam_update(theta, state, gradient, learning_rate, beta1, beta2, epsilon)")
def adam_update(update):
    def step(*arguments):
        """What the student makes of one update: theta, t, m and s."""
        theta, state = _parts(call(update, *arguments), "(theta, state)", "what adam_update returns")
        return theta, *_parts(state, "(t, m, s)", "the state that adam_update returns")

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


@exercise("break_even_momentum")
def break_even_momentum(momentum):
    momentum = as_numbers(momentum, "break_even_momentum")
    require(momentum.ndim == 0 and 0 <= momentum < 1, "break_even_momentum should be one number, from 0 up to 1.")
    mistakes = {
        "That is the share that plain descent keeps. Momentum keeps the root of μ.": 0.7,
        "The root is taken the wrong way round: which of the two is the root of the other, share or μ?": 0.7**0.5,
        "There momentum helps the most. How much more of it until it doesn't help at all?": (1 - 0.3**0.5) ** 2,
        "That is from the share along the steep direction. Which direction does plain descent wait for?": 0.2**2,
        "That is for η = 0.1, as in the notebook. Here η is another.": 0.8**2,
    }
    for hint, wrong in mistakes.items():
        require(not np.isclose(momentum, wrong, rtol=0.01), hint)
    require(momentum > 0.05, "With hardly any momentum the two are the same method. Where do they meet again?")
    plain, rolling = (
        descend(bowl(1, 4), (4, 2), 0.15, steps=900, optimizer=optimizer).updates_to(1e-250)
        for optimizer in (None, Momentum(float(momentum)))
    )
    require(rolling > 0.98 * plain, "With this μ momentum still helps. How much more, until it doesn't?")
    require(rolling < 1.02 * plain, "With this μ momentum is a brake already: plain descent arrives first.")
    yield f"to a loss of 1e-250, plain descent takes {plain:.0f} updates and momentum {rolling:.0f}"


def _parts(together, names, what):
    """The things that a student's function returns together, one by one."""
    n = names.count(",") + 1
    one_array = isinstance(together, np.ndarray) and together.dtype != object and together.ndim == 1
    require(not one_array, f"{what} should be {names}, but it is one array. Return {n} things, with a comma.")
    try:
        parts = tuple(together)
    except TypeError:
        parts = ()
    require(len(parts) == n, f"{what} should have {n} parts, {names}, but it has {len(parts) or 'none'}.")
    return parts
