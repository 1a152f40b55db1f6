"""Training that goes on in another language: a model, its optimizer's state, the data, and the next 20 losses, in one file.

Usage, with PyTorch: python3 optimizer_state.py record FOLDER      (parity/src/test/resources/optimizers)
                     python3 optimizer_state.py check FILE...      (what OptimizerStateTest left in parity/target/optimizers)
"""
import sys

import torch
from torch import nn


def model():
    return nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3))


def optimizer(name, parameters):
    if name.startswith("adamw"):
        return torch.optim.AdamW(parameters, lr=0.01, betas=(0.8, 0.99), weight_decay=0.1, amsgrad=name.endswith("amsgrad"))
    return torch.optim.SGD(parameters, lr=0.05, momentum=0.9, weight_decay=0.01, nesterov=name.endswith("nesterov"))


def steps(net, opt, x, y, count):
    losses = []
    for _ in range(count):
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(x), y)
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


def record(folder):
    for name in ["adamw", "adamw_amsgrad", "sgd", "sgd_nesterov"]:
        torch.manual_seed(0)
        net = model()
        x, y = torch.randn(16, 4), torch.randint(0, 3, (16,))
        opt = optimizer(name, net.parameters())
        steps(net, opt, x, y, 10)
        saved = {"model": {k: v.clone() for k, v in net.state_dict().items()}, "x": x, "y": y}
        torch.save({"optimizer": opt.state_dict(), **saved}, f"{folder}/{name}.pt")
        again = torch.load(f"{folder}/{name}.pt")
        torch.save({**again, "losses": steps(net, opt, x, y, 20)}, f"{folder}/{name}.pt")


def check(file):
    saved = torch.load(file, weights_only=True)
    net = model()
    net.load_state_dict(saved["model"])
    # the options come from the file: these are others
    opt = (torch.optim.AdamW if "adamw" in file else torch.optim.SGD)(net.parameters(), lr=1.0)
    opt.load_state_dict(saved["optimizer"])
    losses = steps(net, opt, saved["x"], saved["y"], 20)
    worst = max(abs(a - b) / abs(b) for a, b in zip(losses, saved["losses"]))
    print(f"{file}: 20 losses, greatest relative difference {worst:.2e}")
    assert worst < 1e-5, file


if sys.argv[1] == "record":
    record(sys.argv[2])
else:
    for f in sys.argv[2:]:
        check(f)
