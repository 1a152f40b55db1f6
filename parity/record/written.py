"""Reads every kind of file that jtorch writes with PyTorch, and compares types, values, strides, sharing.

usage: mvn -B -pl parity -am test -Dtest=WrittenFilesTest -Dsurefire.failIfNoSpecifiedTests=false
       python3 parity/record/written.py parity/target/written

What weights_only=True refuses, of PyTorch's own files too, is read with weights_only=False, and that is printed.
"""
import collections
import json
import os
import sys
import zipfile

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch import nn
from torch.nn.parameter import UninitializedBuffer, UninitializedParameter

folder = sys.argv[1]


def counted(*shape):
    return torch.arange(int(np.prod(shape)) if shape else 1, dtype=torch.float32).reshape(shape)


def bits(t):
    return bytes(t.contiguous().untyped_storage()) if t.is_contiguous() else bytes(t.clone().contiguous().untyped_storage())


def same(a, b, at="root"):
    assert type(a) is type(b), (at, type(a), type(b))
    if isinstance(a, torch.Tensor):
        assert a.dtype == b.dtype and a.layout == b.layout and a.device == b.device, (at, a, b)
        assert a.requires_grad == b.requires_grad, (at, "requires_grad")
        if isinstance(a, (UninitializedParameter, UninitializedBuffer)):
            return
        assert a.shape == b.shape, (at, a.shape, b.shape)
        if a.layout == torch.strided:
            assert a.stride() == b.stride(), (at, a.stride(), b.stride())
            assert a.is_conj() == b.is_conj() and a.is_neg() == b.is_neg(), (at, "lazy bits")
            assert a.storage_offset() == b.storage_offset(), at
            if not a.is_meta:
                x, y = a.detach().resolve_conj().resolve_neg(), b.detach().resolve_conj().resolve_neg()
                assert bits(x) == bits(y), (at, a, b)
        elif a.layout == torch.sparse_coo:
            assert a.is_coalesced() == b.is_coalesced(), (at, "coalesced")
            assert torch.equal(a._indices(), b._indices()) and torch.equal(a._values(), b._values()), at
        else:
            rows = a.layout in (torch.sparse_csr, torch.sparse_bsr)
            for part in ("crow_indices", "col_indices", "values") if rows else ("ccol_indices", "row_indices", "values"):
                assert torch.equal(getattr(a, part)(), getattr(b, part)()), (at, part)
    elif isinstance(a, dict):
        assert list(a) == list(b), (at, list(a), list(b))
        for k in a:
            same(a[k], b[k], f"{at}.{k}")
        assert (getattr(a, "default_factory", None)) == getattr(b, "default_factory", None), at
        if hasattr(a, "_metadata") or hasattr(b, "_metadata"):
            same(a._metadata, b._metadata, at + "._metadata")
    elif isinstance(a, (list, tuple)):
        assert len(a) == len(b), at
        for i, (x, y) in enumerate(zip(a, b)):
            same(x, y, f"{at}.{i}")
    elif isinstance(a, np.ndarray):
        assert a.dtype == b.dtype and a.shape == b.shape and np.array_equal(a, b), (at, a, b)
    else:
        assert a == b, (at, a, b)


def state_dict():
    net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))
    with torch.no_grad():
        for t in net.state_dict().values():
            t.copy_(counted(*t.shape))
    return net.state_dict()


def shared():
    base, parameter = counted(6, 4), nn.Parameter(counted(2, 2))
    return {"base": base, "row": base[2], "turned": base.t(), "expanded": counted(1, 3).expand(4, 3), "same": base,
            "empty": torch.zeros(0, 3), "scalar": torch.tensor(2.5), "grad": counted(2).requires_grad_(),
            "parameter": parameter, "tied": parameter, "frozen": nn.Parameter(counted(3), False)}


def dtypes(names):
    all = {}
    for name in names:
        dtype = getattr(torch, name)
        count = 6 * dtype.itemsize
        raw = bytes(i % 2 if dtype == torch.bool else i for i in range(count))
        storage = torch.frombuffer(bytearray(raw), dtype=torch.uint8).untyped_storage()
        all[name] = torch.empty(0, dtype=dtype).set_(storage, 0, (2, 3), (3, 1))
    return all


def plain():
    ordered = collections.OrderedDict(k=1)
    ordered._metadata = collections.OrderedDict([("", {"version": 1})])
    return {"numbers": [0, -1, 1 << 40, 1 << 100, 0.5, True, None], "complex": 1 - 2j, "text": "größe ✓ 😀",
            "bytes": bytes([0, 127, 255]), "tuple": (1, (), ("a",)), "set": {1, 2, 3}, "frozenset": frozenset({1, 2}),
            "size": torch.Size([2, 3]), "device": torch.device("cuda", 1), "cpu": torch.device("cpu"),
            "dtype": torch.bfloat16, "layout": torch.sparse_csr, "ordered": ordered,
            "counter": collections.Counter(x=3), "defaultdict": collections.defaultdict(list, a=[1]), (1, "key"): 7}


def numpy():
    all = {n: counted(2, 3).numpy().astype(n) for n in (
        "bool", "uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64", "complex64", "complex128")}
    return {**all, "empty": np.zeros((0, 2), np.float32), "scalar_int16": np.int16(7), "scalar_float32": np.float32(0.5),
            "scalar_bool": np.bool_(True)}


