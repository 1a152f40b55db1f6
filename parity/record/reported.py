"""Small checkpoint files of the kinds that people report trouble with, as PyTorch writes them, and what PyTorch says is in them.

    python3 parity/record/reported.py serialize/src/test/resources/checkpoints/kinds

Writes the files and expected.json. Of each file that says: which state dicts are in it and where ("states": the keys on the way, and
each tensor's dtype, shape and hash), some plain values ("values"), and which classes a reader without Python cannot know ("unknown").
All of it is taken from what torch.load(weights_only=False) or torch.jit.load gives.
"""

import abc
import argparse
import array
import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import hashlib
import importlib.util
import json
import operator
import os
import pathlib
import re
import sys
import types
import typing
import uuid
import warnings

import numpy
import torch
from torch import nn

warnings.filterwarnings("ignore")
folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
torch.manual_seed(16)
expected = {}

# the user's own package, which is not there when the file is read
lib = types.ModuleType("lib")
sys.modules["lib"] = lib


def own(cls):
    cls.__module__ = "lib"
    cls.__qualname__ = cls.__name__
    setattr(lib, cls.__name__, cls)
    return cls


def local(value):
    kind = type(value).__name__
    return value.to_local() if kind == "DTensor" else value.local_shards()[0].tensor if kind == "ShardedTensor" else value


def told(tensor):
    if tensor.is_meta:
        return {"dtype": str(tensor.dtype).split(".")[1], "shape": list(tensor.shape), "meta": True}
    if tensor.is_sparse:
        tensor = tensor.to_dense()
    dense = tensor.detach().resolve_conj().resolve_neg().contiguous()
    raw = dense.reshape(-1).view(torch.uint8) if dense.numel() else torch.zeros(0, dtype=torch.uint8)
    return {
        "dtype": str(tensor.dtype).split(".")[1],
        "shape": list(tensor.shape),
        "sha256": hashlib.sha256(bytes(raw.tolist())).hexdigest(),
    }


def state(value):
    if isinstance(value, nn.Module):
        value = value.state_dict()
    return {key: told(local(each)) for key, each in value.items()
            if isinstance(each, torch.Tensor) and not torch.nn.parameter.is_lazy(each)}


def into(value, path):
    for key in path:
        if isinstance(value, (collections.abc.Mapping, list, tuple)):
            value = value[key]
        else:
            value = getattr(value, key)
    return value


def describe(value):
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return {"int": str(value)}
    if isinstance(value, float):
        return {"float": repr(value)}
    if isinstance(value, (list, tuple)):
        return [describe(each) for each in value]
    if isinstance(value, dict):
        return {"dict": [[describe(key), describe(each)] for key, each in value.items()]}
    raise TypeError(type(value))


def note(name, what, value, states=((),), values=(), unknown=()):
    expected[name] = {
        "what": what,
        "states": [{"at": list(path), "state": state(into(value, path))} for path in states],
        "values": [{"at": list(path), "value": describe(into(value, path))} for path in values],
        **({} if unknown is None else {"unknown": sorted(unknown)}),
    }


def save(name, value, what, states=((),), values=(), unknown=(), **options):
    path = os.path.join(folder, name)
    torch.save(value, path, **options)
    note(name, what, torch.load(path, weights_only=False), states, values, unknown)


def weights():
    return {"w": torch.randn(2, 3), "b": torch.randn(3)}


def script(name, module, what, save_it=torch.jit.save):
    path = os.path.join(folder, name)
    save_it(module, path)
    # buffers that are not persistent are in the file without being marked: there are none here
    note(name, what, torch.jit.load(path).state_dict())


# --- TorchScript ------------------------------------------------------------------------------------------------
# the compiler reads classes from a file

source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "reported_scripted.py")
spec = importlib.util.spec_from_file_location("scripted", source)
scripted = importlib.util.module_from_spec(spec)
sys.modules["scripted"] = scripted
spec.loader.exec_module(scripted)

