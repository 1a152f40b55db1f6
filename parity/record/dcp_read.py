"""Loads folders that jtorch's DistributedCheckpoint wrote with torch.distributed.checkpoint, and compares.

    python3 dcp_read.py FOLDER...

Each folder has the state that `state` builds; those written by several processes have it in parts. It is loaded by one
process, by dcp_to_torch_save, and by two processes into DTensors that are split in other ways.
"""

import os
import sys
import tempfile
import warnings

import torch
import torch.distributed as dist
import torch.distributed.checkpoint as dcp
import torch.multiprocessing as mp
from torch.distributed.checkpoint.format_utils import dcp_to_torch_save
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.tensor import Shard, distribute_tensor

warnings.filterwarnings("ignore")


def numbers(*shape, dtype=torch.float32):
    count = 1
    for size in shape:
        count *= size
    return (torch.arange(count, dtype=torch.float32) * 0.5 - 3).reshape(shape).to(dtype)


def state():
    return {
        "model": {
            "rows": numbers(7, 3),
            "tiles": numbers(6, 4, dtype=torch.bfloat16),
            "copied": numbers(5),
            "transposed": numbers(3, 2).t(),
            "scalar": torch.tensor(2.5),
            "empty": torch.empty(0, 3),
            "ints": torch.tensor([-(2**62), 0, 7]),
        },
        "optim": {
            "state": {"0": {"step": torch.tensor(3.0)}},
            "param_groups": [{"lr": 0.1, "betas": (0.9, 0.999), "params": [0, 1]}],
        },
        "step": 2**40,
        "name": "caf\u00e9",
        "none": None,
    }


def same(read, wanted, path):
    if isinstance(wanted, torch.Tensor):
        assert read.dtype == wanted.dtype and read.shape == wanted.shape, path
        assert torch.equal(read, wanted), path
    elif isinstance(wanted, dict):
        assert list(map(str, read)) == list(map(str, wanted)) or set(read) == set(wanted), (path, list(read), list(wanted))
        for key in wanted:
            same(read[key], wanted[key], path + "." + str(key))
    elif isinstance(wanted, list):
        assert len(read) == len(wanted), path
        for i, each in enumerate(wanted):
            same(read[i], each, path + "." + str(i))
    else:
        assert type(read) is type(wanted) and read == wanted, (path, read, wanted)


def emptied(value):
    if isinstance(value, torch.Tensor):
        return torch.zeros_like(value)
    if isinstance(value, dict):
        return {key: emptied(each) for key, each in value.items()}
    if isinstance(value, list) and any(isinstance(each, dict) for each in value):
        return [emptied(each) for each in value]
    return "not read"


def alone(folder):
    read = emptied(state())
    dcp.load(read, checkpoint_id=folder)
    same(read, state(), "")
    with tempfile.TemporaryDirectory() as scratch:
        whole = os.path.join(scratch, "whole.pt")
        dcp_to_torch_save(folder, whole)
        same(torch.load(whole, weights_only=False), state(), "")


def together(rank, folders, port):
    torch.set_num_threads(1)
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port), USE_LIBUV="0")
    dist.init_process_group("gloo", rank=rank, world_size=2)
    mesh = init_device_mesh("cpu", (2,))
    for folder in folders:
        read = {
            "model": {
                "rows": distribute_tensor(torch.zeros(7, 3), mesh, [Shard(0)], src_data_rank=None),
                "tiles": distribute_tensor(torch.zeros(6, 4, dtype=torch.bfloat16), mesh, [Shard(1)], src_data_rank=None),
                "copied": torch.zeros(5),
            }
        }
        dcp.load(read, checkpoint_id=folder)
        for key, value in read["model"].items():
            wanted = state()["model"][key]
            if hasattr(value, "to_local"):
                wanted = distribute_tensor(wanted, mesh, value.placements, src_data_rank=None).to_local()
                value = value.to_local()
            assert torch.equal(value, wanted), key
    dist.barrier()
    dist.destroy_process_group()


if __name__ == "__main__":
    for each in sys.argv[1:]:
        alone(each)
        print(each, "is equal, files", sorted(os.listdir(each)))
    mp.spawn(together, (sys.argv[1:], 29651), 2)
    print("two processes loaded", len(sys.argv) - 1, "folders into DTensors")
