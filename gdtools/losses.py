"""What is minimised: the bowls; on data, least squares, a sine's frequency and a small network; a surface of your own.

theta   the parameters, shape (..., d): the leading axes are independent runs
batch   indices of examples, an integer array (..., b); None stands for all N examples

A loss has `value(theta) -> (...)` and `grad(theta, batch=None) -> (..., d)`; on data, `value` takes a batch, too. It
also knows `n_examples` (None without data), the `names` of its parameters and, where they exist, `curvatures`,
`minimiser` and the `window` to draw it in.
"""

from functools import cached_property

import numpy as np

from gdtools.arguments import array, count, floats, refuse, seeds


class Quadratic:
    """A bowl: L(θ) = ½ (θ − m)ᵀ H (θ − m) + floor, with gradient H (θ − m).

    H, the Hessian, is a symmetric (d, d) matrix; m, the minimiser, has shape (d,). The eigenvalues λ of H are the
    curvatures: along their directions, one step of gradient descent multiplies the distance to m by 1 − ηλ.

    Raises ValueError unless `hessian` is square, symmetric and finite, and `minimiser` fits it.

    >>> Quadratic([[2, 0], [0, 8]]).grad([4, 2])
    array([ 8., 16.])

    Source: Boyd and Vandenberghe, Convex Optimization (2004), section 9.3.
    """

    n_examples = None

    def __init__(self, hessian, minimiser=None, floor=0.0, names=None):
        self.hessian = floats("hessian", hessian)
        if self.hessian.ndim != 2 or not np.array_equal(self.hessian, self.hessian.T):
            refuse("hessian", "a symmetric square matrix", hessian)
        self.d = len(self.hessian)
        self.minimiser = np.zeros(self.d) if minimiser is None else floats("minimiser", minimiser, shape=(self.d,))
        self.floor = float(floats("floor", floor, shape=()))
        self.names = _named(names or [f"w{i}".translate(_SUBSCRIPTS) for i in range(1, self.d + 1)], self.d)

    def value(self, theta):
        away = parameters(theta, self.d) - self.minimiser
        return 0.5 * np.vecdot(away, np.matvec(self.hessian, away)) + self.floor

    def grad(self, theta, batch=None):
        return np.matvec(self.hessian, parameters(theta, self.d) - self.minimiser)

    @cached_property
    def curvatures(self):
        """The curvatures λ, smallest first."""
        return np.linalg.eigvalsh(self.hessian)

    @property
    def condition_number(self):
        """κ = λmax / λmin: 1 for a round bowl."""
        return np.linalg.cond(self.hessian)

    @property
    def largest_stable_rate(self):
        """2 / λmax: above this learning rate, gradient descent diverges."""
        return 2 / self.curvatures[-1]

    @property
    def window(self):
        """Where to draw it: ((left, right), (bottom, top)), a square with the origin well inside."""
        half = 1.25 * np.abs(self.minimiser).max() or 5.0
        return tuple((float(m - half), float(m + half)) for m in self.minimiser)


def bowl(a, b, names=("w₁", "w₂")):
    """The bowl L(w₁, w₂) = a w₁² + b w₂², with gradient [2a w₁, 2b w₂] and curvatures 2a and 2b.

    Raises ValueError unless a and b are finite numbers.

    >>> bowl(1, 4).value([4, 2])
    np.float64(32.0)
    """
    with np.errstate(over="ignore"):
        return Quadratic(np.diag(2 * floats("(a, b)", (a, b), shape=(2,))), names=names)


class Data:
    """N examples, a row of X and a row of y each: what the losses on data have in common."""

    def __init__(self, X, y, table=True):
        self.X, self.y = floats("X", X), floats("y", y)
        if self.X.ndim != 1 + table:
            rows = "a table, with one row for each example" if table else "a column, with one number for each example"
            refuse("X", rows, X, f"of shape {self.X.shape}")
        if self.y.shape != self.X.shape[:1]:
            shape = f"of shape ({len(self.X)},), one number for each of the {len(self.X)} rows of X"
            refuse("y", shape, y, f"of shape {self.y.shape}")
        self.n_examples = len(self.X)

    def examples(self, batch=None):
        """The rows of X, shape (..., b, d), and of y, shape (..., b, ...), with these indices."""
        if batch is None:
            return self.X, self.y
        try:
            indices = np.asarray(batch)
            if indices.shape[-1] > 0 and indices.dtype.kind in "iu":
                return self.X.take(indices, 0), self.y.take(indices, 0)
        except (IndexError, TypeError, ValueError):
            pass
        refuse("batch", f"an array (..., b) of at least one index of the {self.n_examples} examples", batch)