script("ts_box.pt", torch.jit.script(scripted.UsesBox()), "a class that is no module, as an attribute and in a method")
script("ts_enum.pt", torch.jit.script(scripted.UsesEnum()), "an enum as an attribute")
script("ts_constants.pt", torch.jit.script(scripted.Constants()), "constants of several types, None and tuples among them")
script("ts_named_tuple.pt", torch.jit.script(scripted.Pairs()), "a NamedTuple as attribute and result")
script("ts_interface.pt", torch.jit.script(scripted.ThroughInterface()), "a module interface")
script("ts_containers.pt", torch.jit.script(scripted.Containers()), "dicts and lists of tensors as attributes, optional ones too")
script("ts_tied.pt", torch.jit.script(scripted.Tied()), "one parameter under two names")
script("ts_lists.pt", torch.jit.script(scripted.Lists()), "ModuleList and ModuleDict")
script("ts_methods.pt", torch.jit.script(scripted.Methods()), "exported methods, constants in the code, a nested function")
script("ts_float8.pt", torch.jit.script(scripted.Float8()), "buffers of types and forms that are rare")
torch.jit.save(torch.jit.script(scripted.HasOwnState()), os.path.join(folder, "ts_own_state.pt"))
# only its code can find "own.w" in what its __getstate__ gave
note("ts_own_state.pt", "a module with a __getstate__ of its own", {
    k: v for k, v in torch.jit.load(os.path.join(folder, "ts_own_state.pt")).state_dict().items() if not k.startswith("own.")}, unknown=["__torch__.scripted.OwnState"])
script("ts_detector.pt", scripted.detector(), "a small FasterRCNN of torchvision")
script("ts_traced.pt", torch.jit.trace(nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)).eval(), torch.randn(4, 2)), "a traced model")
script("ts_recurrent.pt", torch.jit.script(nn.LSTM(2, 3)), "an LSTM, whose weights are in lists too")
frozen = torch.jit.freeze(torch.jit.script(nn.Linear(2, 3).eval()), preserved_attrs=["weight"])
script("ts_frozen.pt", frozen, "a frozen model")
script("ts_extra_files.pt", torch.jit.script(nn.Linear(2, 3)), "extra files in the archive",
       lambda module, path: torch.jit.save(module, path, _extra_files={"meta.json": b"{}", "labels/names.txt": b"a\nb"}))
script("ts_mobile.ptl", torch.jit.script(nn.Linear(2, 3)), "for the mobile interpreter, with bytecode.pkl",
       lambda module, path: module._save_for_lite_interpreter(path))

# --- Python's own types -----------------------------------------------------------------------------------------

for protocol in (2, 4):
    factories = {f.__name__: collections.defaultdict(f, a=f()) for f in (int, str, float, list, dict, tuple, bool)}
    save(f"factories_p{protocol}.pt", {"sd": weights(), "hist": factories}, "defaultdicts of built-in types", states=[("sd",)],
         values=[("hist", "int", "a"), ("hist", "str", "a"), ("hist", "float", "a")], pickle_protocol=protocol)
    builtin = [int, float, str, bytes, bool, list, dict, tuple, set, frozenset, object, type, complex, range, slice]
    save(f"builtins_p{protocol}.pt", {"sd": weights(), "types": builtin}, "built-in types as values", states=[("sd",)],
         pickle_protocol=protocol)
    functions = [len, max, print, torch.tanh, nn.functional.relu, torch.add, operator.add, functools.reduce]
    save(f"functions_p{protocol}.pt", {"sd": weights(), "f": functions}, "functions as values", states=[("sd",)],
         unknown=["builtins.len", "builtins.max", "builtins.print", "_operator.add",
                  "functools.reduce" if protocol == 2 else "_functools.reduce"], pickle_protocol=protocol)

    @own
    class Callback:
        pass

    @own
    class Other:
        pass

    keys = {Callback: {"score": torch.ones(1), "n": 1}, Other: 2, int: 3, (Callback, "x"): 4, torch.float32: 5}
    save(f"class_keys_p{protocol}.pt", {"sd": weights(), "callbacks": keys}, "classes as keys", states=[("sd",)],
         unknown=["lib.Callback", "lib.Other"], pickle_protocol=protocol)

