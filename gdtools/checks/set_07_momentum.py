"""The exercises of notebook 07: momentum."""

import numpy as np

from gdtools.checks.core import exercise
from gdtools.checks.set_01_the_update_rule import UPHILL
from gdtools.checks.words import parts_of, require
from gdtools.descent import descend
from gdtools.losses import bowl
from gdtools.optimizers import Momentum

NO_RATE = "The learning rate is missing in the step."


@exercise("momentum_places", [8, 5.4], {
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
})
def momentum_places(answer):
    answer.entry("momentum_places", rtol=1e-3)
    yield "the second step is longer than the first, though the slope is less steep"


def _rolling(
    velocity=lambda old, gradient, rate, mu: mu * old + gradient,
    step=lambda new, old, gradient, rate, mu: rate * new,
    returned=lambda theta, step, new, old: (theta - step, new),
):
    """Momentum, in which one thing or the other is done in another way."""

    def update(theta, old, gradient, rate, mu):
        new = velocity(old, gradient, rate, mu)
        return returned(theta, step(new, old, gradient, rate, mu), new, old)

    return update


@exercise("momentum_update(theta, velocity, gradient, learning_rate, momentum)", _rolling(), {
    "That is the convention with (1 − μ). In ours the new gradient is added as a whole.":
        _rolling(lambda old, gradient, rate, mu: mu * old + (1 - mu) * gradient),
    "η is in your velocity. In our convention v adds up gradients, and η comes with the step.":
        _rolling(lambda old, gradient, rate, mu: mu * old + rate * gradient),
    "Your velocity points downhill. In ours gradients are added up, and the minus is in the step.":
        _rolling(lambda old, gradient, rate, mu: mu * old - gradient),
    "Your velocity holds the minus and η. In our convention both come with the step.":
        _rolling(lambda old, gradient, rate, mu: mu * old - rate * gradient),
    "μ makes the old velocity fade, not the new gradient.":
        _rolling(lambda old, gradient, rate, mu: old + mu * gradient),
    "μ is for the old velocity alone, not for the sum.":
        _rolling(lambda old, gradient, rate, mu: mu * (old + gradient)),
    "The share of the old velocity that is kept is μ, not 1 − μ.":
        _rolling(lambda old, gradient, rate, mu: (1 - mu) * old + gradient),
    "The velocity doesn't fade: on a slope it would grow for ever.":
        _rolling(lambda old, gradient, rate, mu: old + gradient),
    "The old velocity is lost. What is left of it?": _rolling(lambda old, gradient, rate, mu: gradient),
    "You return the velocity that you were given. The next update needs the new one.":
        _rolling(returned=lambda theta, step, new, old: (theta - step, old)),
    "theta and velocity are the wrong way round: return theta first.":
        _rolling(returned=lambda theta, step, new, old: (new, theta - step)),
    UPHILL: _rolling(returned=lambda theta, step, new, old: (theta + step, new)),
    "You step with the old velocity. Update it first, then step with the new one.":
        _rolling(step=lambda new, old, gradient, rate, mu: rate * old),
    "The velocity is right, but you step with the gradient.":
        _rolling(step=lambda new, old, gradient, rate, mu: rate * gradient),
    NO_RATE: _rolling(step=lambda new, old, gradient, rate, mu: new),
    "That is Nesterov's step. Plain momentum steps with the velocity alone.":
        _rolling(step=lambda new, old, gradient, rate, mu: rate * (gradient + mu * new)),
    "The gradient is in the step twice: the velocity has it already.":
        _rolling(step=lambda new, old, gradient, rate, mu: rate * (gradient + new)),
    "That is the step alone. Where does it start?": _rolling(returned=lambda theta, step, new, old: (-step, new)),
    "You return the theta that you were given.": _rolling(returned=lambda theta, step, new, old: (theta, new)),
}, example=(np.array([1.0]), np.array([2.0]), np.array([3.0]), 0.1, 0.5))
def momentum_update(answer):
    def parts(result, where=""):
        theta, velocity = parts_of(result, "(theta, velocity)", "what momentum_update returns")
        return {f"the velocity{where}": velocity, f"the new theta{where}": theta}

    rng = np.random.default_rng(61)
    for shape in ((3,), (1,), (2, 4)):
        given = (*rng.normal(size=(3, *shape)), rng.uniform(0.2, 0.4), rng.uniform(0.6, 0.8))
        answer.on(*given, parts=lambda result, shape=shape: parts(result, f", of shape {shape},"))
        yield f"velocity and theta of shape {shape}"

    state, slope = (np.zeros(3), np.zeros(3)), np.array([1, -2, 0])
    for _ in range(200):
        state = answer.on(*map(np.asarray, state), slope, 0.1, 0.9, parts=parts)
    yield "in a constant slope the velocity grows to 10 times the gradient, for μ = 0.9"


@exercise("break_even_momentum", 0.49, {
    "That is the share that plain descent keeps. Momentum keeps the root of μ.": 0.7,
    "The root is taken the wrong way round: which of the two is the root of the other, share or μ?": 0.7**0.5,
    "There momentum helps the most. How much more of it until it doesn't help at all?": (1 - 0.3**0.5) ** 2,
    "That is from the share along the steep direction. Which direction does plain descent wait for?": 0.2**2,
    "That is for η = 0.1, as in the notebook. Here η is another.": 0.8**2,
})
def break_even_momentum(answer):
    require(0 <= answer.made < 1, "break_even_momentum should be one number, from 0 up to 1.")
    plain, rolling = (
        descend(bowl(1, 4), (4, 2), 0.15, steps=900, optimizer=optimizer).stays_below(1e-250)
        for optimizer in (None, Momentum(float(answer.made)))
    )

    def otherwise(what, momentum, right):
        if momentum <= 0.05:
            return "With hardly any momentum the two are the same method. Where do they meet again?"
        if momentum > right:
            return "With this μ momentum is a brake already: plain descent arrives first."
        return "With this μ momentum still helps. How much more, until it doesn't?"

    answer.entry("break_even_momentum", rtol=0.01, otherwise=otherwise)
    yield f"to a loss of 1e-250, plain descent takes {plain:.0f} updates and momentum {rolling:.0f}"


@exercise("calm_momentum", [5, 0.004], {
    "That is for μ = 0.9, as in the notebook. Here μ is 0.8.": [10, 0.002],
    "You square it. The kick is longer, but is the way back to the middle as slow as before?": [25, 0.0008],
    "Calmer with momentum? v is a sum: how often is each noisy gradient stepped with?": [0.2, 0.1],
    "The growth is right. But a larger η makes the ball larger still.": [5, 0.1],
    "That is how much wider the ball gets. The variance is asked for.": [5**0.5, 0.02 / 5**0.5],
    "That is 1 + μ. The weights go on: μ², μ³ and so on.": [1.8, 0.02 / 1.8],
    "The first weight is 1. You have left it out.": [4, 0.005],
    "That is one update later: μ of the gradient is left. But it is stepped with again and again.": [1.25, 0.016],
    "The growth is right. The second is η times μ: by how much has the ball grown?": [5, 0.016],
    "You give nothing but μ and η. Where does a gradient go after its first step?": [0.8, 0.02],
    "Nothing changes, you say. Measure: what does `variance(0.02, 0.8)` return?": [1, 0.02],
})
def calm_momentum(answer):
    answer.entry("the growth of the variance", 0, rtol=0.02)
    yield "a noisy gradient is stepped with again and again, and its weights add up"
    answer.entry("the η that takes it back", 1, rtol=0.02)
    yield "with this η the ball is as large as without momentum"
