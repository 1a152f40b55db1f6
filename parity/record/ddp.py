"""Records training with PyTorch's DistributedDataParallel over Gloo: distributed/src/test/resources/ddp.safetensors.

Run it in the root of the repository. For 2 and 3 processes, each case makes some steps of a small model; recorded are the data, the
initial weights, the losses of all processes, and the weights at the end.
"""

import os
import sys

import torch
import torch.distributed as dist
import torch.multiprocessing as mp
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn
from torch.nn.parallel import DistributedDataParallel as DDP

STEPS = 10
BATCH = 4
CASES = ("plain", "unused", "view", "static", "accumulate", "uneven", "buckets", "clip")


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(8, 16)
        self.bn = nn.BatchNorm1d(16)
        self.fc2 = nn.Linear(16, 16)
        self.extra = nn.Linear(16, 16)
        self.out = nn.Linear(16, 4)

    def forward(self, x, extra):
        h = self.fc2(F.relu(self.bn(self.fc1(x))))
        if extra:
            h = h + self.extra(h)
        return self.out(h)


def arguments(case):
    return {
        "unused": dict(find_unused_parameters=True),
        "view": dict(gradient_as_bucket_view=True),
        "static": dict(static_graph=True),
        "buckets": dict(bucket_cap_mb=0.0005),
    }.get(case, {})


def uses_extra(case, step, rank):
    if case == "unused":
        return step % 2 == 1 and rank == 0
    return case != "static"


def steps_of(case, rank):
    return STEPS - 2 * rank if case == "uneven" else STEPS


def run(rank, world, data, results):
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT="29555", USE_LIBUV="0")
    torch.set_num_threads(1)
    dist.init_process_group("gloo", rank=rank, world_size=world)
    for case in CASES:
        net = Net()
        net.load_state_dict({k[5:]: v for k, v in data.items() if k.startswith("init.")})
        model = DDP(net, **arguments(case))
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
        losses = []

        def step(i):
            loss = F.cross_entropy(model(data["x"][i, rank], uses_extra(case, i, rank)), data["y"][i, rank])
            losses.append(loss.detach())
            return loss

        if case == "uneven":
            with model.join():
                for i in range(steps_of(case, rank)):
                    optimizer.zero_grad()
                    step(i).backward()
                    optimizer.step()
        elif case == "accumulate":
            for i in range(0, STEPS, 2):
                optimizer.zero_grad()
                with model.no_sync():
                    step(i).backward()
                step(i + 1).backward()
                optimizer.step()
        else:
            for i in range(STEPS):
                optimizer.zero_grad()
                step(i).backward()
                if case == "clip":
                    nn.utils.clip_grad_norm_(model.parameters(), 0.1)
                optimizer.step()
        results[f"loss.{case}.{world}.{rank}"] = torch.stack(losses)
        if rank == 0:
            for k, v in model.state_dict().items():
                results[f"final.{case}.{world}.{k}"] = v
    dist.destroy_process_group()


def main():
    torch.manual_seed(0)
    data = {f"init.{k}": v.clone() for k, v in Net().state_dict().items()}
    data["x"] = torch.randn(STEPS, 3, BATCH, 8)
    data["y"] = torch.randint(0, 4, (STEPS, 3, BATCH))
    out = dict(data)
    for world in (2, 3):
        with mp.Manager() as manager:
            results = manager.dict()
            mp.spawn(run, (world, data, results), nprocs=world)
            out.update({k: v.clone() for k, v in results.items()})
    target = sys.argv[1] if len(sys.argv) > 1 else "distributed/src/test/resources/ddp.safetensors"
    os.makedirs(os.path.dirname(target) or ".", exist_ok=True)
    save_file(out, target)
    print(len(out), "tensors of", len(CASES), "cases by", torch.__version__)


if __name__ == "__main__":
    main()