save("range_slice.pt", {"sd": weights(), "r": range(1, 9, 2), "s": slice(1, None), "e": ..., "n": NotImplemented, "t": type(None)},
     "range, slice, Ellipsis, NotImplemented, NoneType", states=[("sd",)], unknown=None)
save("standard_library.pt", {
    "sd": weights(), "d": decimal.Decimal("1.5"), "f": fractions.Fraction(1, 3), "u": uuid.UUID(int=5), "p": pathlib.PurePosixPath("/a/b"),
    "r": re.compile("a+"), "t": datetime.datetime(2024, 1, 2), "td": datetime.timedelta(3), "date": datetime.date(2024, 1, 2),
    "q": collections.deque([1, 2], 5), "ns": types.SimpleNamespace(a=1), "args": argparse.Namespace(lr=0.1), "arr": array.array("i", [1]),
    "epoch": 7}, "objects of the standard library", states=[("sd",)], values=[("epoch",)],
    unknown=["decimal.Decimal", "fractions.Fraction", "uuid.UUID", "pathlib.PurePosixPath", "re._compile", "datetime.datetime",
             "datetime.timedelta", "datetime.date", "types.SimpleNamespace", "argparse.Namespace", "array.array"])


@own
class Color(enum.Enum):
    RED = 1


@own
class Flags(enum.IntFlag):
    A = 1
    B = 2


@own
@dataclasses.dataclass
class Config:
    lr: float = 0.1
    layers: tuple = (1, 2)
    w: object = None


@own
@dataclasses.dataclass
class Slotted:
    __slots__ = ("lr", "w")
    lr: float
    w: object


Point = collections.namedtuple("Point", "x y", module="lib")
lib.Point = Point

save("enums.pt", {"sd": weights(), "c": Color.RED, "f": Flags.A | Flags.B}, "enums", states=[("sd",)], unknown=["lib.Color", "lib.Flags"])
save("dataclass.pt", {"sd": weights(), "config": Config(w=torch.ones(2))}, "a dataclass with a tensor in it", states=[("sd",)],
     values=[("config", "lr"), ("config", "layers")], unknown=["lib.Config"])
save("dataclass_root.pt", Config(w=weights()), "a dataclass as the root", states=[("w",)], values=[("lr",)], unknown=["lib.Config"])
save("slots.pt", {"sd": weights(), "s": Slotted(0.5, torch.ones(1))}, "an object with slots", states=[("sd",)],
     values=[("s", "lr")], unknown=["lib.Slotted"])
save("named_tuple.pt", {"sd": weights(), "p": Point(torch.ones(1), 2)}, "a namedtuple", states=[("sd",)], unknown=["lib.Point"])


@own
class StateDict(dict):
    pass


@own
class Ordered(collections.OrderedDict):
    pass


@own
class Weights(list):
    pass


@own
class Several(tuple):
    pass


@own
class Text(str):
    pass


@own
class Number(int):
    pass


@own
class Real(float):
    pass


@own
class Members(set):
    pass


@own
class Tally(collections.Counter):
    pass


@own
class Defaults(collections.defaultdict):
    pass


for protocol in (2, 4):
    sub = StateDict(weights())
    sub.note = "an attribute"
    save(f"dict_subclass_p{protocol}.pt", sub, "a subclass of dict as the root", unknown=["lib.StateDict"], pickle_protocol=protocol)
    save(f"ordered_subclass_p{protocol}.pt", {"model": Ordered(weights()), "epoch": 1}, "a subclass of OrderedDict", states=[("model",)],
         values=[("epoch",)], unknown=["lib.Ordered"], pickle_protocol=protocol)
    save(f"list_subclass_p{protocol}.pt", Weights([weights(), weights()]), "a subclass of list as the root", states=[(0,), (1,)],
         unknown=["lib.Weights"], pickle_protocol=protocol)
    save(f"plain_subclasses_p{protocol}.pt",
         {"sd": weights(), "tuple": Several((1, 2)), "text": Text("a"), "int": Number(3), "float": Real(1.5), "set": Members({1, 2}),
          "tally": Tally("aab"), "defaults": Defaults(list, a=[1])},
         "subclasses of tuple, str, int, float, set, Counter and defaultdict", states=[("sd",)],
         unknown=["lib.Several", "lib.Text", "lib.Number", "lib.Real", "lib.Members", "lib.Tally", "lib.Defaults"],
         pickle_protocol=protocol)

