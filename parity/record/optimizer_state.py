"""Training that goes on in another language: a model, its optimizer's state, the data, and the next 20 losses, in one file.

Usage, with PyTorch: python3 optimizer_state.py record FOLDER      (parity/src/test/resources/optimizers)
                     python3 optimizer_state.py check FILE...      (what OptimizerStateTest left in parity/target/optimizers)

FOLDER/all.pt has every optimizer after 5 steps over two groups of named parameters, and the parameters after 10.
"""
import copy
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


# the arguments of each optimizer, and those in which the second group differs
ALL = {
    "Adadelta": ({"lr": 0.5, "weight_decay": 0.1}, {"rho": 0.5}), "Adafactor": ({"lr": 0.1, "weight_decay": 0.1}, {"d": 2.0}),
    "Adagrad": ({"lr": 0.1, "lr_decay": 0.1, "initial_accumulator_value": 0.1}, {"weight_decay": 0.1}),
    "Adam": ({"lr": 0.05, "amsgrad": True}, {"weight_decay": 0.1}), "AdamW": ({"lr": 0.05}, {"weight_decay": 0.0}),
    "SparseAdam": ({"lr": 0.05}, {"betas": (0.5, 0.9)}), "Adamax": ({"lr": 0.05}, {"weight_decay": 0.1}),
    "ASGD": ({"lr": 0.1, "lambd": 0.1, "t0": 2.0}, {"alpha": 0.5}), "LBFGS": ({"lr": 0.5, "max_iter": 3, "history_size": 4}, None),
    "Muon": ({"lr": 0.02}, {"adjust_lr_fn": "match_rms_adamw"}), "NAdam": ({"lr": 0.05}, {"momentum_decay": 0.1}),
    "RAdam": ({"lr": 0.05, "betas": (0.8, 0.9)}, {"weight_decay": 0.1}),
    "RMSprop": ({"lr": 0.05, "momentum": 0.5, "centered": True}, {"weight_decay": 0.1}), "Rprop": ({"lr": 0.05}, {"etas": (0.3, 1.5)}),
    "SGD": ({"lr": 0.1, "momentum": 0.9}, {"nesterov": True}),
}


def named(name, options, second):
    """An optimizer over a: (3, 4) and b: (4, 2), each in a group of its own."""
    a = (torch.arange(12, dtype=torch.float64) * 0.25 - 1).reshape(3, 4).requires_grad_()
    b = (torch.arange(8, dtype=torch.float64) * 0.25 - 0.75).reshape(4, 2).requires_grad_()
    groups = [("a", a), ("b", b)] if second is None else [{"params": [("a", a)]}, {"params": [("b", b)], **second}]
    return [a, b], getattr(torch.optim, name)(groups, **options)


def advance(name, ps, opt, first, count):
    for step in range(first, first + count):
        if name == "LBFGS":
            def closure():
                opt.zero_grad()
                loss = sum((p - 1).square().sum() + 0.1 * p.pow(4).sum() for p in ps)
                loss.backward()
                return loss
            opt.step(closure)
            continue
        for k, p in enumerate(ps):
            g = torch.sin(torch.arange(p.numel(), dtype=torch.float64) * 1.7 + step * 0.9 + k).reshape(p.shape)
            p.grad = g.to_sparse() if name == "SparseAdam" else g
        opt.step()


def record_all(folder):
    saved = {}
    for name, (options, second) in ALL.items():
        ps, opt = named(name, options, second)
        advance(name, ps, opt, 0, 5)
        half = {"optimizer": copy.deepcopy(opt.state_dict()), "parameters": [p.detach().clone() for p in ps]}
        advance(name, ps, opt, 5, 5)
        saved[name] = {**half, "after": [p.detach().clone() for p in ps]}
    torch.save(saved, f"{folder}/all.pt")


def check_all(file):
    for name, saved in torch.load(file, weights_only=True).items():
        # the options come from the file: these are others
        ps, opt = named(name, {"lr": 1.0}, None if name == "LBFGS" else {})
        opt.load_state_dict(saved["optimizer"])
        fresh = named(name, *ALL[name])
        advance(name, *fresh, 0, 5)
        expected, given = fresh[1].state_dict(), saved["optimizer"]
        for e, g in zip(expected["param_groups"], given["param_groups"]):
            assert set(e) == set(g), (name, list(e), list(g))
            assert all(e[k] == g[k] and (e[k] is None) == (g[k] is None) for k in e), (name, e, g)
        for n, state in expected["state"].items():
            assert set(state) == set(given["state"][n]), (name, set(state), set(given["state"][n]))
            for k, v in state.items():
                w = given["state"][n][k]
                if isinstance(v, torch.Tensor) and isinstance(w, torch.Tensor):
                    assert v.dtype == w.dtype and v.shape == w.shape and torch.allclose(v, w, rtol=1e-9, atol=1e-12), (name, k, v, w)
                elif isinstance(v, int):
                    assert type(v) is type(w) and v == w, (name, k, v, w)
        with torch.no_grad():
            for p, value in zip(ps, saved["parameters"]):
                p.copy_(value)
        advance(name, ps, opt, 5, 5)
        worst = max((p - q).abs().max().item() for p, q in zip(ps, saved["after"]))
        print(f"{file}: {name}, greatest difference after 5 more steps {worst:.2e}")
        assert worst < 1e-10, name


if sys.argv[1] == "record":
    record(sys.argv[2])
    record_all(sys.argv[2])
elif sys.argv[1] == "record_all":
    record_all(sys.argv[2])
else:
    for f in sys.argv[2:]:
        check_all(f) if f.endswith("all.pt") else check(f)
