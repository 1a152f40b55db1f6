"""Records what registration, paths, conversion, copies, containers and lazy modules do. Each scenario is a text under its name.

Usage: in the repository's root, with PyTorch: python3 parity/record/modules_system.py
"""

import copy
import os
import re
import warnings
from collections import OrderedDict

import torch
from torch import nn
from torch.nn.parameter import UninitializedBuffer, UninitializedParameter

warnings.simplefilter("ignore")
OUT = "nn/src/test/resources/org/jtorch/nn/modules_system"
os.makedirs(OUT, exist_ok=True)
FILES = {}


def section(name):
    """What is recorded from here on goes into a file of its own."""
    global ENTRIES
    ENTRIES = FILES.setdefault(name, [])


def record(name, *parts):
    """Each part is a function or a value; an exception is what it says."""
    lines = []
    for part in parts:
        try:
            value = part() if callable(part) and not isinstance(part, nn.Module) else part
            if isinstance(value, nn.Module):
                value = repr(value)
            elif isinstance(value, (list, tuple)):
                value = " ".join(str(v) for v in value)
        except Exception as e:
            # the Python function and the class's path are no part of what Java says
            value = re.sub(r"(uninitialized parameter) in <[^>]*>", r"\1", re.sub(r"<class '[^']*\.(\w+)'>", r"\1", f"error: {e.args[0]}"))
        lines.append(str(value))
    ENTRIES.append((name, "\n".join(lines)))


def linear():
    return nn.Linear(1, 1, bias=False)


def keys(m):
    return list(m.state_dict().keys())


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 2)
        self.no_bias = nn.Linear(2, 2, bias=False)
        self.gamma = nn.Parameter(torch.ones(2))
        self.register_buffer("running_mean", torch.zeros(2))
        self.register_buffer("cache", torch.zeros(2), persistent=False)
        self.size = 3


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = Block()
        self.layers = nn.ModuleList([linear(), nn.Sequential(linear(), nn.ReLU())])
        self.head = nn.ModuleDict({"a": linear(), "b": nn.ReLU()})
        self.tied = self.block.fc


section("registration")

# --- registration -------------------------------------------------------------------------------------------

for kind, value in (("module", linear()), ("parameter", nn.Parameter(torch.ones(1))), ("buffer", torch.ones(1))):
    for name in ("a.b", "", ".", "fc", "gamma", "running_mean", "size", "training", "new"):
        record(f"register_{kind} {name!r}", lambda: getattr(Block(), f"register_{kind}")(name, value))
record("non-leaf parameter", lambda: Block().register_parameter("w", nn.Parameter(torch.ones(1)).requires_grad_(False).add_(nn.Parameter(torch.ones(1)))))


def absent():
    m = Block()
    m.register_module("m", None)
    m.register_parameter("p", None)
    m.register_buffer("b", None)
    m.register_buffer("scratch", torch.ones(1), persistent=False)
    m.register_module("n", linear())
    return m


def names(named):
    return [n for n, _ in named]


record("absent", absent, keys(absent()), names(absent().named_children()), names(absent().named_buffers()))


def replaced():
    m = Block()
    m.register_module("fc", linear())
    m.register_parameter("gamma", nn.Parameter(torch.ones(1)))
    m.register_buffer("running_mean", torch.ones(3))
    return m


record("replaced", replaced, [list(v.shape) for v in replaced().state_dict().values()])

# --- traversal ----------------------------------------------------------------------------------------------

n = Net()
record("named_modules", names(n.named_modules()))
record("named_modules prefix", names(n.named_modules(prefix="p")))
record("named_modules duplicates", names(n.named_modules(remove_duplicate=False)))
record("named_parameters", names(n.named_parameters()))
record("named_parameters prefix", names(n.named_parameters(prefix="p")))
record("named_parameters own", names(n.block.named_parameters(prefix="p", recurse=False)))
record("named_parameters duplicates", names(n.named_parameters(remove_duplicate=False)))
record("named_buffers", names(n.named_buffers()), names(n.block.named_buffers(recurse=False)))
record("counts", len(list(n.modules())), len(list(n.modules(remove_duplicate=False))), len(list(n.parameters())),
       len(list(n.block.parameters(recurse=False))), len(list(n.buffers(recurse=False))))