save("dict_subclass_legacy.pt", StateDict(weights()), "a subclass of dict, the old format", unknown=["lib.StateDict"],
     _use_new_zipfile_serialization=False)


@own
class Reduced:
    def __init__(self, sd):
        self.sd = sd

    def __reduce__(self):
        return Reduced, (self.sd,)


@own
class Newargs:
    def __new__(cls, *, sd=None):
        return object.__new__(cls)

    def __init__(self, *, sd=None):
        self.sd = sd

    def __getnewargs_ex__(self):
        return (), {"sd": self.sd}


save("reduced.pt", {"sd": weights(), "r": Reduced({"x": torch.ones(1)}), "n": Newargs(sd={"y": torch.zeros(1)})},
     "objects that are made by a call with arguments", states=[("sd",)], unknown=["lib.Reduced", "lib.Newargs"], pickle_protocol=4)
save("bound_method.pt", {"sd": weights(), "m": "abc".upper, "p": functools.partial(max, 1, key=abs),
                         "g": operator.itemgetter(1, "a"), "err": ValueError("no")},
     "a bound method, a partial function, a getter, an exception", states=[("sd",)],
     unknown=["builtins.getattr", "functools.partial", "builtins.max", "builtins.abs", "operator.itemgetter", "builtins.ValueError"])

# --- numpy ------------------------------------------------------------------------------------------------------

save("np_strings.pt", {"sd": weights(), "a": numpy.array(["a", "bcd"]), "s": numpy.str_("acc"), "bytes": numpy.array([b"x", b"yz"]),
                       "b": numpy.bytes_(b"q")}, "numpy's strings", states=[("sd",)], values=[("s",)])
save("np_objects.pt", {"sd": weights(), "o": numpy.array([1, "a", None, {"k": [1]}], dtype=object),
                       "m": numpy.array([[1, 2], ["x", 3.5]], dtype=object)}, "numpy's arrays of objects", states=[("sd",)])
save("np_times.pt", {"sd": weights(), "t": numpy.datetime64("2024-01-02T03:04:05"), "d": numpy.timedelta64(3, "D"),
                     "a": numpy.array(["2024-01-01", "2024-01-02"], dtype="datetime64[D]"), "n": numpy.array([1, 2], "timedelta64[ns]")},
     "numpy's times", states=[("sd",)])
save("np_dtypes.pt", {"sd": weights(), "d": [numpy.dtype(x) for x in ("f4", ">i8", "U5", "datetime64[ms]", "O", "S3", "bool")],
                      "c": [numpy.float32, numpy.int64, numpy.ndarray],
                      "s": numpy.dtype([("a", "f4"), ("b", "i8", (2,))])}, "numpy's dtypes and classes as values", states=[("sd",)])
record = numpy.array([(1, 2.5), (3, 4.5)], dtype=[("id", "i4"), ("score", "f8")])
save("np_structured.pt", {"sd": weights(), "r": record, "rec": record.view(numpy.recarray), "one": record[0]},
     "numpy's structured arrays", states=[("sd",)], unknown=None)
save("np_odd.pt", {"sd": weights(), "ma": numpy.ma.masked_array([1.0, 2.0], [True, False]), "mat": numpy.matrix([[1, 2]]),
                   "ld": numpy.longdouble(1.5), "lda": numpy.zeros(2, numpy.longdouble), "cld": numpy.zeros(1, numpy.clongdouble),
                   "v": numpy.void(b"ab"), "rng": numpy.random.RandomState(1), "gen": numpy.random.default_rng(1)},
     "masked arrays, matrices, long doubles, void, random generators", states=[("sd",)], unknown=None)
