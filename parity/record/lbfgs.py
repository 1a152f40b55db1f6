"""Records 20 steps of PyTorch's LBFGS on a function of several parameters: losses, counts, the parameters and the state; and its
line search along functions without a minimum, where the cubic is degenerate.

usage, from the project's root:  python3 parity/record/lbfgs.py optim/src/test/resources/org/jtorch/optim/lbfgs.json.gz
"""
import gzip
import itertools
import json
import math
import sys

import torch

STEPS = 20
SHAPES = [(), (3,), (3, 4), (2, 3, 2, 2)]
SETS = [{}, {"lr": 0.5, "max_iter": 4, "history_size": 3}, {"line_search_fn": "strong_wolfe"},
        {"lr": 2.0, "line_search_fn": "strong_wolfe", "max_iter": 2, "history_size": 2, "max_eval": 5},
        {"lr": 0.1, "max_iter": 1, "tolerance_grad": 1e-3, "tolerance_change": 1e-5}]
RUNS = [("float64", False, "none"), ("float32", False, "none"), ("complex64", False, "none"), ("float64", False, "missing"),
        ("float64", False, "sparse"), ("float32", True, "none"), ("complex128", True, "none")]


def start(shape, k, dtype):
    count = int(torch.Size(shape).numel())
    real = torch.arange(count, dtype=torch.float64) * 0.25 - 1 + k * 0.125
    return (torch.complex(real, 0.5 - real) if dtype.is_complex else real).to(dtype).reshape(shape).requires_grad_()


def function(ps, kind):
    """The sum of 0.5 c (x - 1)^2 + 0.05 x^4 with c = 1, 2, 3, ... in each parameter, and 0.1 times the square of the sum of all x."""
    total, sum = 0.0, 0.0
    for k, p in enumerate(ps):
        if kind == "missing" and k == 1:
            continue
        x = (torch.view_as_real(p) if p.is_complex() else p).reshape(-1)
        c = torch.arange(1, x.numel() + 1, dtype=x.dtype)
        total = total + (0.5 * c * (x - 1).square() + 0.05 * x.pow(4)).sum()
        sum = sum + x.sum()
    return total + 0.1 * sum * sum


def flat(t):
    return (torch.view_as_real(t) if t.is_complex() else t).detach().to(torch.float64).flatten().tolist()


def entry(value):
    if isinstance(value, torch.Tensor):
        return {"shape": list(value.shape), "values": flat(value)}
    if isinstance(value, list):
        return {"length": len(value)}
    return {"values": [value]}


def run(options, dtype, maximize, kind):
    ps = [start(shape, k, getattr(torch, dtype)) for k, shape in enumerate(SHAPES)]
    options = {**options, **({"maximize": True} if maximize else {})}
    optimizer = torch.optim.LBFGS(ps, **options)

    def closure():
        optimizer.zero_grad()
        loss = function(ps, kind)
        if maximize:
            loss = -loss
        loss.backward()
        if kind == "sparse":
            ps[2].grad = ps[2].grad.to_sparse()
        return loss

    losses, counts = [], []
    for _ in range(STEPS):
        losses.append(optimizer.step(closure).item())
        state = optimizer.state_dict()["state"][0]
        counts.append([state["n_iter"], state["func_evals"]])
    return {"optimizer": "LBFGS", "options": options, "second": {}, "dtype": dtype, "gradients": kind, "shapes": SHAPES,
            "losses": losses, "counts": counts, "parameters": [flat(p) for p in ps],
            "state": {k: entry(v) for k, v in optimizer.state_dict()["state"][0].items()}}


def endless(function, dtype, options, start=(1.0, 2.0, 3.0)):
    """Two steps."""
    w = torch.tensor(start, dtype=getattr(torch, dtype), requires_grad=True)
    optimizer = torch.optim.LBFGS([w], line_search_fn="strong_wolfe", **options)

    def closure():
        optimizer.zero_grad()
        loss = {"sum": w.sum(), "fall": -(w * w).sum(), "quartic": (w * w).sum() - (w * w * w * w).sum()}[function]
        loss.backward()
        return loss

    losses = [optimizer.step(closure).item() for _ in range(2)]
    state = optimizer.state_dict()["state"][0]
    return {"function": function, "dtype": dtype, "options": {"line_search_fn": "strong_wolfe", **options}, "losses": losses,
            "counts": [state["n_iter"], state["func_evals"]], "parameters": flat(w)}


def is_robust(run):
    """Whether the losses are the same for each order of the numbers. Otherwise another CPU, which adds in another order, decides."""
    options = {k: v for k, v in run["options"].items() if k != "line_search_fn"}
    return all(math.isclose(a, b, rel_tol=1e-6) or a == b or math.isnan(a) and math.isnan(b)
               for start in itertools.permutations((1.0, 2.0, 3.0))
               for a, b in zip(endless(run["function"], run["dtype"], options, start)["losses"], run["losses"]))


degenerate = [endless(function, dtype, {"max_iter": count, **more}) for function in ("sum", "fall", "quartic")
              for dtype in ("float32", "float64") for count in (2, 4, 5) for more in ({}, {"lr": 0.01}, {"max_eval": 4})]
degenerate = [each for each in degenerate if is_robust(each)]
cases = [run(options, *how) for options in SETS for how in RUNS]
with gzip.GzipFile(sys.argv[1], "wb", mtime=0) as out:
    out.write(json.dumps({"torch": torch.__version__, "steps": STEPS, "cases": cases, "degenerate": degenerate}).encode())
print(len(cases), "runs")