# --- paths --------------------------------------------------------------------------------------------------

for target in ("", "block", "block.fc", "layers.1.0", "layers.2", "head.a", "head.c", "block.fc.weight", "block.size", "block.none",
               "block..fc", "nope.fc", "block.gamma", ".", "layers.-1"):
    record(f"get_submodule {target}", lambda: Net().get_submodule(target)._get_name())
for target in ("block.fc.weight", "block.gamma", "block.no_bias.bias", "block.fc", "block.nope", "nope.weight", "", "block.running_mean",
               "layers.0.weight"):
    record(f"get_parameter {target}", lambda: list(Net().get_parameter(target).shape))
for target in ("block.running_mean", "block.cache", "block.gamma", "block.nope", "nope.x", "block.fc", "block.size"):
    record(f"get_buffer {target}", lambda: list(Net().get_buffer(target).shape))


def set_at(target, strict=False):
    m = Net()
    m.set_submodule(target, nn.Identity(), strict)
    return [k for k, v in m.named_modules() if isinstance(v, nn.Identity)] + keys(m)


for target in ("layers.0", "layers.1.0", "layers.1.act", "layers.2", "head.a", "head.new", "block.new", "block.gamma", "block.size",
               "", "nope.x", "new", "block.running_mean"):
    for strict in (False, True):
        record(f"set_submodule {target} {strict}", lambda: set_at(target, strict))

section("conversion")

# --- conversion ---------------------------------------------------------------------------------------------


class Mixed(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 2, bias=False)
        self.register_buffer("count", torch.zeros(2, dtype=torch.int64))
        self.register_buffer("flag", torch.zeros(1, dtype=torch.bool))
        self.register_buffer("small", torch.zeros(1, dtype=torch.float16))
        self.register_buffer("wave", torch.zeros(1, dtype=torch.complex64))


def state(m):
    return [f"{k}:{v.dtype}:{v.device}:{list(v.stride())}" for k, v in list(m.named_parameters()) + list(m.named_buffers())]


CONVERSIONS = {
    "to(float64)": lambda m: m.to(torch.float64),
    "to(complex64)": lambda m: m.to(torch.complex64),
    "to(int64)": lambda m: m.to(torch.int64),
    "to(cpu)": lambda m: m.to("cpu"),
    "to(meta)": lambda m: m.to("meta"),
    "to(meta, float64)": lambda m: m.to("meta", torch.float64),
    "to(tensor)": lambda m: m.to(torch.zeros(1, dtype=torch.bfloat16)),
    "to(int tensor)": lambda m: m.to(torch.zeros(1, dtype=torch.int32)),
    "to(channels_last)": lambda m: m.to(memory_format=torch.channels_last),
    "to(cpu, float64, True, channels_last)": lambda m: m.to("cpu", torch.float64, True, memory_format=torch.channels_last),
    "meta to(cpu)": lambda m: m.to("meta").to("cpu"),
    "meta to_empty(cpu)": lambda m: m.to("meta").to_empty(device="cpu"),
    "meta to_empty(cpu) own": lambda m: m.to("meta").to_empty(device="cpu", recurse=False),
    "half": lambda m: m.half(),
    "bfloat16": lambda m: m.bfloat16(),
    "float": lambda m: m.half().float(),
    "double": lambda m: m.double(),
    "cpu": lambda m: m.cpu(),
    "type(float64)": lambda m: m.type(torch.float64),
    "type(int64)": lambda m: m.type(torch.int64),
    "type(int64) frozen": lambda m: m.requires_grad_(False).type(torch.int64),
}
for name, change in CONVERSIONS.items():
    record(name, lambda: state(change(Mixed())))