for protocol in (2, 5):
    arrays = {"sd": weights(), "c": numpy.arange(6.0).reshape(2, 3), "f": numpy.asfortranarray(numpy.arange(6.0).reshape(2, 3)),
              "k": numpy.arange(24.0).reshape(2, 3, 4).transpose(2, 0, 1), "be": numpy.arange(3, dtype=">i4"), "e": numpy.zeros((0, 2)),
              "z": numpy.array(5), "h": numpy.arange(3, dtype="f2"), "st": numpy.arange(10)[::3], "b": numpy.array([True, False])}
    save(f"np_orders_p{protocol}.pt", arrays, "numpy's arrays in every order", states=[("sd",)], pickle_protocol=protocol)

@own
class InfoArray(numpy.ndarray):
    """As numpy's own guide has it."""

    def __new__(cls, values, info=None):
        made = numpy.asarray(values).view(cls)
        made.info = info
        return made

    def __array_finalize__(self, other):
        self.info = getattr(other, "info", None)

    def __reduce__(self):
        recon, args, value = super().__reduce__()
        return recon, args, value + (self.info,)

    def __setstate__(self, value):
        super().__setstate__(value[:-1])
        self.info = value[-1]


@own
class Quantity(numpy.ndarray):
    """As astropy does."""

    def __reduce__(self):
        made = list(super().__reduce__())
        made[2] = (made[2], self.__dict__)
        return tuple(made)

    def __setstate__(self, value):
        super().__setstate__(value[0])
        self.__dict__.update(value[1])


save("np_subclasses.pt", {"sd": weights(), "i": InfoArray([1.0, 2.0], "m"), "q": numpy.arange(3.0).view(Quantity)},
     "subclasses of numpy's arrays, with states of their own", states=[("sd",)], unknown=None)

# --- wrapper subclasses and distributed tensors -----------------------------------------------------------------

os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT="29571", RANK="0", WORLD_SIZE="1", USE_LIBUV="0")
torch.distributed.init_process_group("gloo")
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.tensor import Replicate, Shard, distribute_tensor

mesh = init_device_mesh("cpu", (1,))
grid = init_device_mesh("cpu", (1, 1), mesh_dim_names=("dp", "tp"))
save("dtensor_shard.pt", {"w": distribute_tensor(torch.randn(4, 3), mesh, [Shard(0)]), "b": torch.randn(3)}, "a sharded DTensor")
save("dtensor_replicate.pt", {"model": {"w": distribute_tensor(torch.randn(4), mesh, [Replicate()])}, "step": 3}, "a replicated DTensor",
     states=[("model",)], values=[("step",)])
save("dtensor_grid.pt", {"w": distribute_tensor(torch.randn(4, 2).double(), grid, [Shard(0), Shard(1)])}, "a DTensor on a grid")
distributed = nn.Linear(3, 4)
distributed.weight = nn.Parameter(distribute_tensor(distributed.weight.detach(), mesh, [Shard(0)]))
save("dtensor_module.pt", {"sd": distributed.state_dict(), "p": [distributed.weight]}, "the state dict of a module with DTensors",
     states=[("sd",)])
from torch.distributed._shard import sharded_tensor
from torch.distributed._shard.sharding_spec import ChunkShardingSpec

shards = sharded_tensor.ones(ChunkShardingSpec(dim=0, placements=["rank:0/cpu"]), 4, 2)
from torch.distributed._shard.api import load_with_process_group

path = os.path.join(folder, "sharded_tensor.pt")
torch.save({"sd": weights(), "st": shards}, path)
with load_with_process_group(torch.distributed.group.WORLD):
    note("sharded_tensor.pt", "a ShardedTensor", torch.load(path, weights_only=False), states=[("sd",), ()])


@own
class Quantized(torch.Tensor):
    @staticmethod
    def __new__(cls, data, scale):
        return torch.Tensor._make_wrapper_subclass(cls, data.shape, dtype=scale.dtype)

    def __init__(self, data, scale):
        self.data_, self.scale = data, scale

    def __tensor_flatten__(self):
        return ["data_", "scale"], None

    @classmethod
    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
        if func is torch.ops.aten.detach.default:
            return args[0]
        raise NotImplementedError(func)

    def __reduce_ex__(self, protocol):
        return Quantized, (self.data_, self.scale)