def layouts():
    coo = torch.tensor([[0., 1, 2, 0], [0, 3, 0, 0], [0, 0, 4, 0]]).to_sparse().coalesce()
    starts, columns = torch.tensor([0, 2, 3, 4]), torch.tensor([1, 2, 1, 2])
    blocks = torch.tensor([0, 1, 2]), torch.tensor([1, 0]), counted(2, 2, 2)
    c = torch.complex(counted(2, 3), counted(2, 3) + 1)
    return {"coo": coo, "uncoalesced": torch.sparse_coo_tensor([[0, 0], [1, 1]], counted(2), (3, 4), is_coalesced=False),
            "csr": torch.sparse_csr_tensor(starts, columns, counted(4) + 1, (3, 4)),
            "csc": torch.sparse_csc_tensor(starts, columns, counted(4) + 1, (4, 3)),
            "bsr": torch.sparse_bsr_tensor(*blocks, (4, 4)), "bsc": torch.sparse_bsc_tensor(*blocks, (4, 4)),
            "parameter": nn.Parameter(coo), "meta": torch.empty(2, 5, dtype=torch.float16, device="meta"), "complex": c,
            "conj": c.conj(), "conj_turned": c.conj().t(), "neg": torch._neg_view(counted(3))}


def lazy():
    net = nn.Sequential(nn.LazyLinear(3), nn.LazyBatchNorm1d())
    return net.state_dict()


def tensors():
    return {"b.weight": counted(3, 4), "a.turned": counted(3, 4).t().contiguous(), "half": counted(5).bfloat16(),
            "count": torch.arange(3), "flag": counted(4).bool(), "empty": torch.zeros(0, 2), "scalar": torch.tensor(2.5)}


def read(name):
    """Plain, mapped, and with offsets computed as PyTorch's own writer places them; all must agree with what comes back."""
    path = os.path.join(folder, name)
    assert zipfile.ZipFile(path).testzip() is None, name
    try:
        value, weights_only = torch.load(path, weights_only=True), True
    except Exception:
        value, weights_only = torch.load(path, weights_only=False), False
    same(value, torch.load(path, weights_only=weights_only, mmap=True), name)
    return value, "weights_only" if weights_only else "weights_only=False alone"


def own(expected, weights_only):
    """Whether PyTorch itself reads its own file of these values as it read ours."""
    import io
    file = io.BytesIO()
    torch.save(expected, file)
    for only in (True, False):
        file.seek(0)
        try:
            torch.load(file, weights_only=only)
            return only == weights_only
        except Exception:
            pass
    return None


def check(name, make):
    value, how = read(name)
    expected = make(list(value)) if make is dtypes else make()
    if make is lazy:
        expected._metadata = None
        value._metadata = None
    same(value, expected, name)
    print(f"{name}: the same, {how}; PyTorch's own file of it likewise: {own(expected, how == 'weights_only')}")
    return value


check("state_dict.pt", state_dict)
v = check("shared.pt", shared)
groups = collections.defaultdict(list)
for k, t in v.items():
    groups[t.untyped_storage()._cdata].append(k)
assert sorted(groups.values(), key=len)[-1] == ["base", "row", "turned", "same"], groups
assert v["base"] is v["same"] and v["parameter"] is v["tied"]
print("  storages and objects are shared as they were")
v = check("dtypes.pt", dtypes)
print("  " + " ".join(v))
check("plain.pt", plain)
check("numpy.pt", numpy)
v = check("layouts.pt", layouts)
assert v["complex"].untyped_storage()._cdata == v["conj"].untyped_storage()._cdata
check("lazy.pt", lazy)
net = nn.Sequential(nn.LazyLinear(3), nn.LazyBatchNorm1d())
print("  load_state_dict:", net.load_state_dict(read("lazy.pt")[0]), "then runs:", tuple(net(counted(4, 5)).shape))
same(read("lazy.pt")[0], read("lazy_converted.pt")[0])

v, how = read("optimizers.pt")
for name, make in (("adamw", lambda p: torch.optim.AdamW(p, lr=0.1, amsgrad=True)),
                   ("sgd", lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9))):
    net = nn.Sequential(nn.Linear(3, 2))
    with torch.no_grad():
        for t in net.state_dict().values():
            t.copy_(counted(*t.shape))
    opt = make(net.parameters())
    other = nn.Sequential(nn.Linear(3, 2))
    loaded = make(other.parameters())
    net(counted(4, 3)).sum().backward()
    opt.step()
    other.load_state_dict(v[name]["model"])
    loaded.load_state_dict(v[name]["optimizer"])
    for n, o in ((net, opt), (other, loaded)):
        o.zero_grad()
        n(counted(4, 3)).sum().backward()
        o.step()
    for a, b in zip(net.parameters(), other.parameters()):
        assert torch.allclose(a, b, rtol=1e-6, atol=1e-6), (name, a, b)
    state = loaded.state_dict()["state"][0]
    print(f"optimizers.pt: {name}, {how}; the next step is PyTorch's; state {list(state)}, "
          f"group {list(v[name]['optimizer']['param_groups'][0])[:4]} ...")

same(dict(sorted(load_file(os.path.join(folder, "one.safetensors")).items())), dict(sorted(tensors().items())), "one")
with safe_open(os.path.join(folder, "one.safetensors"), "pt") as f:
    metadata = f.metadata()
    assert len(metadata.pop("jtorch.crc32").split()) == 1 + len(list(f.keys()))
    assert metadata == {"format": "pt", "note": "größe ✓"}, metadata
print("one.safetensors: the same, its metadata too")
index = json.load(open(os.path.join(folder, "model.safetensors.index.json")))
joined = {}
for shard in sorted(set(index["weight_map"].values())):
    part = load_file(os.path.join(folder, shard))
    assert all(index["weight_map"][k] == shard for k in part)
    joined.update(part)
same(dict(sorted(joined.items())), dict(sorted(tensors().items())), "sharded")
assert index["metadata"]["total_size"] == sum(t.nbytes for t in joined.values())
print("model.safetensors.index.json:", len(set(index["weight_map"].values())), "shards, the same")
