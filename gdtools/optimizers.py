"""How a gradient becomes a step: one pure update each, state in and state out.

An optimizer has two methods. `init(theta)` makes the state that it keeps between updates (None where it keeps none).
`update(theta, grad, learning_rate, state)` returns the new theta, shape (..., d), and the new state, and changes
neither argument. `learning_rate` broadcasts against theta.

A schedule is a function of the update's number t = 1, 2, ..., that `descend` takes in place of a learning rate.
`constant`, `inverse_time`, `step_decay` and `cosine` make one. They begin at their η₀, a number or an array of rates;
`warm_up` begins lower.
"""

from dataclasses import dataclass

import numpy as np

from gdtools.arguments import count, floats, positive, refuse, share


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


@dataclass(frozen=True)
class Momentum:
    """The heavy ball: v ← μ v + g, θ ← θ − η v. Its state is the velocity v, of theta's shape; at first, v = 0.

    In a constant slope the velocity grows to g/(1 − μ). Some books write v ← μ v + (1 − μ) g instead, which stays as
    long as g: with their η, divide by (1 − μ) to get ours.

    Raises ValueError unless 0 ≤ μ < 1, for μ = `momentum`.

    >>> Momentum(0.5).update(3.0, 6.0, 0.1, 4.0)
    (2.2, 8.0)

    Source: Polyak, Some Methods of Speeding up the Convergence of Iteration Methods (1964).
    """

    momentum: float = 0.9

    def __post_init__(self):
        share("momentum", self.momentum)

    def init(self, theta):
        return np.zeros_like(theta)

    def update(self, theta, grad, learning_rate, velocity):
        velocity = self.momentum * velocity + grad
        return theta - learning_rate * velocity, velocity


@dataclass(frozen=True)
class Nesterov(Momentum):
    """Momentum that looks ahead: v ← μ v + g, θ ← θ − η (g + μ v). State and convention are those of `Momentum`.

    It is the form with the gradient at θ itself, which needs no second point: θ here is Nesterov's θ − η μ v, the
    place to which the velocity is about to carry it.

    Raises ValueError unless 0 ≤ μ < 1, for μ = `momentum`.

    >>> Nesterov(0.5).update(3.0, 6.0, 0.1, 4.0)
    (2.0, 8.0)

    Source: Nesterov, A Method of Solving a Convex Programming Problem with Convergence Rate O(1/k²) (1983); this form:
    Bengio, Boulanger-Lewandowski and Pascanu, Advances in Optimizing Recurrent Networks (2012), arXiv 1212.0901, 3.5.
    """

    def update(self, theta, grad, learning_rate, velocity):
        velocity = self.momentum * velocity + grad
        return theta - learning_rate * (grad + self.momentum * velocity), velocity


@dataclass(frozen=True)
class AdaGrad:
    """A rate for each parameter: s ← s + g², θ ← θ − η g / (√s + ε), entry by entry.

    Its state is s, the sum of all squared gradients so far, of theta's shape; at first, s = 0.

    Raises ValueError unless ε = `epsilon` is above 0.

    >>> theta, squares = AdaGrad().update(np.array([3.0, 3.0]), np.array([4.0, 0.01]), 0.5, np.zeros(2))
    >>> theta.round(6)
    array([2.5, 2.5])

    Source: Duchi, Hazan and Singer, Adaptive Subgradient Methods for Online Learning and Stochastic Optimization,
    JMLR 12 (2011).
    """

    epsilon: float = 1e-10

    def __post_init__(self):
        positive("epsilon", self.epsilon)

    def init(self, theta):
        return np.zeros_like(theta)

    def update(self, theta, grad, learning_rate, squares):
        squares = squares + grad**2
        return theta - learning_rate * grad / (np.sqrt(squares) + self.epsilon), squares


@dataclass(frozen=True)
class RMSProp:
    """AdaGrad that forgets: s ← ρ s + (1 − ρ) g², θ ← θ − η g / (√s + ε), entry by entry.

    Its state is s, a running mean of the squared gradients, of theta's shape; at first, s = 0. ρ = `decay` is the
    share of s that an update keeps: 0.9 in the lecture, 0.99 in PyTorch.

    Raises ValueError unless 0 ≤ ρ < 1, and unless ε = `epsilon` is above 0.

    >>> theta, squares = RMSProp(decay=0.75).update(np.array([3.0]), np.array([4.0]), 0.5, np.zeros(1))
    >>> theta.round(6), squares
    (array([2.]), array([4.]))

    Source: Tieleman and Hinton, Neural Networks for Machine Learning, lecture 6.5 (2012).
    """

    decay: float = 0.9
    epsilon: float = 1e-8

    def __post_init__(self):
        share("decay", self.decay)
        positive("epsilon", self.epsilon)

    def init(self, theta):
        return np.zeros_like(theta)

    def update(self, theta, grad, learning_rate, squares):
        squares = self.decay * squares + (1 - self.decay) * grad**2
        return theta - learning_rate * grad / (np.sqrt(squares) + self.epsilon), squares


