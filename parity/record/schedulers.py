"""Schedules and averaging: learning rates and momenta over 200 steps, states that go on in another language, averaged models.

Usage, with PyTorch: python3 schedulers.py record FOLDER    (optim/src/test/resources/org/jtorch/optim)
                     python3 schedulers.py check FILE       (what SchedulerStateTest left in optim/target/schedulers.pt)
"""
import json
import math
import sys
import warnings

import torch
from torch import nn
from torch.optim import lr_scheduler, swa_utils

STEPS = 200
SAVED_AT = 61

LAMBDAS = {
    "power": lambda e: 0.97**e,
    "warmup": lambda e: min(1.0, (e + 1) / 50),
    "root": lambda e: 1 / math.sqrt(1 + e),
    "alternate": lambda e: 0.5 if e % 2 else 1.9,
    "constant": lambda e: 0.99,
}


def case(type, optimizer="sgd", **args):
    return {"type": type, "optimizer": optimizer, "args": args}


def sub(type, **args):
    return {"type": type, "args": args}


CASES = [
    case("LambdaLR", lr_lambda="power"),
    case("LambdaLR", lr_lambda="warmup"),
    case("LambdaLR", lr_lambda=["root", "power"]),
    case("MultiplicativeLR", lr_lambda="constant"),
    case("MultiplicativeLR", lr_lambda="alternate"),
    case("MultiplicativeLR", lr_lambda=["constant", "alternate"]),
    case("StepLR", step_size=30),
    case("StepLR", step_size=1, gamma=0.99),
    case("StepLR", step_size=7, gamma=1.05),
    case("MultiStepLR", milestones=[30, 80]),
    case("MultiStepLR", milestones=[120, 20, 20, 63, 150], gamma=0.5),
    case("MultiStepLR", milestones=[], gamma=0.5),
    case("ConstantLR"),
    case("ConstantLR", factor=0.25, total_iters=100),
    case("ConstantLR", factor=1.0, total_iters=0),
    case("LinearLR"),
    case("LinearLR", start_factor=0.01, total_iters=120),
    case("LinearLR", start_factor=1.0, end_factor=0.1, total_iters=77),
    case("ExponentialLR", gamma=0.97),
    case("ExponentialLR", gamma=1.001),
    case("ExponentialLR", gamma=0.5),
    case("PolynomialLR"),
    case("PolynomialLR", total_iters=150, power=2.0),
    case("PolynomialLR", total_iters=300, power=0.5),
    case("CosineAnnealingLR", T_max=80, eta_min=3e-5),
    case("CosineAnnealingLR", T_max=200),
    case("CosineAnnealingLR", T_max=13, eta_min=0.001),
    case("CosineAnnealingLR", T_max=1),
    case("CosineAnnealingWarmRestarts", T_0=50),
    case("CosineAnnealingWarmRestarts", T_0=10, T_mult=2, eta_min=1e-4),
    case("CosineAnnealingWarmRestarts", T_0=3, T_mult=3),
    case("CyclicLR", base_lr=0.01, max_lr=0.1, step_size_up=20),
    case("CyclicLR", base_lr=[0.01, 0.02], max_lr=[0.1, 0.3], step_size_up=13, step_size_down=30, mode="triangular2"),
    case("CyclicLR", optimizer="adam", base_lr=0.001, max_lr=0.1, step_size_up=10, mode="exp_range", gamma=0.995,
         base_momentum=[0.7, 0.75], max_momentum=[0.9, 0.95]),
    case("CyclicLR", optimizer="plain", base_lr=0.01, max_lr=0.1, step_size_up=20, cycle_momentum=False,
         scale_fn="root", scale_mode="iterations"),
    case("CyclicLR", base_lr=0.01, max_lr=0.1, step_size_up=20, scale_fn="power"),
    case("OneCycleLR", max_lr=0.1, total_steps=200),
    case("OneCycleLR", optimizer="adam", max_lr=[0.1, 0.4], epochs=10, steps_per_epoch=21, anneal_strategy="linear",
         pct_start=0.25),
    case("OneCycleLR", max_lr=0.2, total_steps=250, three_phase=True, div_factor=10.0, final_div_factor=100.0,
         base_momentum=[0.8, 0.85], max_momentum=0.99),
    case("OneCycleLR", optimizer="plain", max_lr=0.2, total_steps=201, cycle_momentum=False),
    case("SWALR", swa_lr=0.05),
    case("SWALR", swa_lr=[0.05, 0.2], anneal_epochs=100),
    case("SWALR", swa_lr=0.001, anneal_epochs=40, anneal_strategy="linear"),
    case("SWALR", swa_lr=0.001, anneal_epochs=0),
    case("ReduceLROnPlateau"),
    case("ReduceLROnPlateau", factor=0.5, patience=3, threshold=0.05, cooldown=4, min_lr=[0.001, 0.01]),
    case("ReduceLROnPlateau", mode="max", factor=0.7, patience=0, threshold=0.1, threshold_mode="abs", min_lr=1e-3),
    case("ReduceLROnPlateau", mode="max", patience=2, eps=0.01),
    case("ReduceLROnPlateau", factor=0.3, patience=5, threshold=0.3, threshold_mode="abs"),
    case("SequentialLR", schedulers=[sub("LinearLR", total_iters=20), sub("CosineAnnealingLR", T_max=100)],
         milestones=[20]),
    case("SequentialLR", schedulers=[sub("ConstantLR", factor=0.1, total_iters=30), sub("ExponentialLR", gamma=0.98),
                                     sub("StepLR", step_size=10, gamma=0.7)], milestones=[30, 90]),
    case("SequentialLR", schedulers=[sub("ExponentialLR", gamma=0.9), sub("CosineAnnealingWarmRestarts", T_0=15, T_mult=2),
                                     sub("LambdaLR", lr_lambda="power")], milestones=[40, 130]),
    case("SequentialLR", schedulers=[sub("SequentialLR", schedulers=[sub("ConstantLR"), sub("ExponentialLR", gamma=0.95)],
                                         milestones=[10]), sub("PolynomialLR", total_iters=60)], milestones=[70]),
    case("ChainedScheduler", schedulers=[sub("ConstantLR", factor=0.1, total_iters=20), sub("ExponentialLR", gamma=0.99)]),
    case("ChainedScheduler", schedulers=[sub("LinearLR", total_iters=15), sub("MultiStepLR", milestones=[50, 100]),
                                         sub("MultiplicativeLR", lr_lambda="constant")]),
    case("ChainedScheduler", schedulers=[sub("CosineAnnealingLR", T_max=60, eta_min=0.001),
                                         sub("StepLR", step_size=25, gamma=0.8)]),
]

