"""Takes part in a group with a Java program, org.jtorch.distributed.WithPython in the tests of jtorch-distributed.

usage: Java is rank 0, this is every other rank, each with RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT in its environment:

    RANK=0 WORLD_SIZE=2 MASTER_ADDR=127.0.0.1 MASTER_PORT=29511 java -cp ... org.jtorch.distributed.WithPython
    RANK=1 WORLD_SIZE=2 MASTER_ADDR=127.0.0.1 MASTER_PORT=29511 USE_LIBUV=0 python3 with_python.py

USE_LIBUV=0 is needed since the engine of Java has no libuv. Both print the results of each operation, and fail if one is wrong.
"""
import datetime

import torch
import torch.distributed as dist


def check(name, tensor, expected):
    print(f"python rank {dist.get_rank()}: {name} {tensor.flatten().tolist()}", flush=True)
    torch.testing.assert_close(tensor.double(), torch.as_tensor(expected).double(), msg=lambda m: f"{name}: {m}")


def train(group_size, rank):
    """Two steps of data parallel gradient descent, by hand; Java does the same."""
    weight = torch.zeros(3, requires_grad=True)
    for step in range(2):
        x = torch.tensor([[1.0, 2.0, 3.0]]) + rank + step
        loss = ((x @ weight - 1.0) ** 2).mean()
        (gradient,) = torch.autograd.grad(loss, [weight])
        dist.all_reduce(gradient)
        with torch.no_grad():
            weight -= 0.01 * gradient / group_size
    return weight.detach()


def main():
    dist.init_process_group("gloo", timeout=datetime.timedelta(seconds=60))
    rank, size = dist.get_rank(), dist.get_world_size()

    values = torch.full((2, 3), rank + 1.0)
    dist.all_reduce(values)
    check("all_reduce", values, torch.full((2, 3), size * (size + 1) / 2))

    greatest = torch.tensor([rank, -rank])
    dist.all_reduce(greatest, dist.ReduceOp.MAX)
    check("all_reduce max", greatest, torch.tensor([size - 1, 0]))

    for source in (0, 1):
        sent = torch.arange(4, dtype=torch.float64) + 10 * rank
        dist.broadcast(sent, source)
        check(f"broadcast from {source}", sent, torch.arange(4) + 10 * source)

    gathered = torch.empty(2 * size)
    dist.all_gather_into_tensor(gathered, torch.full((2,), float(rank)))
    check("all_gather_into_tensor", gathered, torch.arange(size).repeat_interleave(2))

    dist.barrier()

    if rank == 1:
        dist.send(torch.tensor([1.5, 2.5]), 0)
        received = torch.empty(2)
        dist.recv(received, 0, tag=7)
        check("recv", received, torch.tensor([3.5, 4.5]))

    pair = dist.new_group([0, 1])
    if rank < 2:
        ofPair = torch.tensor([float(rank + 1)])
        dist.all_reduce(ofPair, group=pair)
        check("all_reduce of new_group", ofPair, torch.tensor([3.0]))

    weights = [torch.empty(3) for _ in range(size)]
    dist.all_gather(weights, train(size, rank))
    for other in weights:
        check("trained", other, weights[rank])

    dist.barrier()
    dist.destroy_process_group()
    print(f"python rank {rank}: all right", flush=True)


main()