@dataclass(frozen=True)
class Adam:
    """Momentum and RMSProp in one, both in the form with (1 − β), entry by entry:

        m ← β₁ m + (1 − β₁) g,  s ← β₂ s + (1 − β₂) g²,  θ ← θ − η m̂ / (√ŝ + ε)

    with m̂ = m / (1 − β₁ᵗ) and ŝ = s / (1 − β₂ᵗ): both means begin at 0, which would make the first updates too short
    or too long. Its state is (t, m, s): the number of updates so far and two arrays of theta's shape.

    Raises ValueError unless 0 ≤ β < 1, for β₁ = `beta1` and β₂ = `beta2`, and unless ε = `epsilon` is above 0.

    >>> theta, state = Adam().update(np.array([3.0, 3.0]), np.array([4.0, 0.01]), 0.5, Adam().init(np.zeros(2)))
    >>> theta.round(5)
    array([2.5, 2.5])

    Source: Kingma and Ba, Adam: A Method for Stochastic Optimization (2015), arXiv 1412.6980.
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def __post_init__(self):
        share("beta1", self.beta1)
        share("beta2", self.beta2)
        positive("epsilon", self.epsilon)

    def init(self, theta):
        return 0, np.zeros_like(theta), np.zeros_like(theta)

    def update(self, theta, grad, learning_rate, state):
        t, mean, squares = state
        t = t + 1
        mean = self.beta1 * mean + (1 - self.beta1) * grad
        squares = self.beta2 * squares + (1 - self.beta2) * grad**2
        mean_hat = mean / (1 - self.beta1**t)
        squares_hat = squares / (1 - self.beta2**t)
        return theta - learning_rate * mean_hat / (np.sqrt(squares_hat) + self.epsilon), (t, mean, squares)


@dataclass(frozen=True)
class AdamW(Adam):
    """Adam with a decay of its own for the weights: θ ← θ − η λ θ, and then Adam's step.

    λ = `weight_decay`, 0.01 as in PyTorch. The decay does not pass through m and s, so that every parameter shrinks by
    the same share, whatever its gradients. `L2(Adam(), λ)` is the other way; with plain descent the two are the same.

    Raises ValueError as `Adam` does, and for a λ that is negative or not finite.

    >>> theta, state = AdamW(weight_decay=0.2).update(np.array([10.0]), np.zeros(1), 0.5, Adam().init(np.zeros(1)))
    >>> theta
    array([9.])

    Source: Loshchilov and Hutter, Decoupled Weight Decay Regularization (2019), arXiv 1711.05101.
    """

    weight_decay: float = 0.01

    def __post_init__(self):
        super().__post_init__()
        floats("weight_decay", self.weight_decay, shape=(), at_least=0)

    def update(self, theta, grad, learning_rate, state):
        return super().update(theta - learning_rate * self.weight_decay * theta, grad, learning_rate, state)


def check_optimizer(optimizer):
    """Refuse what has no `init` and `update`, and a class in place of its object."""
    if isinstance(optimizer, type) or not (hasattr(optimizer, "init") and hasattr(optimizer, "update")):
        refuse("optimizer", "an object with init and update, see gdtools.optimizers", optimizer)


@dataclass(frozen=True)
class L2:
    """Weight decay through the gradient, g ← g + λ θ, and then the step of `optimizer`: that of the loss + ½ λ ‖θ‖².

    It is what PyTorch's `weight_decay` means, in each of its optimizers but AdamW.

    Raises ValueError for what is no optimizer, and for a λ = `weight_decay` that is negative or not finite.

    >>> L2(GradientDescent(), weight_decay=0.2).update(10.0, 0.0, 0.5, None)
    (9.0, None)

    Source: Krogh and Hertz, A Simple Weight Decay Can Improve Generalization (1991).
    """

    optimizer: object
    weight_decay: float

    def __post_init__(self):
        check_optimizer(self.optimizer)
        floats("weight_decay", self.weight_decay, shape=(), at_least=0)

    def init(self, theta):
        return self.optimizer.init(theta)

    def update(self, theta, grad, learning_rate, state):
        return self.optimizer.update(theta, grad + self.weight_decay * theta, learning_rate, state)


@dataclass(frozen=True)
class Clipped:
    """No gradient longer than c = `max_norm`, g ← g · min(1, c / ‖g‖), and then the step of `optimizer`.

    ‖g‖ is the length of the whole gradient, over the last axis: its direction stays.

    Raises ValueError for what is no optimizer, and unless c is above 0.

    >>> Clipped(GradientDescent(), max_norm=1).update(np.array([3.0, 4.0]), np.array([30.0, 40.0]), 0.5, None)[0]
    array([2.7, 3.6])

    Source: Pascanu, Mikolov and Bengio, On the Difficulty of Training Recurrent Neural Networks (2013),
    arXiv 1211.5063.
    """

    optimizer: object
    max_norm: float

    def __post_init__(self):
        check_optimizer(self.optimizer)
        positive("max_norm", self.max_norm)

    def init(self, theta):
        return self.optimizer.init(theta)

    def update(self, theta, grad, learning_rate, state):
        length = np.linalg.norm(grad, axis=-1, keepdims=True)
        grad = grad * (self.max_norm / np.maximum(length, self.max_norm))
        return self.optimizer.update(theta, grad, learning_rate, state)


def constant(learning_rate):
    """ηₜ = η₀, at every update.

    Raises ValueError for a rate that is negative or not finite.

    >>> float(constant(0.1)(1000))
    0.1
    """
    rate = floats("learning_rate", learning_rate, at_least=0)
    return lambda update: rate


def inverse_time(learning_rate, half_after):
    """ηₜ = η₀ / (1 + (t − 1)/k), which tends to η₀k/t; after k = `half_after` updates, half of η₀ is left.

    Raises ValueError for a rate that is negative or not finite, and for k below 1.

    >>> [float(inverse_time(0.4, half_after=10)(t)) for t in (1, 11, 31)]
    [0.4, 0.2, 0.1]

    Source: Robbins and Monro, A Stochastic Approximation Method (1951).
    """
    rate = floats("learning_rate", learning_rate, at_least=0)
    half_after = count("half_after", half_after)
    return lambda update: rate / (1 + (update - 1) / half_after)


def step_decay(learning_rate, every, factor=0.5):
    """ηₜ = η₀ f^⌊(t − 1)/k⌋: after each k = `every` updates, the rate is multiplied by f = `factor`.

    Raises ValueError for a rate or a factor that is negative or not finite, and for k below 1.

    >>> [float(step_decay(0.2, every=10)(t)) for t in (1, 10, 11, 21)]
    [0.2, 0.2, 0.1, 0.05]

    Source: Bottou, Curtis and Nocedal, Optimization Methods for Large-Scale Machine Learning (2018), section 4.2.
    """
    rate = floats("learning_rate", learning_rate, at_least=0)
    factor = floats("factor", factor, at_least=0)
    every = count("every", every)
    return lambda update: rate * factor ** ((update - 1) // every)


def cosine(learning_rate, steps):
    """ηₜ = η₀ (1 + cos(π (t − 1)/T))/2: half a wave, from η₀ down to 0 after T = `steps` updates, and 0 from then on.

    Raises ValueError for a rate that is negative or not finite, and for T below 1.

    >>> [round(float(cosine(0.2, steps=10)(t)), 3) for t in (1, 6, 10, 11)]
    [0.2, 0.1, 0.005, 0.0]

    Source: Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts (2017), arXiv 1608.03983.
    """
    rate = floats("learning_rate", learning_rate, at_least=0)
    steps = count("steps", steps)
    return lambda update: rate * ((1 + np.cos(np.pi * min((update - 1) / steps, 1))) / 2)


def warm_up(learning_rate, steps):
    """ηₜ = min(t/k, 1) η(t): in the first k = `steps` updates, the rate climbs to what it would be without.

    `learning_rate` is η: a number, an array of rates, or another schedule, which counts its updates from the start.

    Raises ValueError for a rate that is negative or not finite, and for k below 1.

    >>> [float(warm_up(0.2, steps=4)(t)) for t in (1, 2, 4, 5)]
    [0.05, 0.1, 0.2, 0.2]

    Source: Goyal et al., Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour (2017), arXiv 1706.02677.
    """
    schedule = learning_rate if callable(learning_rate) else constant(learning_rate)
    steps = count("steps", steps)
    return lambda update: min(update / steps, 1) * schedule(update)