CLOSED = ["StepLR", "MultiStepLR", "ConstantLR", "LinearLR", "ExponentialLR", "PolynomialLR", "CosineAnnealingLR",
          "LambdaLR"]


def optimizer(kind):
    groups = [{"params": [nn.Parameter(torch.zeros(2))], "lr": 0.1}, {"params": [nn.Parameter(torch.zeros(3))], "lr": 0.02}]
    if kind == "adam":
        return torch.optim.Adam(groups, lr=0.5)
    if kind == "plain":
        return torch.optim.Adagrad(groups, lr=0.5)
    return torch.optim.SGD(groups, lr=0.5, momentum=0.8)


def build(spec, opt):
    args = dict(spec["args"])
    cls = getattr(lr_scheduler, spec["type"], None) or getattr(swa_utils, spec["type"])
    if "lr_lambda" in args:
        names = args["lr_lambda"]
        args["lr_lambda"] = [LAMBDAS[n] for n in names] if isinstance(names, list) else LAMBDAS[names]
    if "scale_fn" in args:
        args["scale_fn"] = LAMBDAS[args["scale_fn"]]
    if "schedulers" in args:
        args["schedulers"] = [build(s, opt) for s in args["schedulers"]]
        if spec["type"] == "ChainedScheduler":
            return cls(args["schedulers"])
    return cls(opt, **args)


