"""Records what PyTorch's optimizers make of parameters over 20 steps of given gradients: the parameters and the state_dict.

usage, from the project's root:  python3 parity/record/optimizers.py optim/src/test/resources/org/jtorch/optim/optimizers.json.gz
"""
import gzip
import json
import sys

import torch

STEPS = 20
SHAPES = {"usual": [(), (3,), (3, 4), (2, 3, 2, 2)], "matrices": [(3, 4), (4, 3), (2, 2), (5, 1)], "rows": [(5, 3), (6,), (4, 2, 2), (3, 2)]}

# the arguments of the optimizer, and those in which the second group differs
SETS = {
    "SGD": [({}, {"lr": 0.01}), ({"lr": 0.1, "momentum": 0.9}, {"momentum": 0.5}),
            ({"lr": 0.1, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.01}, {"dampening": 0.0}),
            ({"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}, {"nesterov": False})],
    "Adam": [({}, {"lr": 0.01}), ({"lr": 0.05, "betas": [0.8, 0.95], "eps": 1e-6, "weight_decay": 0.1}, {"weight_decay": 0.0}),
             ({"lr": 0.05, "amsgrad": True}, {"amsgrad": False}),
             ({"lr": 0.05, "weight_decay": 0.1, "decoupled_weight_decay": True}, {"lr": 0.02})],
    "AdamW": [({}, {"lr": 0.01}), ({"lr": 0.05, "betas": [0.8, 0.95], "eps": 1e-6, "weight_decay": 0.1}, {"weight_decay": 0.0}),
              ({"lr": 0.05, "amsgrad": True}, {"amsgrad": False})],
    "RMSprop": [({}, {"lr": 0.001}), ({"lr": 0.02, "momentum": 0.9, "weight_decay": 0.1}, {"momentum": 0.0}),
                ({"lr": 0.02, "alpha": 0.9, "centered": True}, {"weight_decay": 0.05}),
                ({"lr": 0.02, "eps": 1e-4, "centered": True, "momentum": 0.5}, {"centered": False})],
    "Adagrad": [({}, {"lr": 0.1}), ({"lr": 0.1, "lr_decay": 0.1, "weight_decay": 0.1}, {"weight_decay": 0.0}),
                ({"lr": 0.1, "initial_accumulator_value": 0.5, "eps": 1e-4}, {"initial_accumulator_value": 0.1})],
    "NAdam": [({}, {"lr": 0.01}), ({"lr": 0.02, "betas": [0.8, 0.95], "momentum_decay": 0.1, "weight_decay": 0.1}, {"momentum_decay": 0.0}),
              ({"lr": 0.02, "weight_decay": 0.1, "decoupled_weight_decay": True, "eps": 1e-5}, {"decoupled_weight_decay": False})],
    "Adafactor": [({}, {"lr": 0.1}), ({"lr": 0.1, "beta2_decay": -0.3, "weight_decay": 0.1}, {"weight_decay": 0.0}),
                  ({"lr": 0.1, "eps": [1e-2, 1e-1], "d": 2.0}, {"d": 1.0, "eps": [None, 1e-3]})],
    "Adadelta": [({}, {"lr": 0.5}), ({"rho": 0.7, "eps": 1e-3, "weight_decay": 0.1}, {"weight_decay": 0.0}), ({"lr": 2.0, "rho": 1.0}, {"rho": 0.5})],
    "Adamax": [({}, {"lr": 0.02}), ({"lr": 0.05, "betas": [0.8, 0.9], "weight_decay": 0.1}, {"weight_decay": 0.0}), ({"eps": 1e-2, "lr": 0.1}, {"eps": 0.0})],
    "ASGD": [({}, {"lr": 0.1}), ({"lr": 0.1, "lambd": 0.05, "alpha": 0.5, "t0": 8, "weight_decay": 0.1}, {"t0": 3}), ({"t0": 0.0, "lambd": 0.0}, {"lambd": 0.01})],
    "RAdam": [({}, {"lr": 0.01}), ({"lr": 0.05, "betas": [0.8, 0.9], "weight_decay": 0.1}, {"weight_decay": 0.0}),
              ({"lr": 0.05, "weight_decay": 0.1, "decoupled_weight_decay": True, "eps": 1e-4}, {"decoupled_weight_decay": False})],
    "Rprop": [({}, {"lr": 0.1}), ({"etas": [0.3, 1.5], "step_sizes": [1e-3, 0.05]}, {"step_sizes": [1e-6, 1.0]}), ({"lr": 0.05, "etas": [0.9, 1.05]}, {"etas": [0.5, 1.2]})],
    "SparseAdam": [({}, {"lr": 0.01}), ({"lr": 0.05, "betas": [0.8, 0.9]}, {"betas": [0.5, 0.99]}), ({"lr": 0.05, "eps": 1e-3}, {"eps": 1e-8})],
    "Muon": [({}, {"lr": 0.01}), ({"lr": 0.02, "momentum": 0.5, "nesterov": False, "weight_decay": 0.0}, {"nesterov": True}),
             ({"lr": 0.02, "adjust_lr_fn": "match_rms_adamw"}, {"adjust_lr_fn": "spectral_unclamped"}),
             ({"lr": 0.02, "ns_coefficients": [2.0, -1.5, 0.5], "ns_steps": 3, "eps": 1e-3}, {"ns_steps": 0})],
}


def has(name, option):
    return option in torch.optim.__dict__[name]([torch.nn.Parameter(torch.ones(1, 1))]).defaults


def runs(name):
    """Dtype, whether to maximize, which gradients are sparse."""
    all = [("float64", False, "none"), ("float32", False, "none"), ("bfloat16", False, "none")]
    if name == "SparseAdam":
        all = [("float64", False, "all"), ("float32", False, "all"), ("float64", True, "all"), ("float32", True, "all"),
               ("float64", False, "repeated"), ("float32", False, "empty")]
    elif name == "Muon":
        all += [("float16", False, "none"), ("float32", False, "missing"), ("float64", False, "missing")]
    elif name == "Adafactor":
        all += [("float64", True, "none"), ("float32", True, "missing"), ("bfloat16", True, "none")]
    else:
        all += [("complex64", False, "none"), ("float64", True, "missing"), ("complex128", True, "none"), ("float32", True, "none")]
    if name in ("SGD", "Adagrad"):
        all += [("float64", False, "some"), ("float32", True, "some")]
    return all


def values(count, step, k):
    return torch.sin(torch.arange(count, dtype=torch.float64) * 1.7 + step * 0.9 + k)


def start(shape, k, dtype):
    count = int(torch.Size(shape).numel())
    real = torch.arange(count, dtype=torch.float64) * 0.25 - 1 + k * 0.125
    return (torch.complex(real, 0.5 - real) if dtype.is_complex else real).to(dtype).reshape(shape).requires_grad_()


def gradient(p, step, k, kind):
    if kind == "missing" and (step + k) % 5 == 0 or step == 4 and k == 1:
        return None  # a parameter without a gradient is left alone
    if kind in ("all", "repeated", "empty") or kind == "some" and k == 2:
        rows = p.shape[0]
        indices = [] if kind == "empty" and step % 3 == 0 else [step % rows, (step + 2) % rows]
        if kind == "repeated":
            indices.append(step % rows)
        shape = (len(indices), *p.shape[1:])
        dense = values(int(torch.Size(shape).numel()), step, k).reshape(shape).to(p.dtype)
        return torch.sparse_coo_tensor(torch.tensor([indices], dtype=torch.int64), dense, p.shape)
    real = values(p.numel(), step, k)
    return (torch.complex(real, values(p.numel(), step, k + 0.5)) if p.is_complex() else real).reshape(p.shape).to(p.dtype)


def flat(t):
    t = t.detach().to_dense()
    return (torch.view_as_real(t) if t.is_complex() else t).to(torch.float64).flatten().tolist()


def entry(value):
    if isinstance(value, torch.Tensor):
        return {"dtype": str(value.dtype)[6:], "shape": list(value.shape), "values": flat(value)}
    return {"dtype": type(value).__name__, "values": [value]}


def tuples(options):
    return {k: tuple(v) if isinstance(v, list) else v for k, v in options.items()}


def run(name, options, second, dtype, maximize, kind):
    shapes = SHAPES["rows" if name == "SparseAdam" else "matrices" if name == "Muon" else "usual"]
    ps = [start(shape, k, getattr(torch, dtype)) for k, shape in enumerate(shapes)]
    options = {**options, **({"maximize": True} if maximize else {})}
    if kind == "some":  # weight decay does not support sparse gradients
        options, second = ({k: v for k, v in o.items() if k != "weight_decay"} for o in (options, second))
        if options.get("nesterov"):
            options["nesterov"] = False
    optimizer = getattr(torch.optim, name)(
        [{"params": [ps[0], ps[2]]}, {"params": [ps[1], ps[3]], **tuples(second)}], **tuples(options))
    for step in range(STEPS):
        for k, p in enumerate(ps):
            p.grad = gradient(p, step, k, kind)
        optimizer.step()
    state = optimizer.state_dict()["state"]
    return {"optimizer": name, "options": options, "second": second, "dtype": dtype, "gradients": kind,
            "shapes": shapes, "parameters": [flat(p) for p in ps],
            "state": {str(n): {k: entry(v) for k, v in s.items()} for n, s in state.items()}}


def differs(name, options, dtype):
    """Without nesterov, PyTorch's Muon divides a momentum buffer of bfloat16 by its norm in place, which is a mistake."""
    return name == "Muon" and dtype == "bfloat16" and not options.get("nesterov", True)


cases = [run(name, options, second, "float16" if differs(name, options, how[0]) else how[0], *how[1:])
         for name, sets in SETS.items() for options, second in sets for how in runs(name)]
with gzip.GzipFile(sys.argv[1], "wb", mtime=0) as out:
    out.write(json.dumps({"torch": torch.__version__, "steps": STEPS, "cases": cases}).encode())
print(len(cases), "runs")
