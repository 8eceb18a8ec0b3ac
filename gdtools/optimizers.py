"""How a gradient becomes a step: one pure update each, state in and state out.

An optimizer has two methods. `init(theta)` makes the state that it keeps between updates (None where it keeps none).
`update(theta, grad, learning_rate, state)` returns the new theta, shape (..., d), and the new state, and changes
neither argument. `learning_rate` broadcasts against theta.

A schedule is a function of the update's number t = 1, 2, ..., that `descend` takes in place of a learning rate.
`constant`, `inverse_time`, `step_decay` and `cosine` make one. They begin at their η₀, a number or an array of rates.
"""

import numpy as np

from gdtools.arguments import count, numbers


class GradientDescent:
    """Plain gradient descent: θ ← θ − η g.

    >>> GradientDescent().update(3.0, 6.0, 0.1, None)
    (2.4, None)

    Source: Cauchy, Comptes Rendus 25 (1847), 536–538.
    """

    def init(self, theta):
        return None

    def update(self, theta, grad, learning_rate, state):
        return theta - learning_rate * grad, state


def constant(learning_rate):
    """ηₜ = η₀, at every update.

    Raises ValueError for a rate that is negative or not finite.

    >>> float(constant(0.1)(1000))
    0.1
    """
    rate = numbers("learning_rate", learning_rate, at_least=0)
    return lambda update: rate


def inverse_time(learning_rate, half_after):
    """ηₜ = η₀ / (1 + (t − 1)/k), which tends to η₀k/t; after k = `half_after` updates, half of η₀ is left.

    Raises ValueError for a rate that is negative or not finite, and for k below 1.

    >>> [float(inverse_time(0.4, half_after=10)(t)) for t in (1, 11, 31)]
    [0.4, 0.2, 0.1]

    Source: Robbins and Monro, A Stochastic Approximation Method (1951).
    """
    rate = numbers("learning_rate", learning_rate, at_least=0)
    half_after = count("half_after", half_after)
    return lambda update: rate / (1 + (update - 1) / half_after)


def step_decay(learning_rate, every, factor=0.5):
    """ηₜ = η₀ f^⌊(t − 1)/k⌋: after each k = `every` updates, the rate is multiplied by f = `factor`.

    Raises ValueError for a rate or a factor that is negative or not finite, and for k below 1.

    >>> [float(step_decay(0.2, every=10)(t)) for t in (1, 10, 11, 21)]
    [0.2, 0.2, 0.1, 0.05]

    Source: Bottou, Curtis and Nocedal, Optimization Methods for Large-Scale Machine Learning (2018), section 4.2.
    """
    rate = numbers("learning_rate", learning_rate, at_least=0)
    factor = numbers("factor", factor, at_least=0)
    every = count("every", every)
    return lambda update: rate * factor ** ((update - 1) // every)


def cosine(learning_rate, steps):
    """ηₜ = η₀ (1 + cos(π (t − 1)/T))/2: half a wave, from η₀ down to 0 after T = `steps` updates, and 0 from then on.

    Raises ValueError for a rate that is negative or not finite, and for T below 1.

    >>> [round(float(cosine(0.2, steps=10)(t)), 3) for t in (1, 6, 10, 11)]
    [0.2, 0.1, 0.005, 0.0]

    Source: Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts (2017), arXiv 1608.03983.
    """
    rate = numbers("learning_rate", learning_rate, at_least=0)
    steps = count("steps", steps)
    return lambda update: rate * (1 + np.cos(np.pi * min((update - 1) / steps, 1))) / 2