def tied(change):
    a, b = nn.Linear(2, 2), nn.Linear(2, 2)
    b.weight = a.weight
    m = nn.Sequential(a, b)
    m(torch.ones(1, 2)).sum().backward()
    change(m)
    g = m[0].weight.grad
    return [m[0].weight is m[1].weight, m[0].weight.dtype, m[0].weight.requires_grad, None if g is None else g.dtype,
            len(list(m.parameters()))]


for name in ("to(float64)", "half", "to(tensor)", "type(float64)", "cpu"):
    record(f"tied {name}", lambda: tied(CONVERSIONS[name]))

section("copies")

# --- deepcopy -----------------------------------------------------------------------------------------------


def deepcopy_tied():
    a, b = nn.Linear(2, 2), nn.Linear(2, 2)
    b.weight = a.weight
    m = nn.Sequential(a, b, a)
    m(torch.ones(1, 2)).sum().backward()
    a.weight.requires_grad_(False)
    m[1].eval()
    c = copy.deepcopy(m)
    return [c[0] is c[2], c[0].weight is c[1].weight, c[0].weight is a.weight, torch.equal(c[0].weight, a.weight),
            c[0].weight.grad is None, a.weight.grad is None, c[0].weight.requires_grad, c[1].bias.requires_grad, c[1].training,
            c[0].training]


record("deepcopy tied", deepcopy_tied)


class Views(nn.Module):
    def __init__(self):
        super().__init__()
        base = torch.arange(6.0)
        self.register_buffer("base", base)
        self.register_buffer("part", base[2:4])
        self.register_buffer("turned", torch.arange(6.0).view(2, 3).t())
        self.weight = nn.Parameter(base)
        self.register_buffer("leaf", torch.ones(2, requires_grad=True))
        self.leaf.grad = torch.full((2,), 3.0)


def deepcopy_views():
    m = Views()
    c = copy.deepcopy(m)
    c.part.fill_(9)
    return [c.base.tolist(), m.base.tolist(), c.weight.tolist(), list(c.turned.stride()), c.turned.tolist(), c.leaf.requires_grad,
            c.leaf.grad.tolist(), c.part.storage_offset()]


record("deepcopy views", deepcopy_views)


def deepcopy_computed():
    m = nn.Module()
    m.register_buffer("b", torch.ones(1, requires_grad=True) * 2)
    return copy.deepcopy(m)


record("deepcopy computed", deepcopy_computed)

section("containers")

# --- Sequential ---------------------------------------------------------------------------------------------


def seq(*sizes):
    return nn.Sequential(*(nn.Linear(i, i, bias=False) for i in (sizes or (1, 2, 3, 4))))


def named():
    return nn.Sequential(OrderedDict(first=nn.Linear(1, 1, bias=False), act=nn.ReLU(), last=nn.Linear(2, 2, bias=False)))


def after(m, change):
    result = change(m)
    if isinstance(result, nn.Module) and result is not m:
        return f"{result}\n{m}"
    return f"{m}"


def delete(i):
    def change(m):
        del m[i]
    return change


def put(i):
    def change(m):
        m[i] = nn.ReLU()
    return change


