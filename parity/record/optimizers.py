"""Records what PyTorch's optimizers make of two parameters over ten steps of given gradients.

usage, from the project's root:  python3 parity/record/optimizers.py > optim/src/test/resources/org/jtorch/optim/optimizers.json
"""
import json
import torch

CASES = [
    ("AdamW", {}),
    ("AdamW", {"lr": 0.05, "betas": [0.8, 0.95], "eps": 1e-6, "weight_decay": 0.1}),
    ("AdamW", {"lr": 0.05, "amsgrad": True}),
    ("AdamW", {"lr": 0.05, "maximize": True, "weight_decay": 0.0}),
    ("SGD", {}),
    ("SGD", {"lr": 0.1, "momentum": 0.9}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.01}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    ("SGD", {"lr": 0.1, "weight_decay": 0.1, "maximize": True}),
]


def run(name, kwargs, dtype):
    a = torch.linspace(-1, 1, 12, dtype=dtype).reshape(3, 4).requires_grad_()
    b = torch.linspace(0, 2, 5, dtype=dtype).requires_grad_()
    optimizer = getattr(torch.optim, name)([a, b], **kwargs)
    for step in range(10):
        for k, p in enumerate((a, b)):
            values = torch.arange(p.numel(), dtype=torch.float64)
            p.grad = torch.sin(values * 1.7 + step * 0.9 + k).reshape(p.shape).to(dtype)
        if step == 4:
            b.grad = None  # a parameter without a gradient is left alone
        optimizer.step()
    return [a.detach().flatten().double().tolist(), b.detach().double().tolist()]


print(json.dumps({
    "torch": torch.__version__,
    "cases": [
        {"optimizer": n, "kwargs": k, "dtype": str(t)[6:], "parameters": run(n, k, t)}
        for n, k in CASES for t in (torch.float64, torch.float32)
    ],
}, indent=1))
