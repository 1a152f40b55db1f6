"""PyTorch's side of the rows of `jtorch bench --data-parallel`: a step of DistributedDataParallel, and its parts.

Run it as each process of a group: python3 parity/bench/two_ranks.py python3 parity/bench/peer_data_parallel.py
"""
import time

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel as DDP


def measure(name, body):
    for _ in range(15):
        body()
    samples = []
    for _ in range(7):
        dist.barrier()
        start = time.perf_counter()
        for _ in range(8):
            body()
        samples.append((time.perf_counter() - start) / 8 * 1e6)
    samples.sort()
    print(f"{name}\tus\t{samples[0]:.2f}\t{samples[3]:.2f}", flush=True)


def main():
    torch.set_num_threads(1)
    dist.init_process_group("gloo")
    torch.manual_seed(0)
    net = nn.Sequential(*[layer for _ in range(8) for layer in (nn.Linear(1024, 1024), nn.ReLU())])
    model = DDP(net, gradient_as_bucket_view=True, bucket_cap_mb=4)
    x = torch.randn(64, 1024)

    def step():
        for p in model.parameters():
            p.grad = None
        model(x).sum().backward()

    def compute():
        with model.no_sync():
            step()

    def reduce(name, numel):
        flat = torch.zeros(numel)
        measure(name, lambda: dist.all_reduce(flat))

    measure("ddp/compute", compute)
    reduce("ddp/allreduce", sum(p.numel() for p in model.parameters()))
    measure("ddp/step", step)
    reduce("ddp/allreduce_4kib", 1 << 10)
    reduce("ddp/allreduce_1mib", 1 << 18)
    reduce("ddp/allreduce_25mib", 25 << 18)
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
