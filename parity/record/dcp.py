"""Small folders of torch.distributed.checkpoint, as PyTorch writes them with 1 to 4 processes, and what PyTorch reads there.

    cd <project> && python3 parity/record/dcp.py distributed/src/test/resources/dcp

Each folder NAME has a file NAME.pt beside it: the nested state that dcp_to_torch_save reads from it. The tensors that are
distributed are known numbers, which are checked here first.
"""

import os
import shutil
import sys
import warnings

import torch
import torch.distributed as dist
import torch.distributed.checkpoint as dcp
import torch.multiprocessing as mp
from torch import nn
from torch.distributed._shard.sharded_tensor import Shard as LocalShard
from torch.distributed._shard.sharded_tensor import ShardedTensor
from torch.distributed.checkpoint.format_utils import dcp_to_torch_save
from torch.distributed.checkpoint.state_dict import get_state_dict
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import Replicate, Shard, distribute_tensor

warnings.filterwarnings("ignore")


def numbers(*shape, dtype=torch.float32):
    count = 1
    for size in shape:
        count *= size
    return (torch.arange(count, dtype=torch.float32) * 0.5 - 3).reshape(shape).to(dtype)


def save(folder, state, **options):
    dcp.save(state, storage_writer=dcp.FileSystemWriter(folder, **options))


def single(rank, folder):
    state = {
        "model": {
            "weight": numbers(3, 4).requires_grad_(),
            "bf16": numbers(5, dtype=torch.bfloat16),
            "f16": numbers(2, 2, dtype=torch.float16),
            "f64": numbers(3, dtype=torch.float64),
            "f8": numbers(4, dtype=torch.float8_e4m3fn),
            "i64": torch.tensor([-(2**62), 0, 7]),
            "u8": torch.arange(6, dtype=torch.uint8).reshape(2, 3),
            "mask": torch.tensor([True, False, True]),
            "complex": torch.complex(numbers(2), -numbers(2)),
            "conj": torch.complex(numbers(2), -numbers(2)).conj(),
            "scalar": torch.tensor(2.5),
            "empty": torch.empty(0, 3),
            "transposed": numbers(3, 2).t(),
            "view": numbers(10, 10)[2:4, 3:5],
            "images": numbers(1, 2, 2, 2).to(memory_format=torch.channels_last),
            "param": nn.Parameter(numbers(2)),
        },
        "optim": {
            "state": {"weight": {"step": torch.tensor(3.0), "exp_avg": numbers(3, 4)}},
            "param_groups": [
                {"lr": 0.1, "betas": (0.9, 0.999), "params": ["weight"], "fused": None, "amsgrad": False},
                {"lr": torch.tensor(0.5), "params": []},
            ],
        },
        "list": [numbers(2), "text", 5],
        "plain": [1, 2, [3, "x"]],
        "deep": [[{"a": numbers(1)}], {"b": 1.5}],
        "epoch": 2**40,
        "name": "caf\u00e9",
        "bytes": b"\x00\xff",
        "none": None,
        "size": torch.Size([2, 3]),
        "pair": (numbers(2), "with a tensor"),
        "a.b": 1,
    }
    save(folder, state)


def two(rank, folder):
    mesh = init_device_mesh("cpu", (2,))
    own = numbers(4, 3)[2 * rank : 2 * rank + 2]
    old = ShardedTensor._init_from_local_shards(
        [LocalShard.from_tensor_and_offsets(own.contiguous(), [2 * rank, 0], rank)], 4, 3
    )
    state = {
        "rows": distribute_tensor(numbers(5, 3), mesh, [Shard(0)], src_data_rank=None),
        "columns": distribute_tensor(numbers(2, 5, dtype=torch.bfloat16), mesh, [Shard(1)], src_data_rank=None),
        "copies": distribute_tensor(numbers(2, 2), mesh, [Replicate()], src_data_rank=None),
        "sharded": old,
        "plain": numbers(8),
        "second": numbers(6),
        "step": 10,
    }
    if rank == 1:
        state["only of rank 1"] = numbers(3)
    # several files for each process
    save(folder, state, thread_count=2)


def fsdp(rank, folder):
    torch.manual_seed(0)
    mesh = init_device_mesh("cpu", (3,))
    model = nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 2))
    for layer in (model[0], model[2], model):
        fully_shard(layer, mesh=mesh)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    for _ in range(2):
        model(torch.ones(4, 3)).sum().backward()
        optimizer.step()
        optimizer.zero_grad()
    weights, states = get_state_dict(model, optimizer)
    save(folder, {"model": weights, "optim": states})


def grid(rank, folder):
    mesh = init_device_mesh("cpu", (2, 2), mesh_dim_names=("a", "b"))
    state = {
        "tiles": distribute_tensor(numbers(5, 7), mesh, [Shard(0), Shard(1)], src_data_rank=None),
        "both": distribute_tensor(numbers(9, 2), mesh, [Shard(0), Shard(0)], src_data_rank=None),
        "half": distribute_tensor(numbers(4, 2), mesh, [Replicate(), Shard(0)], src_data_rank=None),
    }
    save(folder, state, single_file_per_rank=False)


CASES = {"single": (single, 1), "two": (two, 2), "fsdp": (fsdp, 3), "grid": (grid, 4)}


def work(rank, name, folder, port):
    torch.set_num_threads(1)
    write, count = CASES[name]
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port), USE_LIBUV="0")
    dist.init_process_group("gloo", rank=rank, world_size=count)
    write(rank, folder)
    dist.barrier()
    dist.destroy_process_group()


def check(name, state):
    if name == "two":
        assert torch.equal(state["rows"], numbers(5, 3))
        assert torch.equal(state["columns"], numbers(2, 5, dtype=torch.bfloat16))
        assert torch.equal(state["sharded"], numbers(4, 3))
    if name == "grid":
        assert torch.equal(state["tiles"], numbers(5, 7))
        assert torch.equal(state["both"], numbers(9, 2))
        assert torch.equal(state["half"], numbers(4, 2))


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    for number, name in enumerate(sys.argv[2:] or CASES):
        place = os.path.join(folder, name)
        shutil.rmtree(place, ignore_errors=True)
        mp.spawn(work, (name, place, 29611 + number), CASES[name][1])
        dcp_to_torch_save(place, place + ".pt")
        state = torch.load(place + ".pt", weights_only=False)
        check(name, state)
        size = sum(os.path.getsize(os.path.join(place, file)) for file in os.listdir(place))
        print(name, sorted(os.listdir(place)), size, "bytes;", os.path.getsize(place + ".pt"), "bytes expected")


if __name__ == "__main__":
    main()
