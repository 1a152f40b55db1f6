"""Small checkpoint files of kinds that are rare, as PyTorch writes them, and what PyTorch says is in them.

    cd <project> && python3 parity/record/checkpoints.py serialize/src/test/resources/checkpoints/more

Writes the files and expected.json, in the form of ../expected.json. A file of another byte order is made by swapping the
elements first and telling torch.save that the machine is of that order; torch.load must give the values back.
"""

import collections
import hashlib
import json
import os
import sys
import warnings

import numpy
import torch
from torch import nn

warnings.filterwarnings("ignore")
folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
torch.manual_seed(7)
expected = {}


def digest(tensor):
    dense = tensor.detach().resolve_conj().resolve_neg().contiguous()
    raw = dense.reshape(-1).view(torch.uint8) if dense.numel() else torch.zeros(0, dtype=torch.uint8)
    return hashlib.sha256(bytes(raw.tolist())).hexdigest()


def describe(value):
    if isinstance(value, torch.Tensor):
        told = {"tensor": str(value.dtype).split(".")[1], "shape": list(value.shape)}
        if value.layout != torch.strided:
            told["layout"] = str(value.layout).split(".")[1]
            if value.layout == torch.sparse_coo:
                told["coalesced"] = value.is_coalesced()
            told["dense_sha256"] = digest(value.to_dense())
            return told
        told.update(
            stride=list(value.stride()),
            offset=value.storage_offset(),
            requires_grad=value.requires_grad,
            parameter=isinstance(value, nn.Parameter),
        )
        if value.is_meta:
            told["meta"] = True
        else:
            told["sha256"] = digest(value)
        return told
    if isinstance(value, numpy.ndarray):
        dense = numpy.ascontiguousarray(value).astype(value.dtype.newbyteorder("<"))
        return {"ndarray": value.dtype.name, "shape": list(value.shape), "sha256": hashlib.sha256(dense.tobytes()).hexdigest()}
    if isinstance(value, numpy.generic):
        return {"npscalar": value.dtype.name, "repr": str(value.item())}
    if isinstance(value, collections.Counter):
        return {"counter": [[describe(k), describe(v)] for k, v in value.items()]}
    if isinstance(value, collections.defaultdict):
        factory = None if value.default_factory is None else "builtins." + value.default_factory.__name__
        return {"defaultdict": [[describe(k), describe(v)] for k, v in value.items()], "factory": factory}
    if isinstance(value, dict):
        return {"dict": [[describe(k), describe(v)] for k, v in value.items()]}
    if isinstance(value, torch.Size):
        return {"size": list(value)}
    if isinstance(value, tuple):
        return {"tuple": [describe(v) for v in value]}
    if isinstance(value, list):
        return {"list": [describe(v) for v in value]}
    if isinstance(value, (set, frozenset)):
        return {type(value).__name__: sorted(value)}
    if value is None or isinstance(value, (bool, str)):
        return {"value": value}
    if isinstance(value, int):
        return {"int": str(value)}
    if isinstance(value, float):
        return {"float": repr(value)}
    if isinstance(value, complex):
        return {"complex": [value.real, value.imag]}
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": bytes(value).hex()}
    if isinstance(value, torch.device):
        return {"device": str(value)}
    if isinstance(value, torch.dtype):
        return {"dtype": str(value).split(".")[1]}
    if isinstance(value, nn.Module):
        cls = type(value)
        return {"object": cls.__module__ + "." + cls.__qualname__, "state_dict": describe(value.state_dict())}
    if hasattr(value, "__dict__"):
        cls = type(value)
        return {"object": cls.__module__ + "." + cls.__qualname__, "state": describe(vars(value))}
    raise TypeError(type(value))


def save(name, value, what, told=None, **options):
    path = os.path.join(folder, name)
    torch.save(value, path, **options)
    again = torch.load(path, weights_only=False)
    expected[name] = {"what": what, "content": told or describe(again)}


# --- other byte orders ------------------------------------------------------------------------------------------


def tensors():
    return {
        "float32": torch.randn(3, 4),
        "float64": torch.randn(5),
        "float16": torch.randn(3).half(),
        "bfloat16": torch.randn(3).bfloat16(),
        "int64": torch.arange(-3, 4),
        "int16": torch.arange(5, dtype=torch.int16),
        "uint8": torch.arange(5, dtype=torch.uint8),
        "bool": torch.tensor([True, False, True]),
        "complex64": torch.randn(3, dtype=torch.complex64),
        "complex128": torch.randn(2, dtype=torch.complex128),
        "empty": torch.zeros(0, 3),
    }


