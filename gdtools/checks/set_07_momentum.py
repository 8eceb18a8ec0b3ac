"""The exercises of notebook 07: momentum."""

import numpy as np

from gdtools.checks.core import as_numbers, call, compare, exercise, parts_of, require
from gdtools.checks.set_01_the_update_rule import UPHILL
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


@exercise("momentum_update(theta, velocity, gradient, learning_rate, momentum)")
def momentum_update(update):
    def step(*arguments):
        return parts_of(call(update, *arguments), "(theta, velocity)", "what momentum_update returns")

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
