"""torch.distributed.optim.ZeroRedundancyOptimizer over Gloo, with 2 and 3 processes.

Usage, with PyTorch: python3 zero_redundancy.py record FILE      (distributed/src/test/resources/zero_redundancy.pt)

FILE has, by "NAME RANKS": the initial parameters of a small model, inputs and targets of 10 steps, which process changes which
parameter, the parameters after the steps, and the consolidated state of the optimizer.
"""
import os
import sys
import tempfile

import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from torch import nn
from torch.distributed.optim import ZeroRedundancyOptimizer

OPTIMIZERS = {
    "adam": (torch.optim.Adam, {"lr": 0.01, "weight_decay": 0.02}),
    "sgd": (torch.optim.SGD, {"lr": 0.05, "momentum": 0.9}),
}


def model():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(6, 16), nn.Tanh(), nn.Linear(16, 10), nn.Tanh(), nn.Linear(10, 3))


def groups(net):
    weights = [p for p in net.parameters() if p.dim() > 1]
    biases = [p for p in net.parameters() if p.dim() == 1]
    return [{"params": weights}, {"params": biases, "lr": 0.02, "weight_decay": 0.0}]


def process(rank, ranks, name, meeting, file):
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=ranks)
    net = model()
    saved = {"initial": {k: v.clone() for k, v in net.state_dict().items()}}
    kind, options = OPTIMIZERS[name]
    opt = ZeroRedundancyOptimizer(groups(net), optimizer_class=kind, **options)
    schedule = torch.optim.lr_scheduler.StepLR(opt, 4)
    torch.manual_seed(1)
    x, y = torch.randn(10, 8, 6), torch.randint(0, 3, (10, 8))
    for step in range(10):
        opt.zero_grad()
        nn.functional.cross_entropy(net(x[step]), y[step]).backward()
        opt.step()
        schedule.step()
    opt.consolidate_state_dict(0)
    if rank == 0:
        numbers = {id(p): n for n, p in enumerate(p for g in opt.param_groups for p in g["params"])}
        parts = [[numbers[id(p)] for g in part for p in g["params"]] for part in opt._partition_parameters()]
        torch.save({**saved, "x": x, "y": y, "parts": parts, "after": net.state_dict(), "state": opt.state_dict()}, file)
    dist.barrier()
    dist.destroy_process_group()


def record(file):
    saved = {}
    for name in OPTIMIZERS:
        for ranks in (2, 3):
            with tempfile.TemporaryDirectory() as folder:
                meeting, out = os.path.join(folder, "meeting"), os.path.join(folder, "out.pt")
                mp.start_processes(process, (ranks, name, meeting, out), nprocs=ranks, start_method="fork")
                saved[f"{name} {ranks}"] = torch.load(out)
    torch.save(saved, file)


if __name__ == "__main__":
    record(sys.argv[2])