plain = tensors()
base = torch.arange(12.0)
plain["base"], plain["tail"] = base, base[4:].view(2, 4).t()
told = describe(plain)
order = sys.byteorder
seen = set()
for tensor in plain.values():
    storage = tensor.untyped_storage()
    if storage.data_ptr() not in seen and storage.nbytes():
        seen.add(storage.data_ptr())
        storage.byteswap(tensor.dtype)
sys.byteorder = "big"
torch.save(plain, os.path.join(folder, "big_endian.pt"))
sys.byteorder = order
assert describe(torch.load(os.path.join(folder, "big_endian.pt"))) == told
expected["big_endian.pt"] = {"what": "written where numbers begin with their highest byte", "content": told}

# the old format's elements are little-endian on every machine; only the note about the machine differs
plain = tensors()
plain["base"], plain["tail"] = base, base[4:].view(2, 4).t()
sys.byteorder = "big"
save("legacy_big_endian.pt", plain, "the old format from such a machine", _use_new_zipfile_serialization=False)
sys.byteorder = order
save("legacy_views.pt", {"a": base, "b": base[3:7], "c": torch.ones(1)}, "the old format, a storage shared",
     _use_new_zipfile_serialization=False)

# --- every protocol of pickle -----------------------------------------------------------------------------------

values = {
    "none": None, "true": True, "false": False, "zero": 0, "int": -12345678901, "long": 2**100, "negative": -(2**64),
    "float": 0.1, "inf": float("inf"), "text": "a\\b\n\u00e9\u4e2d\U0001f600'\"", "empty": "", "bytes": b"\x00\xffz",
    "list": [1, [2, []]], "tuple": (1, ("a",), ()), "dict": {1: "a", (2, "b"): None}, "set": {1, 2}, "complex": 1 - 2j,
    "ordered": collections.OrderedDict(a=1, b=2), "counter": collections.Counter("aab"),
    "default": collections.defaultdict(list, a=[1]), "none default": collections.defaultdict(None, b=2),
    "frozen": frozenset({3, 4}), "bytearray": bytearray(b"ab"),
    "size": torch.Size([2, 3]), "device": torch.device("cuda", 1), "dtype": torch.bfloat16,
}
for protocol in range(6):
    # a persistent id is a tuple, for which protocol 0 has no form: PyTorch itself cannot read tensors of it back
    more = {} if protocol == 0 else {"w": torch.randn(2, 2), "p": nn.Parameter(torch.randn(2))}
    for kind, zipped in (("", True), ("legacy_", False)):
        save(f"{kind}protocol{protocol}.pt", {**values, **more}, f"pickle's protocol {protocol}",
             pickle_protocol=protocol, _use_new_zipfile_serialization=zipped)

save("keys.pt", {b"bytes": 1, 1.5: 2, None: 3, (1, (b"x", None)): 4, frozenset({1}): 5, True: 6, torch.float32: 7},
     "keys of every kind", told={"count": 7})

# --- tensors ----------------------------------------------------------------------------------------------------

m = torch.tensor([[0, 1.5, 0, 0], [2, 0, 0, -3], [0, 0, 0, 0], [0, 0, 4, 0]])
save("sparse_more.pt", {
    "uncoalesced": torch.sparse_coo_tensor([[0, 0, 2], [1, 1, 0]], [1.0, 2.0, 3.0], (3, 4)),
    "hybrid": torch.sparse_coo_tensor([[0, 2]], torch.randn(2, 3), (4, 3)),
    "integers": torch.sparse_coo_tensor([[0, 2]], torch.tensor([5, 6]), (4,)),
    "empty": torch.sparse_coo_tensor(size=(2, 3)),
    "csr": m.to_sparse_csr(), "csc": m.to_sparse_csc(), "bsr": m.to_sparse_bsr((2, 2)), "bsc": m.to_sparse_bsc((2, 2)),
}, "every sparse layout")

c = torch.randn(3, 4, dtype=torch.complex64)
d = torch.randn(3, 4, dtype=torch.complex64).conj().imag
save("conj_neg.pt", {"c": c, "conj": c.conj(), "turned": c.conj().t(), "neg": d, "part": d[1:]},
     "conjugate and negative views")
save("meta.pt", {"m": torch.empty(2, 3, device="meta"), "t": torch.empty(2, 3, device="meta", dtype=torch.int64).t()},
     "tensors without elements")