@own
class Tagged(torch.Tensor):
    pass


quantized = Quantized(torch.tensor([[1, 2], [3, 4]], dtype=torch.int8), torch.tensor(0.5))
save("quantized_wrapper.pt", {"sd": weights(), "q": quantized}, "a quantized wrapper subclass", states=[("sd",)],
     unknown=["lib.Quantized"])
tagged = torch.randn(2).as_subclass(Tagged)
tagged.tag = "kept"
save("tagged.pt", {"w": tagged, "p": nn.Parameter(torch.randn(1))}, "a tensor subclass with an attribute")
jagged = torch.nested.nested_tensor([torch.randn(2, 3), torch.randn(1, 3)], layout=torch.jagged)
save("nested_jagged.pt", {"sd": weights(), "n": jagged}, "a jagged nested tensor", states=[("sd",)])
save("nested_strided.pt", {"sd": weights(), "n": torch.nested.nested_tensor([torch.randn(2, 3), torch.randn(1, 3)])},
     "a strided nested tensor", states=[("sd",)])
q = torch.quantize_per_channel(torch.randn(2, 3), torch.tensor([0.1, 0.2]), torch.tensor([0, 0]), 0, torch.qint8)
save("quantized_channel.pt", {"sd": weights(), "q": q}, "a tensor quantized by channel", states=[("sd",)])
odd_parameters = {
    "sd": weights(),
    "q": nn.Parameter(torch.quantize_per_tensor(torch.randn(3), 0.1, 0, torch.qint8), requires_grad=False),
    "n": nn.Parameter(torch.nested.nested_tensor([torch.randn(2, 3), torch.randn(1, 3)])),
    "csr": nn.Parameter(torch.eye(2).expand(3, 2, 2).contiguous().to_sparse_csr()),
}
odd_parameters["q"].note = "an attribute"
save("odd_parameters.pt", odd_parameters, "parameters of tensors that Java does not have", states=[("sd",)])
hooked = torch.randn(2, requires_grad=True)
hooked.register_hook(print)
save("hooked.pt", {"w": hooked.detach(), "s": torch.arange(3.0).untyped_storage(), "ts": torch.arange(3.0).storage()}, "storages by themselves")

batches = torch.eye(2).expand(3, 2, 2).contiguous()
save("sparse_batches.pt", {"sd": weights(), "csr": batches.to_sparse_csr(), "coo": batches.to_sparse()}, "batches of compressed sparse tensors",
     states=[("sd",)], unknown=())
odd = {str(d).split(".")[1]: torch.zeros(4, dtype=torch.uint8).view(d)
       for d in (torch.float8_e4m3fn, torch.float8_e5m2, torch.float8_e4m3fnuz, torch.float8_e5m2fnuz, torch.float8_e8m0fnu, torch.bits8,
                 torch.bits4x2, torch.uint16, torch.uint32, torch.complex32)}
torch.save(dict(odd, sd=weights()), os.path.join(folder, "odd_dtypes.pt"))
note("odd_dtypes.pt", "dtypes that few operators take", torch.load(os.path.join(folder, "odd_dtypes.pt"), weights_only=False), states=[("sd",)])

# --- whole models -----------------------------------------------------------------------------------------------


@own
class Act(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 3)
        self.norm = functools.partial(nn.LayerNorm, eps=1e-6)
        self.act = torch.tanh
        self.other = nn.functional.gelu
        self.inner = nn.ModuleDict({"n": self.norm(3)})
        self.color = Color.RED
        self.register_buffer("hidden", torch.ones(1), persistent=False)


@own
class WithState(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.randn(2))

    def __getstate__(self):
        return dict(self.__dict__, extra=Config())