def metric(step):
    return 2 * math.exp(-step / 25) + 0.3 * math.sin(step * 0.7) + (math.nan if step in (33, 90) else 0)


def values(opt):
    return {"lr": [g["lr"] for g in opt.param_groups],
            "momentum": [g["betas"][0] if "betas" in g else g.get("momentum", 0.0) for g in opt.param_groups]}


def advance(spec, sched, step):
    if spec["type"] == "ReduceLROnPlateau":
        sched.step(metric(step))
    else:
        sched.step()


def run(spec, resumed):
    opt = optimizer(spec["optimizer"])
    sched = build(spec, opt)
    rows = [values(opt)]
    saved = None
    for step in range(1, STEPS):
        opt.step()
        advance(spec, sched, step)
        rows.append(values(opt))
        if step == SAVED_AT:
            saved = {"optimizer": opt.state_dict(), "scheduler": sched.state_dict()}
            if resumed:
                other = optimizer(spec["optimizer"])
                sched = build(spec, other)
                other.load_state_dict(saved["optimizer"])
                sched.load_state_dict(saved["scheduler"])
                opt = other
    assert sched.get_last_lr() == rows[-1]["lr"]
    return rows, saved


def columns(rows):
    lr = [[row["lr"][g] for row in rows] for g in range(2)]
    momentum = [[row["momentum"][g] for row in rows] for g in range(2)]
    out = {"lr": lr}
    if any(m != momentum[0][0] for m in momentum[0] + momentum[1]):
        out["momentum"] = momentum
    return out


def closed_form(spec):
    opt = optimizer(spec["optimizer"])
    sched = build(spec, opt)
    epochs = [3, 1, 29, 30, 31, 80, 81, 100, 199, 120, 0, 63]
    rows = []
    for epoch in epochs:
        sched.step(epoch)
        rows.append(values(opt))
    sched.step()
    rows.append(values(opt))
    return {"epochs": epochs, **columns(rows)}


def restarts(spec):
    opt = optimizer(spec["optimizer"])
    sched = build(spec, opt)
    epochs = [0.5, 1, 2.25, 9, 9.99, 10, 10.5, 29, 30, 30.1, 70, 75.5, 150, 12, 39, 120, 121]
    rows = []
    for epoch in epochs:
        sched.step(epoch)
        rows.append(values(opt))
        sched.step()
        rows.append(values(opt))
    return {"epochs": epochs, **columns(rows)}


# --- averaged models -----------------------------------------------------------------------------------------------


def filled(t, seed):
    n = t.numel()
    t.copy_(torch.sin(torch.arange(n, dtype=torch.float64) * 1.7 + seed).view(t.shape))


def averaged_model():
    return nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2)).double()


def fill(model, step):
    with torch.no_grad():
        for k, p in enumerate(model.parameters()):
            filled(p, step * 0.9 + k)
        model[1].running_mean.copy_(torch.tensor([step * 0.5, -step], dtype=torch.float64))
        model[1].num_batches_tracked.fill_(3 * step)


OWN = {
    "own": dict(avg_fn=lambda a, p, n: a * 0.25 + p * (0.75 + 0.01 * float(n))),
    "own_multi": dict(multi_avg_fn=lambda a, p, n: torch._foreach_lerp_(a, p, 0.5 / (int(n) + 1))),
}


