"""Make tests/unit/reference.json, by hand, once: python -m tools.make_reference

Where PyTorch's optimizers go on three small problems, in float64. It needs PyTorch, which the course itself does not:
pip install torch==2.13.0
"""

import json
from pathlib import Path

import numpy as np
import torch

TABLE = Path(__file__).parent.parent / "tests" / "unit" / "reference.json"
RECORDED = [1, 2, 3, 10, 50]

OPTIMIZERS = [  # our name and options, PyTorch's class and options; whether it divides by the size of the gradient
    ("GradientDescent", {}, torch.optim.SGD, {}, False),
    ("Momentum", {"momentum": 0.9}, torch.optim.SGD, {"momentum": 0.9}, False),
    ("Nesterov", {"momentum": 0.8}, torch.optim.SGD, {"momentum": 0.8, "nesterov": True}, False),
    ("AdaGrad", {"epsilon": 1e-10}, torch.optim.Adagrad, {"eps": 1e-10}, True),
    ("RMSProp", {"decay": 0.9, "epsilon": 1e-8}, torch.optim.RMSprop, {"alpha": 0.9, "eps": 1e-8}, True),
    (
        "Adam",
        {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
        torch.optim.Adam,
        {"betas": (0.9, 0.999), "eps": 1e-8},
        True,
    ),
    ("AdamW", {"weight_decay": 0.05}, torch.optim.AdamW, {"weight_decay": 0.05}, True),
    ("L2", {"optimizer": "Adam", "weight_decay": 0.05}, torch.optim.Adam, {"weight_decay": 0.05}, True),
    ("Clipped", {"optimizer": "Momentum", "max_norm": 0.5}, torch.optim.SGD, {"momentum": 0.9}, False),
]


def problems():
    """What is minimised: the numbers that define it, and the loss in PyTorch's words."""
    hessian = [[3.0, 1.0], [1.0, 9.0]]
    yield (
        {"name": "quadratic", "hessian": hessian, "start": [4.0, 2.0], "learning_rate": 0.02},
        lambda theta, batch: theta @ torch.tensor(hessian) @ theta / 2,
    )
    yield (
        {"name": "rosenbrock", "start": [-1.2, 1.0], "learning_rate": 0.0002},
        lambda theta, batch: (1 - theta[0]) ** 2 + 100 * (theta[1] - theta[0] ** 2) ** 2,
    )
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(12, 3)).round(2), rng.normal(size=12).round(2)
    batches = rng.integers(12, size=(max(RECORDED), 4)).tolist()
    rows, target = torch.tensor(X), torch.tensor(y)
    yield (
        {"name": "mini-batches", "X": X.tolist(), "y": y.tolist(), "batches": batches}
        | {"start": [0.0, 0.0, 0.0], "learning_rate": 0.05},
        lambda theta, batch: torch.mean((rows[batch] @ theta - target[batch]) ** 2),
    )


def rows(loss, start, learning_rate, batches, optimizer, options, max_norm):
    """theta after each of the recorded updates."""
    theta = torch.tensor(start, requires_grad=True)
    descent = optimizer([theta], lr=learning_rate, **options)
    kept = []
    for update in range(1, max(RECORDED) + 1):
        descent.zero_grad()
        loss(theta, batches[update - 1]).backward()
        torch.nn.utils.clip_grad_norm_([theta], max_norm)
        descent.step()
        if update in RECORDED:
            kept.append(theta.tolist())
    return kept


def main():
    torch.set_default_dtype(torch.float64)
    table = {"torch": torch.__version__.split("+")[0], "updates": RECORDED, "problems": [], "runs": []}
    for problem, loss in problems():
        table["problems"].append(problem)
        batches = problem.get("batches", [None] * max(RECORDED))
        for name, ours, optimizer, theirs, divides in OPTIMIZERS:
            rate = 0.1 if divides else problem["learning_rate"]
            run = {"problem": problem["name"], "optimizer": name, "options": ours, "learning_rate": rate}
            run["theta"] = rows(loss, problem["start"], rate, batches, optimizer, theirs, ours.get("max_norm", np.inf))
            table["runs"].append(run)
    parts = [f'"{key}": {json.dumps(table[key])}' for key in ("torch", "updates")]
    parts += [f'"{key}": [\n' + ",\n".join(map(json.dumps, table[key])) + "\n]" for key in ("problems", "runs")]
    TABLE.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
