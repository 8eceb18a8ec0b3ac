"""What is minimised: the bowls, and least squares on data.

theta   the parameters, shape (..., d): the leading axes are independent runs
batch   indices of examples, an integer array (..., b); None stands for all N examples

A loss has `value(theta) -> (...)` and `grad(theta, batch=None) -> (..., d)`. It also knows `n_examples` (None without
data), the `names` of its parameters and, where they exist, `curvatures`, `minimiser` and the `window` to draw it in.
"""

from functools import cached_property

import numpy as np

from gdtools.arguments import numbers, refuse


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
        self.hessian = numbers("hessian", hessian)
        if self.hessian.ndim != 2 or not np.array_equal(self.hessian, self.hessian.T):
            refuse("hessian", "a symmetric square matrix", hessian)
        self.d = len(self.hessian)
        self.minimiser = np.zeros(self.d) if minimiser is None else numbers("minimiser", minimiser, shape=(self.d,))
        self.floor = float(floor)
        self.names = tuple(names or (f"w{i}".translate(_SUBSCRIPTS) for i in range(1, self.d + 1)))

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
    return Quadratic(np.diag(2 * numbers("(a, b)", (a, b), shape=(2,))), names=names)


class LeastSquares(Quadratic):
    """Linear regression: L(θ) = 1/N Σᵢ (xᵢ·θ − yᵢ)², a mean over the N examples.

    It is a bowl with H = 2/N XᵀX. The gradient over a batch of B examples is a mean as well: 2/B Σ xᵢ (xᵢ·θ − yᵢ).
    `X` has shape (N, d), one row an example; `y` has shape (N,). L is in the square of y's unit.

    Raises ValueError unless X and y are finite and have the same number of rows.

    >>> line = LeastSquares([[1, 0], [1, 1], [1, 2]], [1, 3, 5])
    >>> line.grad([0, 0], batch=[2])
    array([-10., -20.])

    Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2009), section 3.2.
    """

    def __init__(self, X, y, names=("intercept", "slope")):
        self.X, self.y = numbers("X", X), numbers("y", y)
        if self.X.ndim != 2:
            refuse("X", "a table of shape (examples, parameters)", X)
        if self.y.shape != self.X.shape[:1]:
            refuse("y", f"one number for each of the {len(self.X)} rows of X", y)
        self.n_examples = len(self.X)
        best = np.linalg.lstsq(self.X, self.y)[0]
        floor = np.mean((self.X @ best - self.y) ** 2)
        super().__init__(self.X.T @ self.X * (2 / self.n_examples), best, floor, names)

    def grad(self, theta, batch=None):
        X, y = self.examples(batch)
        residual = np.matvec(X, parameters(theta, self.d)) - y
        return np.vecmat(residual, X) * (2 / residual.shape[-1])

    def examples(self, batch=None):
        """The rows of X, shape (..., b, d), and of y, shape (..., b), with these indices."""
        if batch is None:
            return self.X, self.y
        batch = np.asarray(batch)
        try:
            if batch.shape[-1] > 0:
                return self.X.take(batch, axis=0), self.y.take(batch)
        except (IndexError, TypeError):
            pass
        refuse("batch", f"an array (..., b) of at least one index from 0 to {self.n_examples - 1}", batch)


def parameters(theta, d):
    """`theta` as a float array, refused unless its shape is (..., d)."""
    array = np.asarray(theta, dtype=float)
    if array.ndim == 0 or array.shape[-1] != d:
        refuse("theta", f"an array of shape (..., {d})", theta)
    return array


_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
