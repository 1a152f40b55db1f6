"""Records the orders of PyTorch's samplers, splits and loaders, what default_collate makes, and the messages of errors.

usage, from the project's root:  python3 parity/record/data.py > data/src/test/resources/org/jtorch/data/data.json
"""
import json
import warnings

import torch
from torch.utils.data import (BatchSampler, ChainDataset, ConcatDataset, DataLoader, Dataset, DistributedSampler,
                              IterableDataset, RandomSampler, SequentialSampler, StackDataset, SubsetRandomSampler,
                              TensorDataset, WeightedRandomSampler, default_collate, random_split)

warnings.filterwarnings("ignore")
WEIGHTS = [0.1, 0.9, 0.4, 0.7, 3.0, 0.6, 0.0, 1.5, 0.2, 0.3]


class Numbers(Dataset):
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        return i


class Stream(IterableDataset):
    def __init__(self, *sizes):
        self.sizes = sizes

    def __iter__(self):
        info = torch.utils.data.get_worker_info()
        worker = 0 if info is None else info.id
        return iter(range(100 * worker, 100 * worker + self.sizes[worker]))

    def __len__(self):
        return sum(self.sizes)


class Seeds(Dataset):
    def __len__(self):
        return 3

    def __getitem__(self, i):
        info = torch.utils.data.get_worker_info()
        return [info.id, info.num_workers, info.seed]


def g(seed):
    return torch.Generator().manual_seed(seed)


def loader(n, epochs=2, **options):
    made = DataLoader(Numbers(n), collate_fn=None if options.get("batch_size", 1) is None else list, **options)
    return [list(made) for _ in range(epochs)]


def workers(n):
    return dict(num_workers=n, multiprocessing_context="fork")


def orders(seed):
    def twice(sampler):
        return [list(sampler), list(sampler)]
    cases = {
        "random": lambda: twice(RandomSampler(Numbers(10))),
        "random_generator": lambda: twice(RandomSampler(Numbers(10), generator=g(seed))),
        "random_replacement": lambda: twice(RandomSampler(Numbers(10), replacement=True, num_samples=75)),
        "random_replacement_generator": lambda: twice(
            RandomSampler(Numbers(10), replacement=True, num_samples=64, generator=g(seed))),
        "random_fewer": lambda: twice(RandomSampler(Numbers(10), num_samples=7)),
        "random_more": lambda: twice(RandomSampler(Numbers(10), num_samples=25, generator=g(seed))),
        "subset": lambda: twice(SubsetRandomSampler([7, 1, 9, 4, 4])),
        "subset_generator": lambda: twice(SubsetRandomSampler([7, 1, 9, 4, 4], generator=g(seed))),
        "weighted": lambda: twice(WeightedRandomSampler(WEIGHTS, 20)),
        "weighted_once": lambda: twice(WeightedRandomSampler(WEIGHTS, 6, replacement=False, generator=g(seed))),
        "batches": lambda: twice(BatchSampler(RandomSampler(Numbers(10)), 3, False)),
        "batches_drop": lambda: twice(BatchSampler(RandomSampler(Numbers(10)), 3, True)),
        "split": lambda: [list(s.indices) for s in random_split(Numbers(10), [5, 2, 3])],
        "split_generator": lambda: [list(s.indices) for s in random_split(Numbers(10), [5, 5], generator=g(seed))],
        "split_fractions": lambda: [list(s.indices) for s in random_split(Numbers(19), [0.3, 0.3, 0.4])],
        "split_tenths": lambda: [list(s.indices) for s in random_split(Numbers(23), [0.1] * 10)],
        "loader_shuffle": lambda: loader(10, batch_size=4, shuffle=True),
        "loader_shuffle_drop": lambda: loader(10, batch_size=4, shuffle=True, drop_last=True),
        "loader_generator": lambda: loader(10, batch_size=4, shuffle=True, generator=g(seed)),
        "loader_single": lambda: loader(6, batch_size=None, shuffle=True),
        "loader_replacement": lambda: loader(10, batch_size=4, sampler=RandomSampler(
            Numbers(10), replacement=True, num_samples=40, generator=g(seed))),
        "loader_weighted": lambda: loader(10, batch_size=4, sampler=WeightedRandomSampler(WEIGHTS, 10)),
        "loader_batch_sampler": lambda: loader(10, batch_sampler=BatchSampler(
            SubsetRandomSampler(range(10)), 3, False)),
    }
    if seed < 3:  # processes are slow
        cases["loader_workers"] = lambda: loader(20, batch_size=3, shuffle=True, **workers(2))
        cases["loader_workers_generator"] = lambda: loader(20, batch_size=3, shuffle=True, generator=g(seed), **workers(2))
        cases["loader_persistent"] = lambda: loader(
            20, epochs=3, batch_size=3, shuffle=True, persistent_workers=True, **workers(2))
        cases["worker_seeds"] = lambda: [[list(map(int, row)) for row in DataLoader(
            Seeds(), batch_size=None, **workers(3))]]
    for rank in range(3):
        for n, drop in ((10, False), (10, True), (2, False)):
            def distributed(rank=rank, n=n, drop=drop):
                sampler = DistributedSampler(Numbers(n), 3, rank, seed=seed, drop_last=drop)
                result = []
                for epoch in (0, 5):
                    sampler.set_epoch(epoch)
                    result.append(list(sampler))
                return result
            cases[f"distributed_{n}_{rank}_{str(drop).lower()}"] = distributed
    result = {}
    for name, case in cases.items():
        torch.manual_seed(seed)
        order = case()
        result[name] = {"order": order, "after": torch.randint(0, 1 << 62, (1,)).item()}
    return result


