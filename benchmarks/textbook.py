"""The rival: the same work as textbooks and tutorials write it. It needs nothing of this repository."""

import matplotlib.pyplot as plt
import numpy as np


def sgd(X, y, rate, seed):
    """One epoch of stochastic gradient descent on mean((X theta - y)²), one example an update, all iterates kept."""
    rng = np.random.default_rng(seed)
    theta = np.zeros(X.shape[1])
    path = [theta]
    for i in rng.permutation(len(X)):
        grad = 2 * (X[i] @ theta - y[i]) * X[i]
        theta = theta - rate * grad
        path.append(theta)
    return np.array(path)


def minibatch(X, y, rate, seed, batch_size):
    """The same with mini-batches."""
    rng = np.random.default_rng(seed)
    theta = np.zeros(X.shape[1])
    path = [theta]
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        batch = order[start : start + batch_size]
        grad = 2 / len(batch) * (X[batch] @ theta - y[batch]) @ X[batch]
        theta = theta - rate * grad
        path.append(theta)
    return np.array(path)


def descent(rate, w1=4.0, w2=2.0, steps=60):
    """The path of gradient descent on w1² + 4 w2²."""
    path = [(w1, w2)]
    for _ in range(steps):
        w1, w2 = w1 - rate * 2 * w1, w2 - rate * 8 * w2
        path.append((w1, w2))
    return np.array(path)


def scene(rate):
    """Contours of w1² + 4 w2² with the path of gradient descent, and beside them the loss."""
    path = descent(rate)
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 4.2))
    x, y = np.meshgrid(np.linspace(-5, 5, 200), np.linspace(-5, 5, 200))
    left.contour(x, y, x**2 + 4 * y**2, levels=15)
    left.plot(path[:, 0], path[:, 1], "o-")
    left.set(xlim=(-5, 5), ylim=(-5, 5), xlabel="w1", ylabel="w2", aspect="equal")
    right.semilogy(path[:, 0] ** 2 + 4 * path[:, 1] ** 2)
    right.set(ylim=(1e-6, 1e3), xlabel="update", ylabel="loss")
    return figure


def draw(rate):
    """What `interact` calls at each position of its slider."""
    scene(rate)
    plt.show()


def mover():
    """What ipympl's users give to `interact`: the figure is drawn once, and its lines get other data."""
    figure = scene(0.005)
    (line,), (loss,) = (ax.get_lines() for ax in figure.axes)

    def move(rate):
        path = descent(rate)
        line.set_data(path[:, 0], path[:, 1])
        loss.set_ydata(path[:, 0] ** 2 + 4 * path[:, 1] ** 2)
        figure.canvas.draw_idle()

    return move