def averages():
    ways = {
        "equal": {},
        "ema": dict(avg_fn=swa_utils.get_ema_avg_fn(0.9)),
        "ema_default": dict(avg_fn=swa_utils.get_ema_avg_fn()),
        "ema_multi": dict(multi_avg_fn=swa_utils.get_ema_multi_avg_fn(0.9)),
        "swa": dict(avg_fn=swa_utils.get_swa_avg_fn()),
        "swa_multi": dict(multi_avg_fn=swa_utils.get_swa_multi_avg_fn()),
        **OWN,
    }
    out = []
    for name, kwargs in ways.items():
        for use_buffers in (False, True):
            if use_buffers and name in ("own_multi", "swa_multi"):
                continue  # it has an integer buffer, which lerp refuses
            model = averaged_model()
            average = swa_utils.AveragedModel(model, use_buffers=use_buffers, **kwargs)
            updates = []
            for step in range(20):
                fill(model, step)
                average.update_parameters(model)
                updates.append([v for t in average.state_dict().values() for v in t.double().flatten().tolist()])
            out.append({"way": name, "use_buffers": use_buffers, "keys": list(average.state_dict()), "updates": updates})
    return out


def batch_norm():
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2), nn.BatchNorm1d(2, momentum=0.3))
    model = model.double().eval()
    with torch.no_grad():
        for k, p in enumerate(model.parameters()):
            filled(p, k)
        model[1].running_mean.fill_(5)
    batches = []
    for step in range(5):
        x = torch.empty(6, 3, dtype=torch.float64)
        filled(x, step * 1.1)
        batches.append(x)
    swa_utils.update_bn(batches, model)
    return {"mean": [model[i].running_mean.tolist() for i in (1, 4)], "var": [model[i].running_var.tolist() for i in (1, 4)],
            "batches": [int(model[i].num_batches_tracked) for i in (1, 4)], "training": model.training,
            "momentum": [model[i].momentum for i in (1, 4)]}


# --- files ---------------------------------------------------------------------------------------------------------


def record(folder):
    cases, states = [], []
    for spec in CASES:
        rows, saved = run(spec, False)
        resumed, _ = run(spec, True)
        entry = {**spec, "steps": columns(rows)}
        if resumed != rows:
            entry["resumed"] = columns(resumed)
        if spec["type"] in CLOSED:
            try:
                entry["closed"] = closed_form(spec)
            except ZeroDivisionError:
                pass
        if spec["type"] == "CosineAnnealingWarmRestarts":
            entry["restarts"] = restarts(spec)
        cases.append(entry)
        states.append(saved)
    text = json.dumps({"torch": torch.__version__, "savedAt": SAVED_AT, "cases": cases}, separators=(",", ":"))
    open(f"{folder}/lrscheduler/schedules.json", "w").write(text.replace('{"type"', '\n{"type"') + "\n")
    torch.save(states, f"{folder}/lrscheduler/states.pt")
    text = json.dumps({"torch": torch.__version__, "averages": averages(), "batchNorm": batch_norm()}, separators=(",", ":"))
    open(f"{folder}/swa/averages.json", "w").write(text.replace('{"way"', '\n{"way"') + "\n")


def check(file):
    """The states that jtorch saved give the learning rates that it had after that."""
    states = torch.load(file, weights_only=True)
    assert len(states) == len(CASES)
    worst = 0.0
    for spec, saved in zip(CASES, states):
        opt = optimizer(spec["optimizer"])
        sched = build(spec, opt)
        assert set(sched.state_dict()) == set(saved["scheduler"]), (spec, set(sched.state_dict()) ^ set(saved["scheduler"]))
        opt.load_state_dict(saved["optimizer"])
        sched.load_state_dict(saved["scheduler"])
        for step, expected in enumerate(saved["next"], SAVED_AT + 1):
            opt.step()
            advance(spec, sched, step)
            for a, b in zip(values(opt)["lr"] + values(opt)["momentum"], expected):
                worst = max(worst, abs(a - b) / max(abs(b), 1e-300))
    print(f"{file}: {len(states)} schedules go on, greatest relative difference {worst:.2e}")
    assert worst < 1e-9


warnings.filterwarnings("ignore")
record(sys.argv[2]) if sys.argv[1] == "record" else check(sys.argv[2])
