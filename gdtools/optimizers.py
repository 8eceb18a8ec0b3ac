"""How a gradient becomes a step: one pure update each, state in and state out.

An optimizer has two methods. `init(theta)` makes the state that it keeps between updates (None where it keeps none).
`update(theta, grad, learning_rate, state)` returns the new theta, shape (..., d), and the new state, and changes
neither argument. `learning_rate` broadcasts against theta.
"""


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
