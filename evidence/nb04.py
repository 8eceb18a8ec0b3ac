"""Claims of notebook 04 and its exercises."""

import numpy as np

from evidence.core import between, claim

HERE = np.array([100.0, 150.0])


def squared_errors(line, theta, batch_size, rng, n=1000):
    """How far, squared, the gradients of n batches (with replacement) are from the true one."""
    batches = rng.integers(line.n_examples, size=(n, batch_size))
    return np.sum((line.grad(theta, batches) - line.grad(theta)) ** 2, axis=-1)


@claim("04", cell="law-after", says="The mean squared error falls as 1/B.", holds=between(-1.05, -0.95))
def slope_of_the_error(draw):
    """The slope of the mean squared error against B, on logarithmic axes"""
    line, rng, sizes = draw.line(), draw.rng(), 4 ** np.arange(6)
    errors = [np.mean(squared_errors(line, HERE, size, rng)) for size in sizes]
    return np.polyfit(np.log(sizes), np.log(errors), 1)[0]