class LeastSquares(Data, Quadratic):
    """Linear regression: L(θ) = 1/N Σᵢ (xᵢ·θ − yᵢ)², a mean over the N examples.

    It is a bowl with H = 2/N XᵀX. The gradient over a batch of B examples is a mean as well: 2/B Σ xᵢ (xᵢ·θ − yᵢ).
    `X` has shape (N, d), one row an example; `y` has shape (N,). L is in the square of y's unit.

    Raises ValueError unless X and y are finite and have the same number of rows.

    >>> line = LeastSquares([[1, 0], [1, 1], [1, 2]], [1, 3, 5])
    >>> line.grad([0, 0], batch=[2])
    array([-10., -20.])

    Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2009), section 3.2.
    """

    @np.errstate(over="ignore", invalid="ignore")  # data too large to be squared make a hessian that is refused
    def __init__(self, X, y, names=None):
        Data.__init__(self, X, y)
        if names is None and self.X.shape[1] == 2:
            names = "intercept", "slope"
        best = np.linalg.lstsq(self.X, self.y)[0]
        floor = np.mean((self.X @ best - self.y) ** 2)
        Quadratic.__init__(self, self.X.T @ self.X * (2 / self.n_examples), best, floor, names)

    def value(self, theta, batch=None):
        if batch is None:
            return Quadratic.value(self, theta)  # the same, without the N examples
        X, y = self.examples(batch)
        return np.mean((np.matvec(X, parameters(theta, self.d)) - y) ** 2, axis=-1)

    def grad(self, theta, batch=None):
        X, y = self.examples(batch)
        theta = parameters(theta, self.d)
        if X.ndim == 2:
            residual = theta.dot(X.T) - y
            return residual.dot(X) * (2 / len(X))
        residual = np.matvec(X, theta) - y
        return np.vecmat(residual, X) * (2 / residual.shape[-1])


class Surface:
    """A loss of two parameters from two functions of your own: value(theta) -> (...) and grad(theta) -> (..., 2).

    `window` is where to draw it, ((left, right), (bottom, top)).

    >>> Surface(lambda w: w[..., 0] * w[..., 1], lambda w: w[..., ::-1], ((-1, 1), (-1, 1))).grad(np.array([2, 3]))
    array([3, 2])
    """

    n_examples, d = None, 2

    def __init__(self, value, grad, window, names=("w₁", "w₂")):
        for name, function in (("value", value), ("grad", grad)):
            if not callable(function):
                refuse(name, "a function of theta", function)
        self.value, self._grad, self.names = value, grad, _named(names, 2)
        self.window = tuple(map(tuple, floats("window", window, shape=(2, 2)).tolist()))

    def grad(self, theta, batch=None):
        return self._grad(theta)


def rosenbrock():
    """The banana valley L(w₁, w₂) = (1 − w₁)² + 100 (w₂ − w₁²)², with its minimum of 0 at (1, 1).

    Its gradient is [−2 (1 − w₁) − 400 w₁ (w₂ − w₁²), 200 (w₂ − w₁²)]. It is easy to fall into the valley, and a long
    way to follow it.

    >>> rosenbrock().grad(np.array([0.0, 1.0]))
    array([ -2., 200.])

    Source: Rosenbrock, An Automatic Method for Finding the Greatest or Least Value of a Function (1960).
    """

    def value(theta):
        w1, w2 = np.moveaxis(parameters(theta, 2), -1, 0)
        return (1 - w1) ** 2 + 100 * (w2 - w1**2) ** 2

    def grad(theta):
        w1, w2 = np.moveaxis(parameters(theta, 2), -1, 0)
        above = w2 - w1**2
        return np.stack([-2 * (1 - w1) - 400 * w1 * above, 200 * above], axis=-1)

    return Surface(value, grad, window=((-2, 2), (-1, 3)))


class SineFit(Data):
    """The frequency ω of a sine: L(ω) = 1/N Σᵢ (sin(ω xᵢ) − yᵢ)², with many minima. θ = [ω], x and y of shape (N,).

    Raises ValueError unless x and y are finite and equally long.

    >>> SineFit([1.0], [0.0]).value([np.pi / 2])
    np.float64(1.0)
    """

    d, names = 1, ("ω",)

    def __init__(self, x, y):
        super().__init__(x, y, table=False)

    def value(self, theta, batch=None):
        x, y = self.examples(batch)
        return np.mean((np.sin(parameters(theta, 1) * x) - y) ** 2, axis=-1)

    def grad(self, theta, batch=None):
        x, y = self.examples(batch)
        angle = parameters(theta, 1) * x
        return 2 * np.mean((np.sin(angle) - y) * x * np.cos(angle), axis=-1, keepdims=True)