SEQ = {
    "[0]": lambda m: m[0], "[-1]": lambda m: m[-1], "[4]": lambda m: m[4], "[-5]": lambda m: m[-5],
    "[1:3]": lambda m: m[1:3], "[:-1]": lambda m: m[:-1], "[::2]": lambda m: m[::2], "[::-1]": lambda m: m[::-1],
    "[3:0:-2]": lambda m: m[3:0:-2], "[-10:10]": lambda m: m[-10:10], "[3:1]": lambda m: m[3:1],
    "set 1": put(1), "set -1": put(-1), "set 4": put(4),
    "del 0": delete(0), "del -2": delete(-2), "del 4": delete(4), "del [1:3]": delete(slice(1, 3)), "del [::2]": delete(slice(None, None, 2)),
    "append": lambda m: m.append(nn.ReLU()), "insert 0": lambda m: m.insert(0, nn.ReLU()), "insert 4": lambda m: m.insert(4, nn.ReLU()),
    "insert -1": lambda m: m.insert(-1, nn.ReLU()), "insert 5": lambda m: m.insert(5, nn.ReLU()), "insert -5": lambda m: m.insert(-5, nn.ReLU()),
    "extend": lambda m: m.extend(seq(7, 8)), "extend self": lambda m: m.extend(list(m)), "pop 1": lambda m: m.pop(1),
    "pop -1": lambda m: m.pop(-1), "plus": lambda m: m + seq(7), "times 2": lambda m: m * 2, "times 0": lambda m: m * 0,
    "add_module 1": lambda m: m.add_module("1", nn.ReLU()), "add_module x": lambda m: m.add_module("x", nn.ReLU()),
}
for name, change in SEQ.items():
    record(f"Sequential {name}", lambda: after(seq(), change))
for name in ("[0]", "[1:3]", "set 1", "del 0", "append", "extend", "plus", "pop 1", "add_module x"):
    record(f"named Sequential {name}", lambda: after(named(), SEQ[name]))

# --- ModuleList ---------------------------------------------------------------------------------------------


def mlist():
    return nn.ModuleList([nn.Linear(i, i, bias=False) for i in (1, 2, 3, 3)])


LIST = {
    "[1:3]": lambda m: m[1:3], "[::-1]": lambda m: m[::-1], "[-2:]": lambda m: m[-2:],
    "set 1": put(1), "del 0": delete(0), "del [::2]": delete(slice(None, None, 2)), "append": lambda m: m.append(nn.ReLU()),
    "insert 0": lambda m: m.insert(0, nn.ReLU()), "insert 4": lambda m: m.insert(4, nn.ReLU()),
    "extend": lambda m: m.extend([nn.Linear(3, 3, bias=False)]), "pop 1": lambda m: m.pop(1), "pop -1": lambda m: m.pop(-1),
    "pop 4": lambda m: m.pop(4), "plus": lambda m: m + [nn.ReLU()],
}
for name, change in LIST.items():
    record(f"ModuleList {name}", lambda: after(mlist(), change))

# --- ModuleDict ---------------------------------------------------------------------------------------------


def mdict():
    return nn.ModuleDict({"b": linear(), "a": nn.ReLU(), "c": nn.ModuleDict()})


def at(key, value):
    def change(m):
        m[key] = value
    return change


DICT = {
    "replace": at("b", nn.Tanh()), "new": at("d", nn.Tanh()), "del": delete("b"), "pop": lambda m: m.pop("a"), "clear": lambda m: m.clear(),
    "update": lambda m: m.update({"z": nn.Tanh(), "a": nn.Tanh()}), "update pairs": lambda m: m.update([("z", nn.Tanh())]),
    "dot": at("a.b", nn.Tanh()), "empty": at("", nn.Tanh()),
}
for name, change in DICT.items():
    record(f"ModuleDict {name}", lambda: after(mdict(), change))
record("ModuleDict keys", list(mdict().keys()), keys(mdict()), "a" in mdict(), len(mdict()))

# --- parameters ---------------------------------------------------------------------------------------------


def plist():
    return nn.ParameterList([nn.Parameter(torch.ones(2, 3)), torch.ones(4, dtype=torch.float64), nn.Parameter(torch.tensor(1.0))])


def setp(i):
    def change(m):
        m[i] = torch.ones(7)
    return change