attributed = nn.Parameter(torch.randn(2))
attributed.note = "kept by Python alone"
tagged = torch.randn(2)
tagged.note = [1]
save("attributes.pt", {"p": attributed, "t": tagged, "b": nn.Buffer(torch.ones(2))}, "tensors with attributes")

q = torch.quantize_per_tensor(torch.tensor([-1.0, 0.0, 0.5, 2.0]), 0.1, 10, torch.quint8)
torch.save({"q": q}, os.path.join(folder, "quantized.pt"))
# a record of the call that makes it, for there are no quantized tensors in Java
expected["quantized.pt"] = {
    "what": "a quantized tensor",
    "content": {"dict": [[{"value": "q"}, {"object": "torch._utils._rebuild_qtensor"}]]},
}

# --- numpy ------------------------------------------------------------------------------------------------------

arrays = {name: numpy.arange(6).reshape(2, 3).astype(name) for name in
          ("bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float16", "float32",
           "float64", "complex64", "complex128")}
arrays["big-endian"] = numpy.arange(4).astype(">f8")
arrays["fortran"] = numpy.asfortranarray(numpy.arange(6.0).reshape(2, 3))
arrays["scalar array"] = numpy.array(3.5)
arrays["empty"] = numpy.zeros((0, 3))
scalars = {name: numpy.dtype(name).type(1) for name in arrays if name not in
           ("big-endian", "fortran", "scalar array", "empty")}
save("numpy_more.pt", {"arrays": arrays, "scalars": scalars}, "numpy's types")
save("numpy_protocol5.pt", {"a": numpy.arange(6.0).reshape(2, 3)}, "numpy in protocol 5", pickle_protocol=5)

# --- whole models -----------------------------------------------------------------------------------------------


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(4)
        self.attention = nn.MultiheadAttention(4, 2)
        self.register_buffer("kept", torch.ones(2))
        self.register_buffer("dropped", torch.ones(2), persistent=False)
        self.register_buffer("absent", None)
        self.act = torch.nn.functional.gelu
        self.sizes = {"in": 4}


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList([Block(), Block()])
        self.named = nn.ModuleDict({"head": nn.Linear(4, 2, bias=False)})
        self.weights = nn.ParameterList([nn.Parameter(torch.randn(2)), nn.Parameter(torch.randn(3))])
        self.rnn = nn.LSTM(2, 3)
        self.tied = self.named["head"]
        self.encoder = nn.TransformerEncoderLayer(4, 2, 8)
        self.nothing = None


save("nested_model.pt", Model(), "torch.save(model) of nested classes")
save("legacy_model.pt", Model(), "the same in the old format", _use_new_zipfile_serialization=False)
save("model_in_dict.pt", {"epoch": 3, "model": nn.DataParallel(nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2)))},
     "a whole model inside of a dict")


class Config:
    def __init__(self):
        self.lr = 0.1
        self.inner = collections.OrderedDict(a=(1, 2))


class Pair(list):
    pass


config = Config()
pair = Pair([1, 2])
pair.label = "x"
torch.save({"config": config, "pair": pair, "w": torch.ones(1)}, os.path.join(folder, "classes.pt"))
torch.save({"config": config, "pair": pair, "w": torch.ones(1)}, os.path.join(folder, "classes_protocol1.pt"),
           pickle_protocol=1)

# --- shards in torch.save's format ------------------------------------------------------------------------------

shards = {"pytorch_model-00001-of-00002.bin": {"a.weight": torch.randn(2, 3), "a.bias": torch.randn(2)},
          "pytorch_model-00002-of-00002.bin": {"b.weight": torch.randn(3)}}
os.makedirs(os.path.join(folder, "sharded_bin"), exist_ok=True)
for name, content in shards.items():
    torch.save(content, os.path.join(folder, "sharded_bin", name))
total = sum(t.nbytes for content in shards.values() for t in content.values())
index = {"metadata": {"total_size": total}, "weight_map": {k: n for n, content in shards.items() for k in content}}
with open(os.path.join(folder, "sharded_bin", "pytorch_model.bin.index.json"), "w") as out:
    json.dump(index, out, indent=2)
expected["sharded_bin/pytorch_model.bin.index.json"] = {
    "what": "shards in the zip format", "content": describe(dict(sorted({k: v for content in shards.values() for k, v in content.items()}.items())))}

with open(os.path.join(folder, "expected.json"), "w") as out:
    json.dump({"torch": torch.__version__.split("+")[0], "files": expected}, out, indent=1)
