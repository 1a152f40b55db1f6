"""Writes TorchScript archives of small modules, with calls and what they returned.

NAME.pt is the archive. NAME.json lists the calls in order: the method, the arguments and the result, in which {"tensor": KEY} is a
tensor of NAME.safetensors, {"list": [...]} a list or tuple, {"dict": [[KEY, VALUE], ...]} a dict or named tuple, and {"dtype": NAME} a
dtype. For each call, NAME.safetensors also has N.buffer.KEY (the buffers after it) and N.grad.KEY (the gradient of the sum, over the
floating-point tensors of the result, of the mean of their squares as float32).

usage: python3 parity/record/torchscript.py [FOLDER [NAME ...]]     default FOLDER: export/src/test/resources/torchscript
"""
import json
import os
import sys
import warnings
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional as F

warnings.filterwarnings("ignore")
CASES = {}


def case(make):
    CASES[make.__name__] = make
    return make


def call(*args, method="forward", **kwargs):
    return method, args, kwargs


class Control(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, x: Tensor, steps: int = 2, scale: float = 1.0) -> Tensor:
        i = 0
        while i < steps:
            x = torch.tanh(self.fc(x)) * scale
            i += 1
        if bool(x.sum() > 0):
            x = x + 1
        elif steps > 3:
            x = x - 1
        for j in range(x.size(0)):
            if j == 1:
                continue
            x = x + j
        return x


@case
def control_flow():
    x = torch.randn(3, 4)
    return torch.jit.script(Control()), [call(x), call(x, 5), call(-x, steps=4, scale=0.5), call(x, 0)]


class Methods(nn.Module):
    width: int
    names: List[str]

    def __init__(self):
        super().__init__()
        self.enc, self.dec = nn.Linear(6, 3), nn.Linear(3, 6)
        self.width, self.ratio, self.label, self.names = 3, 0.25, "auto é", ["a", "b"]
        self.on, self.shape = True, (2, 3)
        self.table: Dict[str, int] = {"x": 1, "y": 2}
        self.calls = 0

    @torch.jit.export
    def encode(self, x: Tensor, times: int = 1) -> Tensor:
        for _ in range(times):
            x = x * 1.5
        return torch.relu(self.enc(x))

    @torch.jit.export
    def decode(self, z: Tensor) -> Tensor:
        return self.dec(z)

    @torch.jit.export
    def bump(self, by: int) -> int:
        self.calls += by
        return self.calls

    @torch.jit.export
    def describe(self) -> Tuple[int, float, str, bool, List[str], Dict[str, int], Optional[Tensor]]:
        return self.width, self.ratio, self.label, self.on, self.names, self.table, None

    def forward(self, x: Tensor) -> Tensor:
        return self.decode(self.encode(x, 1))


@case
def methods():
    x = torch.randn(2, 6)
    return torch.jit.script(Methods()), [
        call(x), call(x, 2, method="encode"), call(x, times=3, method="encode"), call(torch.randn(2, 3), method="decode"),
        call(2, method="bump"), call(3, method="bump"), call(method="describe")]


class Pair(NamedTuple):
    left: Tensor
    count: int


class Containers(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.randn(3))

    def forward(self, xs: List[Tensor], named: Dict[str, Tensor], pair: Tuple[Tensor, int], sizes: List[int],
                mask: Optional[Tensor] = None) -> Dict[str, Tensor]:
        total = torch.zeros(3)
        for x in xs:
            total = total + x * self.w
        out: Dict[str, Tensor] = {}
        for k, v in named.items():
            out[k] = v * pair[1] + pair[0]
        if mask is not None:
            total = total * mask
        out["total"] = total.reshape(sizes)
        return out

    @torch.jit.export
    def nested(self, x: List[List[int]], y: Dict[int, List[float]]) -> List[Tuple[int, float]]:
        out: List[Tuple[int, float]] = []
        for row in x:
            out.append((sum(row), 0.5))
        for k, v in y.items():
            out.append((k, sum(v)))
        return out

    @torch.jit.export
    def named_tuple(self, p: Pair) -> Pair:
        return Pair(p.left * 2, p.count + 1)

    @torch.jit.export
    def maybe(self, xs: List[Optional[Tensor]], s: Optional[str], flags: List[bool]) -> Tuple[List[Optional[Tensor]], Optional[str], List[bool]]:
        return xs, s, [not f for f in flags]

    @torch.jit.export
    def any(self, value: Any) -> int:
        if isinstance(value, int):
            return 1
        if isinstance(value, Tensor):
            return 2
        if isinstance(value, str):
            return 3
        return 0

    @torch.jit.export
    def convert(self, x: Tensor, dtype: torch.dtype, device: torch.device) -> Tuple[Tensor, torch.device]:
        return x.to(device, dtype), x.device