class Network(Data):
    """A classifier with one hidden layer: scores = W₂ tanh(W₁ x + b₁) + b₂, trained by the mean cross-entropy.

    L(θ) = −1/N Σᵢ log softmax(scores(xᵢ))[labelᵢ]. θ holds W₁, b₁, W₂, b₂, flattened, one after the other.
    `X` has shape (N, inputs); `labels`, shape (N,), are the whole numbers 0, 1, ... of the classes.

    Raises ValueError for labels that are no classes, for X that is no table, and for X and labels of different lengths.

    >>> Network(np.eye(3), [0, 1, 2], hidden=2).d
    17

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), algorithms 6.3 and 6.4.
    """

    def __init__(self, X, labels, hidden=16):
        expected = "a column of classes 0, 1, 2, ..."
        classes = array("labels", expected, labels)
        if classes.dtype.kind not in "iu" or classes.ndim != 1 or not classes.size or classes.min() < 0:
            refuse("labels", expected, labels)
        super().__init__(X, classes)
        self.X, self.y = _single("X", self.X), np.eye(int(classes.max()) + 1, dtype=np.float32)[classes]
        inputs, classes, hidden = self.X.shape[1], self.y.shape[1], count("hidden", hidden)
        self.shapes = [(inputs, hidden), (1, hidden), (hidden, classes), (1, classes)]
        self.splits = np.cumsum([rows * columns for rows, columns in self.shapes])
        self.d = int(self.splits[-1])

    def start(self, seed):
        """Random weights of variance 1 / inputs of the layer, and biases of 0: float32, (d,) or (len(seed), d)."""
        if seeds(seed).ndim:
            return np.stack([self.start(one) for one in seed])
        rng = np.random.default_rng(seed)
        return np.concatenate([rng.normal(0, (r > 1) / np.sqrt(r), r * c) for r, c in self.shapes]).astype("f4")

    def layers(self, theta):
        """W₁ᵀ, b₁, W₂ᵀ and b₂ as matrices, on the last two axes."""
        parts = np.split(parameters(theta, self.d), self.splits[:-1], axis=-1)
        return [part.reshape(*part.shape[:-1], *shape) for part, shape in zip(parts, self.shapes, strict=True)]

    def scores(self, theta, X):
        """The scores of each class, shape (..., len(X), classes), and the hidden units."""
        W1, b1, W2, b2 = self.layers(theta)
        hidden = np.tanh(X @ W1 + b1)
        return hidden @ W2 + b2, hidden

    def value(self, theta, batch=None):
        X, y = self.examples(batch)
        scores, _ = self.scores(theta, X)
        scores -= scores.max(axis=-1, keepdims=True)
        log_sum = np.log(np.exp(scores).sum(axis=-1))
        return np.mean(log_sum - np.sum(scores * y, axis=-1), axis=-1)

    def grad(self, theta, batch=None):
        theta = parameters(theta, self.d)
        X, y = self.examples(batch)
        scores, hidden = self.scores(theta, X)
        exp = np.exp(scores - scores.max(axis=-1, keepdims=True))
        error = (exp / exp.sum(axis=-1, keepdims=True) - y) / X.shape[-2]
        W2 = self.layers(theta)[2]
        back = error @ np.swapaxes(W2, -1, -2) * (1 - hidden**2)
        grads = [
            np.swapaxes(X, -1, -2) @ back,
            back.sum(axis=-2),
            np.swapaxes(hidden, -1, -2) @ error,
            error.sum(axis=-2),
        ]
        return np.concatenate([g.reshape(*error.shape[:-2], -1) for g in grads], axis=-1)

    def accuracy(self, theta, X, labels):
        """The share of the rows of X whose class in `labels` has the highest score, shape (...).

        Raises ValueError for an X of other inputs than the network's, and for labels that don't fit X.
        """
        X = _single("X", floats("X", X, shape=(..., *self.X.shape[1:])))
        if X.ndim != 2 or np.shape(labels) != X.shape[:1]:
            refuse("labels", "one class for each row of a table X", labels)
        with np.errstate(all="ignore"):
            return np.mean(self.scores(theta, X)[0].argmax(axis=-1) == labels, axis=-1)


def parameters(theta, d):
    """`theta` as a float array (float32 stays so), refused unless its shape is (..., d)."""
    try:
        given = np.asarray(theta)
        if given.shape[-1] == d and given.dtype.kind in "fiu":
            return given if given.dtype.char in "fd" else given.astype(float)
    except (IndexError, ValueError):
        pass
    refuse("theta", f"an array of numbers, of shape (..., {d})", theta)


def _single(name, value):
    """`value` as float32, refused where it is too large for that."""
    with np.errstate(over="ignore"):
        return floats(name, value.astype(np.float32))


def _named(names, d):
    if not isinstance(names, (str, list, tuple)) or len(names) != d:
        refuse("names", f"{d} texts, one for each parameter", names)
    return tuple(names)


_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
