"""Notebook 09: what schedules are for."""

import numpy as np

from gdtools.datasets import flights
from gdtools.descent import descend
from gdtools.losses import LeastSquares
from gdtools.optimizers import constant, cosine, inverse_time, step_decay

DISTANCE, AIR_TIME = flights()
LINE = LeastSquares(np.stack([np.ones_like(DISTANCE), DISTANCE / 1000], axis=1), AIR_TIME)
SCHEDULES = {
    "constant": constant(0.2),
    "1/t": inverse_time(0.2, half_after=20),
    "step": step_decay(0.2, every=20),
    "cosine": cosine(0.2, steps=400),
}


def test_schedules_end_the_wandering():
    above = {}
    for name, schedule in SCHEDULES.items():
        options = {"batch_size": 32, "sampling": "replace", "seed": range(32), "record_every": 400}
        above[name] = np.median(descend(LINE, (0, 0), schedule, steps=400, **options).loss[-1] - LINE.floor)
    assert min(above, key=above.get) == "cosine"
    assert above["cosine"] < above["constant"] / 10