@case
def containers():
    r = lambda: torch.randn(3)
    return torch.jit.script(Containers()), [
        call([r(), r()], {"a": r(), "b": r()}, (r(), 3), [3, 1]),
        call([], {}, (r(), 0), [1, 3], mask=torch.tensor([1.0, 0.0, 2.0])),
        call([[1, 2], [], [3]], {4: [0.5, 1.5], 5: []}, method="nested"),
        call(Pair(r(), 7), method="named_tuple"),
        call([r(), None], None, [True, False], method="maybe"), call([], "text", [], method="maybe"),
        call(3, method="any"), call(r(), method="any"), call("s", method="any"), call(True, method="any"),
        call(r(), torch.float64, torch.device("cpu"), method="convert")]


class Block(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.conv, self.norm = nn.Conv2d(n, n, 3, padding=1), nn.BatchNorm2d(n)

    def forward(self, x):
        return F.relu(x + self.norm(self.conv(x)))


class Nested(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 4, 3)
        self.layers = nn.Sequential(Block(4), Block(4))
        self.more = nn.ModuleList([Block(4)])
        self.heads = nn.ModuleDict({"cls": nn.Linear(4, 3), "box": nn.Linear(4, 2)})
        self.drop = nn.Dropout(0.5)

    def forward(self, x):
        x = self.layers(self.stem(x))
        for layer in self.more:
            x = layer(x)
        x = self.drop(x).mean([2, 3]) if not self.training else x.mean([2, 3])
        return self.heads["cls"](x), self.heads["box"](x)


@case
def submodules():
    x = torch.randn(2, 1, 8, 8)
    return torch.jit.script(Nested().eval()), [call(x), call(x + 1)]


@case
def submodules_training():
    x = torch.randn(4, 1, 8, 8)
    return torch.jit.script(Nested().train()), [call(x), call(x + 1)]


class Buffers(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("steps", torch.zeros((), dtype=torch.int64))
        self.register_buffer("mean", torch.zeros(3))
        self.register_buffer("scratch", torch.ones(3), persistent=False)
        self.register_buffer("absent", None)
        self.register_parameter("bias", None)
        self.scale = nn.Parameter(torch.ones(3))
        self.plain = torch.arange(3.0)

    def forward(self, x):
        if self.training:
            self.steps += 1
            self.mean = 0.9 * self.mean + 0.1 * x.detach().mean(0)
        return (x - self.mean) * self.scale + self.plain * self.scratch


@case
def buffers():
    return torch.jit.script(Buffers()), [call(torch.randn(5, 3)), call(torch.randn(2, 3)), call(torch.randn(4, 3))]


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb, self.out = nn.Embedding(7, 4), nn.Linear(4, 7, bias=False)
        self.out.weight = self.emb.weight
        self.same = self.emb

    def forward(self, ids):
        return self.out(self.same(ids))


@case
def tied():
    return torch.jit.script(Tied()), [call(torch.tensor([[1, 2, 6], [0, 3, 3]]))]


class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 8, 3, stride=2, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
                                      nn.Conv2d(8, 8, 3, groups=4), nn.Hardswish())
        self.fc = nn.Linear(8, 5)

    def forward(self, x):
        return self.fc(F.adaptive_avg_pool2d(self.features(x), 1).flatten(1))


@case
def traced_conv():
    x = torch.randn(2, 3, 24, 24)
    return torch.jit.trace(ConvNet().eval(), x), [call(x), call(torch.randn(4, 3, 32, 32))]


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(20, 6)
        self.lstm = nn.LSTM(6, 5, num_layers=2, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(10, 3)

    def forward(self, ids: Tensor, state: Optional[Tuple[Tensor, Tensor]] = None) -> Tuple[Tensor, Tuple[Tensor, Tensor]]:
        y, state = self.lstm(self.emb(ids), state)
        return self.fc(y).log_softmax(-1), state


@case
def lstm():
    ids = torch.randint(0, 20, (3, 7))
    return torch.jit.script(Tagger()), [call(ids), call(ids, (torch.randn(4, 3, 5), torch.randn(4, 3, 5)))]


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)

    def forward(self, x: Tensor, mask: Optional[Tensor] = None) -> Tensor:
        return self.layer(x, src_key_padding_mask=mask)


@case
def transformer():
    x = torch.randn(2, 5, 8)
    mask = torch.tensor([[False] * 5, [False, False, False, True, True]])
    return torch.jit.script(Attention().train()), [call(x), call(x, mask)]


@case
def half():
    m = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2)).half()
    return torch.jit.script(m), [call(torch.randn(3, 4).half())]