record("ParameterList", plist, keys(plist()), [p.requires_grad for p in plist()], names(plist().named_parameters()))
record("ParameterList empty", nn.ParameterList, nn.ParameterList([torch.ones(2)]))
record("ParameterList in a module", nn.ModuleList([plist(), plist()]), nn.Sequential(OrderedDict(p=nn.ParameterList([torch.ones(1)]))))
for name, change in {"[1:]": lambda m: m[1:], "[::-1]": lambda m: m[::-1], "set 1": setp(1), "append": lambda m: m.append(torch.ones(2)),
                     "extend": lambda m: m.extend([torch.ones(2), torch.ones(3)]), "call": lambda m: m(1)}.items():
    record(f"ParameterList {name}", lambda: after(plist(), change))


def pdict():
    return nn.ParameterDict(OrderedDict(b=torch.ones(2, 3), a=nn.Parameter(torch.ones(1, dtype=torch.bfloat16), requires_grad=False)))


record("ParameterDict", pdict, keys(pdict()), [p.requires_grad for p in pdict().values()])
record("ParameterDict dtypes", nn.ParameterDict(OrderedDict(("x_" + str(d)[6:], nn.Parameter(torch.zeros(1, dtype=d), requires_grad=False)) for d in (
    torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.bool,
    torch.complex64, torch.complex128))), nn.ParameterDict({"m": torch.zeros(1, device="meta")}))
for name, change in {"replace": at("b", torch.ones(7)), "new": at("c", torch.ones(7)), "del": delete("b"), "pop": lambda m: m.pop("b").shape,
                     "popitem": lambda m: m.popitem()[0], "setdefault": lambda m: m.setdefault("b", torch.ones(9)) is None,
                     "setdefault new": lambda m: m.setdefault("n", torch.ones(9)) is None, "or": lambda m: m | nn.ParameterDict({"b": torch.ones(9), "z": torch.ones(1)}),
                     "update": lambda m: m.update(OrderedDict(z=torch.ones(1), a=torch.ones(2))), "copy": lambda m: m.copy(),
                     "clear": lambda m: m.clear(), "dot": at("a.b", torch.ones(1)), "empty": at("", torch.ones(1)),
                     "fromkeys": lambda m: m.fromkeys(["x", "y"], torch.ones(2)), "call": lambda m: m(1)}.items():
    record(f"ParameterDict {name}", lambda: after(pdict(), change))

# --- repr ---------------------------------------------------------------------------------------------------


class Extra(nn.Module):
    def __init__(self, text, *children):
        super().__init__()
        self.text = text
        for i, c in enumerate(children):
            self.add_module(f"c{i}", c)

    def extra_repr(self):
        return self.text


record("repr nested", Net())
record("repr extra", Extra("a=1"), Extra("a=1", linear()), Extra("a=1\nb=2"), Extra("a=1\n\nb=2", Extra("x\n\ny")), Extra("", Extra("")))
record("repr lists", nn.ModuleList([nn.ModuleList(), nn.ModuleList(), nn.ModuleList([linear(), linear()])]), nn.ModuleDict(), nn.ModuleDict({"a": nn.ModuleList([linear()])}),
       nn.Sequential(nn.Sequential(), nn.Sequential(nn.Sequential())))

section("lazy")

# --- lazy modules -------------------------------------------------------------------------------------------


def lazy():
    return nn.Sequential(nn.LazyLinear(3), nn.ReLU(), nn.LazyLinear(2, bias=False))


def shapes(m):
    return [f"{k}:{repr(v) if isinstance(v, (UninitializedParameter, UninitializedBuffer)) else list(v.shape)}" for k, v in m.state_dict().items()]


def called(m, *size, **kw):
    m(torch.ones(*size, **kw))
    return m


def bits(t):
    return [f"{v & 0xffffffff:x}" for v in t.detach().contiguous().view(torch.int32).flatten().tolist()]


def seeded():
    torch.manual_seed(42)
    m = nn.Sequential(nn.LazyLinear(3), nn.Linear(3, 2))
    called(m, 2, 4)
    return [b for p in m.parameters() for b in bits(p)]