models = {
    "partial": (Act(), ["functools.partial", "lib.Color"]),
    "getstate": (WithState(), ["lib.Config"]),
    "transformer": (nn.TransformerEncoderLayer(4, 2, 8, activation=nn.functional.gelu), []),
    "lstm": (nn.LSTM(2, 3, proj_size=2), []),
    "weight_norm": (torch.nn.utils.weight_norm(nn.Linear(2, 3)), []),
    "data_parallel": (nn.DataParallel(nn.Linear(2, 3)), []),
    "lazy": (nn.Sequential(nn.LazyBatchNorm1d(), nn.Linear(2, 3)), None),
    "compiled": (torch.compile(nn.Sequential(nn.Linear(2, 3))), None),
    "embedding_hooks": (nn.Embedding(3, 2, padding_idx=0), []),
}
for name, (model, unknown) in models.items():
    save(f"whole_{name}.pt", model, "a whole model: " + name, unknown=unknown)
hooks = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
hooks.register_forward_hook(lib.__dict__.setdefault("hook", functools.partial(max, 0)))
save("whole_hooks.pt", {"model": hooks, "epoch": 1}, "a model with a hook, in a dict", states=[("model",)], values=[("epoch",)],
     unknown=["functools.partial", "builtins.max"])
graph = torch.fx.symbolic_trace(nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)))
save("whole_fx.pt", graph, "an fx GraphModule")
dynamic = torch.ao.quantization.quantize_dynamic(nn.Sequential(nn.Linear(2, 3)), {nn.Linear}, torch.qint8)
path = os.path.join(folder, "whole_quantized.pt")
torch.save({"sd": weights(), "model": dynamic}, path)
note("whole_quantized.pt", "a dynamically quantized model", torch.load(path, weights_only=False), states=[("sd",)])

optimizer = torch.optim.AdamW(nn.Linear(2, 3).parameters())
save("optimizer_and_scheduler.pt",
     {"sd": weights(), "opt": optimizer.state_dict(), "sch": torch.optim.lr_scheduler.LambdaLR(optimizer, [lambda epoch: 1.0]).state_dict(),
      "scaler": torch.amp.GradScaler("cpu").state_dict(), "rng": torch.get_rng_state()},
     "optimizer, scheduler, scaler and random state", states=[("sd",)], values=[("sch", "last_epoch")], unknown=None)

save("order.pt", {"a": {"z": torch.ones(1), "b": [torch.ones(2), {"y": torch.ones(3)}]}, "w": torch.ones(4), "c": {"x": torch.ones(5)}},
     "tensors beside nested dicts", states=[("a",), ("c",)])
save("surrogates.pt", {"sd": weights(), "files": ["caf\udce9.jpg", "\ud83dx\udca9"], "k\udcff": 1}, "file names that are not in UTF-8",
     states=[("sd",)], values=[("k\udcff",)])
save("frozen_tensors.pt", {"sd": weights(), "f": frozenset({torch.ones(2), frozenset({torch.zeros(1)})}), "s": {torch.ones(3)}},
     "sets of tensors", states=[("sd",)])
linear = nn.Linear(2, 3)
optimizer = torch.optim.AdamW(linear.parameters())
linear(torch.ones(1, 2)).sum().backward()
optimizer.step()
save("optimizer_object.pt", optimizer, "an optimizer instead of its state", states=())
save("optimizer_in_dict.pt", {"model": linear.state_dict(), "optimizer": optimizer}, "an optimizer instead of its state, beside a model",
     states=[("model",)])
save("keys_alike.pt", {1: torch.ones(1), "1": torch.zeros(1), "a.b": torch.ones(2), "a": {"b": torch.ones(3)}}, "keys that look alike",
     states=[("a",)])

for name in sorted(os.listdir(folder)):
    if name != "expected.json" and name not in expected:
        os.remove(os.path.join(folder, name))
with open(os.path.join(folder, "expected.json"), "w") as f:
    json.dump({"torch": torch.__version__.split("+")[0], "files": expected}, f, indent=1, sort_keys=True)
    f.write("\n")
print(len(expected), "files,", sum(os.path.getsize(os.path.join(folder, n)) for n in expected), "bytes")