def streams():
    result = {}
    for name, sizes, options in (
            ("one", [7], dict(batch_size=3)), ("one_drop", [7], dict(batch_size=3, drop_last=True)),
            ("single", [3], dict(batch_size=None)), ("empty", [0], dict(batch_size=3)),
            ("two", [7, 7], dict(batch_size=3, **workers(2))), ("two_single", [3, 3], dict(batch_size=None, **workers(2)))):
        made = DataLoader(Stream(*sizes), collate_fn=None if options["batch_size"] is None else list, **options)
        result[name] = {"sizes": sizes, "batch_size": options["batch_size"], "drop_last": options.get("drop_last", False),
                        "workers": options.get("num_workers", 0), "batches": list(made), "len": len(made)}
    return result


def value(spec):
    kind = spec["kind"]
    if kind == "tensor":
        dtype = getattr(torch, spec["dtype"])
        return torch.arange(spec["from"], spec["from"] + torch.Size(spec["shape"]).numel()).to(dtype).reshape(spec["shape"])
    if kind == "list":
        return [value(v) for v in spec["parts"]]
    if kind == "map":
        return {k: value(v) for k, v in spec["parts"].items()}
    return spec["value"]


def described(batch):
    if isinstance(batch, torch.Tensor):
        return {"kind": "tensor", "shape": list(batch.shape), "dtype": str(batch.dtype)[6:],
                "values": batch.double().flatten().tolist()}
    if isinstance(batch, dict):
        return {"kind": "map", "parts": {k: described(v) for k, v in batch.items()}}
    if isinstance(batch, (list, tuple)) and batch and isinstance(batch[0], str):
        return {"kind": "strings", "value": list(batch)}
    return {"kind": "list", "parts": [described(v) for v in batch]}


def t(start, *shape, dtype="float32"):
    return {"kind": "tensor", "shape": list(shape), "dtype": dtype, "from": start}


def n(kind, v):
    return {"kind": kind, "value": v}


def collations():
    examples = {
        "vectors": [t(0, 3), t(5, 3)],
        "scalars": [t(1), t(2), t(3)],
        "dtypes": [{"kind": "list", "parts": [t(i, 2, dtype=d) for d in (
            "float64", "float16", "bfloat16", "int64", "int32", "uint8", "bool", "complex64")]} for i in range(2)],
        "empty_shape": [t(0, 0, 4), t(0, 0, 4)],
        "ints": [n("int", 3), n("int", -4)],
        "floats": [n("float", 0.5), n("float", 0.1)],
        "bools": [n("bool", True), n("bool", False)],
        "strings": [n("str", "a"), n("str", "bc")],
        "map": [{"kind": "map", "parts": {"x": t(i, 2, 2), "y": n("int", i), "name": n("str", f"n{i}")}} for i in range(3)],
        "nested": [{"kind": "list", "parts": [{"kind": "map", "parts": {"a": {"kind": "list", "parts": [
            n("float", i / 2), t(i, 1)]}}}, n("bool", i == 1)]} for i in range(2)],
        "one": [{"kind": "list", "parts": [t(0, 2), n("int", 1)]}],
        "unequal": [t(0, 3), t(0, 4)],
        "unequal_lists": [{"kind": "list", "parts": [n("int", 1)]}, {"kind": "list", "parts": []}],
    }
    result = []
    for name, specs in examples.items():
        entry = {"name": name, "examples": specs}
        try:
            entry["batch"] = described(default_collate([value(s) for s in specs]))
        except Exception as e:
            entry["error"] = str(e)
        result.append(entry)
    return result


def errors():
    data, stream = Numbers(10), Stream(5)
    cases = {
        "workers": lambda: DataLoader(data, num_workers=-1),
        "timeout": lambda: DataLoader(data, timeout=-1),
        "prefetch": lambda: DataLoader(data, prefetch_factor=2),
        "prefetch_negative": lambda: DataLoader(data, num_workers=1, prefetch_factor=-2),
        "persistent": lambda: DataLoader(data, persistent_workers=True),
        "stream_shuffle": lambda: DataLoader(stream, shuffle=True),
        "sampler_shuffle": lambda: DataLoader(data, shuffle=True, sampler=SequentialSampler(data)),
        "batch_sampler": lambda: DataLoader(data, batch_size=2, batch_sampler=BatchSampler(SequentialSampler(data), 2, False)),
        "batch_size_none": lambda: DataLoader(data, batch_size=None, drop_last=True),
        "batch_size": lambda: DataLoader(data, batch_size=0),
        "empty": lambda: DataLoader(Numbers(0), shuffle=True),
        "num_samples": lambda: RandomSampler(data, num_samples=0),
        "weighted_samples": lambda: WeightedRandomSampler([1.0], 0),
        "rank": lambda: DistributedSampler(data, 2, 2),
        "tensors": lambda: TensorDataset(torch.zeros(2), torch.zeros(3)),
        "concat": lambda: ConcatDataset([]),
        "stack": lambda: StackDataset(Numbers(2), Numbers(3)),
        "stack_empty": lambda: StackDataset(),
        "split": lambda: random_split(data, [3, 3]),
        "split_fraction": lambda: random_split(data, [1.5, -0.5]),
    }
    result = {}
    for name, case in cases.items():
        try:
            case()
        except Exception as e:
            result[name] = str(e)
    return result


assert ChainDataset
print(json.dumps({
    "torch": torch.__version__,
    "seeds": [orders(seed) for seed in range(20)],
    "streams": streams(),
    "collations": collations(),
    "errors": errors(),
}))