record("lazy repr", lazy, called(lazy(), 5, 4), called(nn.Sequential(nn.LazyLinear(3), nn.LazyLinear(3)), 5, 4))
record("lazy state", shapes(lazy()), shapes(called(lazy(), 5, 4)), [p.requires_grad for p in lazy().parameters()])
record("lazy values", seeded)
record("lazy parameter", repr(UninitializedParameter()), repr(UninitializedBuffer()), lambda: UninitializedParameter().shape,
       UninitializedParameter().dtype, UninitializedParameter(dtype=torch.float64).to(torch.float16).dtype, UninitializedParameter().is_floating_point(),
       UninitializedParameter().requires_grad, UninitializedParameter(requires_grad=False).requires_grad, UninitializedBuffer().requires_grad)
record("lazy use", lambda: UninitializedParameter().numel(), lambda: UninitializedParameter() + 1, lambda: lazy()[0].weight.view(-1))


def materialized(kind):
    p = kind(dtype=torch.float64)
    p.materialize((2, 3))
    return [type(p).__name__, p.dtype, list(p.shape), p.requires_grad, p.is_leaf]


record("materialize", lambda: materialized(UninitializedParameter)[1:], lambda: materialized(UninitializedBuffer)[1:])
record("materialize twice", lambda: called(nn.LazyLinear(2), 1, 3)(torch.ones(1, 4)) is None)


def load(target, source):
    target.load_state_dict(source.state_dict())
    return shapes(target)


def load_then_call():
    m = lazy()
    source = called(lazy(), 5, 4)
    m.load_state_dict(source.state_dict())
    before = repr(m)
    same = torch.equal(m(torch.ones(5, 4)), source(torch.ones(5, 4)))
    return "\n".join([before, str(same), repr(m)])


def load_wrong():
    m = nn.LazyLinear(3)
    m.load_state_dict(nn.Linear(4, 3).state_dict())
    return m(torch.ones(1, 5))


record("lazy load", lambda: load(lazy(), lazy()), lambda: load(lazy(), called(lazy(), 5, 4)), lambda: load(called(lazy(), 5, 4), lazy()))
record("lazy load then call", load_then_call)
record("lazy load wrong", load_wrong)
record("lazy to", lambda: [p.dtype for p in lazy().to(torch.float64).parameters()], lambda: [p.dtype for p in called(lazy().double(), 5, 4, dtype=torch.float64).parameters()],
       lambda: [str(p.device) for p in lazy().to("meta").parameters()], lambda: [p.dtype for p in called(lazy(), 5, 4).half().parameters()])


def lazy_copy():
    m = lazy()
    c = copy.deepcopy(m)
    called(c, 5, 4)
    return "\n".join([repr(m), repr(c), " ".join(shapes(m)), " ".join(shapes(c)), " ".join(shapes(copy.deepcopy(c)))])


record("lazy deepcopy", lazy_copy)


class Forgetful(nn.modules.lazy.LazyModuleMixin, nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = UninitializedParameter()

    def initialize_parameters(self, x):
        pass

    def forward(self, x):
        return x


record("lazy forgotten", lambda: Forgetful()(torch.ones(1)))

section("meta")

# --- meta ---------------------------------------------------------------------------------------------------

record("skip_init", lambda: [f"{list(p.shape)} {p.device} {p.dtype}" for p in torch.nn.utils.skip_init(nn.Linear, 5, 1).parameters()],
       nn.Linear(2, 3, device="meta"), lambda: [str(p.device) for p in nn.Linear(2, 3, device="meta").parameters()])
torch.manual_seed(1)
nn.Linear(3, 3, device="meta")
drawn = bits(torch.rand(1))
torch.manual_seed(1)
record("meta draws nothing", drawn == bits(torch.rand(1)))

for name, entries in FILES.items():
    with open(f"{OUT}/{name}.txt", "w", encoding="utf-8") as out:
        for key, text in entries:
            out.write(f"## {key}\n{text}\n")