@case
def bfloat16_traced():
    m = nn.Sequential(nn.Linear(4, 8), nn.GELU(), nn.LayerNorm(8)).bfloat16()
    x = torch.randn(3, 4).bfloat16()
    return torch.jit.trace(m, x), [call(x)]


@case
def frozen():
    m = torch.jit.freeze(torch.jit.script(ConvNet().eval()))
    return m, [call(torch.randn(2, 3, 16, 16))]


class Setting(nn.Module):
    """Has a state of its own, which the engine reads by running __setstate__."""

    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.randn(2))
        self.n = 2

    @torch.jit.export
    def __getstate__(self):
        return self.w, self.n, self.training

    @torch.jit.export
    def __setstate__(self, state: Tuple[Tensor, int, bool]):
        self.w = state[0]
        self.n = state[1]
        self.training = state[2]

    def forward(self, x):
        return x * self.w * self.n


@case
def own_state():
    return torch.jit.script(Setting()), [call(torch.randn(3, 2))]


# --- recording -------------------------------------------------------------------------------------------------------


def encode(value, key, tensors):
    if isinstance(value, Tensor):
        tensors[key] = value.detach().clone().contiguous()
        return {"tensor": key}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        value = dict(zip(value._fields, value))
    if isinstance(value, dict):
        return {"dict": [[k, encode(v, f"{key}.{k}", tensors)] for k, v in value.items()]}
    if isinstance(value, (list, tuple)):
        return {"list": [encode(v, f"{key}.{i}", tensors) for i, v in enumerate(value)]}
    if isinstance(value, torch.dtype):
        return {"dtype": str(value).split(".")[1]}
    if isinstance(value, torch.device):
        return {"device": str(value)}
    return value


def leaves(value):
    if isinstance(value, Tensor):
        return [value] if value.is_floating_point() else []
    if isinstance(value, dict):
        value = list(value.values())
    return [t for v in value for t in leaves(v)] if isinstance(value, (list, tuple)) else []


def record(name, folder):
    torch.manual_seed(0)
    module, calls = CASES[name]()
    path = os.path.join(folder, name + ".pt")
    torch.jit.save(module, path)
    module = torch.jit.load(path)
    tensors, recorded = {}, []
    state = [k for k in module.state_dict()]
    for i, (method, args, kwargs) in enumerate(calls):
        # copied, since a script may return its argument
        entry = {"method": method, "args": encode(list(args), f"{i}.arg", tensors)["list"],
                 "kwargs": {k: encode(v, f"{i}.kwarg.{k}", tensors) for k, v in kwargs.items()}}
        module.zero_grad()
        result = getattr(module, method)(*args, **kwargs)
        entry["result"] = encode(result, f"{i}.result", tensors)
        loss = sum((t.float() ** 2).mean() for t in leaves(result) if t.numel())
        if isinstance(loss, Tensor) and loss.requires_grad:
            loss.backward()
            for key, p in module.named_parameters():
                if p.grad is not None:
                    tensors[f"{i}.grad.{key}"] = p.grad.clone().contiguous()
        for key, b in module.named_buffers():
            tensors[f"{i}.buffer.{key}"] = b.detach().clone().contiguous()
        recorded.append(entry)
    with open(os.path.join(folder, name + ".json"), "w") as f:
        json.dump({"training": getattr(module, "training", True), "state": state, "calls": recorded}, f)
    save_file(tensors, os.path.join(folder, name + ".safetensors"))
    print(f"{name}: {len(calls)} calls, {len(state)} tensors in its state, {os.path.getsize(path)} bytes")


folder = sys.argv[1] if len(sys.argv) > 1 else "export/src/test/resources/torchscript"
os.makedirs(folder, exist_ok=True)
for name in sys.argv[2:] or CASES:
    record(name, folder)
