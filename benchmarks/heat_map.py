"""The heat map of notebook 06: 6 batch sizes × 11 learning rates × 4 seeds × 10 epochs of a 64-16-10 network."""

import importlib.util

import numpy as np

from benchmarks.measure import in_turns, missing, row, timed
from gdtools.datasets import digits
from gdtools.descent import descend
from gdtools.losses import Network

BATCH_SIZES, RATES, SEEDS, EPOCHS = (2, 16, 32, 64, 128, 256), 2.4 / 2.0 ** np.arange(10, -1, -1), range(4), 10
PARTS = len(RATES) * len(SEEDS) * EPOCHS  # the rival trains one network for one epoch at each batch size
WHAT = "heat map, 6 × 11 × 4 networks × 10 epochs"


def rows(rounds=3):
    """The row on the heat map; without PyTorch, it says so."""
    if importlib.util.find_spec("torch") is None:
        return [missing(WHAT, "torch is not installed")]
    data = _split()
    difference = ours(data, [32], [0.3])[-1].mean() - pytorch(data, 32, 0.3, EPOCHS)
    assert abs(difference) < 0.05, "the two should learn as well"

    def part():
        for b in BATCH_SIZES:
            pytorch(data, b, 0.1, epochs=1)

    whole, parts = in_turns(rounds, timed(ours, data, BATCH_SIZES, RATES), timed(part))
    scaled = [PARTS * time for time in parts]
    return [row(WHAT, whole, f"PyTorch loop, 1/{PARTS} of it measured, and scaled", scaled)]


def _split():
    X, labels = digits()
    order = np.random.default_rng(0).permutation(len(X))
    train, test = order[:1024], order[1024:]
    return X[train], labels[train], X[test], labels[test]


def ours(data, batch_sizes, rates):
    """The test accuracy after each epoch, shape (epochs + 1, batch sizes, rates, seeds)."""
    X, labels, test_X, test_labels = data
    network, sweep = Network(X, labels, hidden=16), []
    for b in batch_sizes:
        options = {"batch_size": b, "epochs": EPOCHS, "seed": SEEDS, "record_every": len(X) // b}
        run = descend(network, network.start(SEEDS), np.array(rates)[:, None], **options)
        sweep.append([network.accuracy(theta, test_X, test_labels) for theta in run.theta])
    return np.swapaxes(sweep, 0, 1)


def pytorch(data, batch_size, rate, epochs):
    """The test accuracy of one network in the end, with one more test after each epoch."""
    import torch
    from torch import nn

    X, labels, test_X, test_labels = map(torch.tensor, data)
    X, test_X = X.float(), test_X.float()
    torch.set_num_threads(1)  # with more it is slower: the batches are small
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(64, 16), nn.Tanh(), nn.Linear(16, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    for _ in range(epochs):
        for batch in torch.randperm(len(X)).split(batch_size):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(X[batch]), labels[batch])
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            accuracy = (model(test_X).argmax(dim=1) == test_labels).float().mean()
    return accuracy.item()
