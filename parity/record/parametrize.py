"""Records what the tests of functional calls, parametrizations and weight norms compare with.

Usage: in the repository's root, with PyTorch: python3 parity/record/parametrize.py
"""

import warnings

import torch
from torch import nn
from torch.func import functional_call
from torch.nn.utils import parametrize

warnings.simplefilter("ignore")
OUT = "nn/src/test/resources/org/jtorch/nn"
entries = []


def t(tensor):
    """A tensor's shape and its values."""
    return str(list(tensor.shape)) + " " + " ".join(repr(float(v)) for v in tensor.detach().flatten())


def put(key, value):
    if isinstance(value, torch.Tensor):
        value = t(value)
    elif isinstance(value, (list, tuple)):
        value = "\n".join(value)
    entries.append((key, str(value)))


def fails(key, function):
    try:
        function()
    except Exception as e:
        message = e.args[0] if e.args else ""
        put(key, f"{type(e).__name__}: {message}")
    else:
        raise AssertionError(f"{key} did not fail")


def keys(module):
    return list(module.state_dict().keys())


def write(name):
    with open(f"{OUT}/{name}", "w", encoding="utf-8") as out:
        for key, text in entries:
            out.write(f"## {key}\n{text}\n")
    entries.clear()


def grid(*shape):
    """The same values as the tests make: 1/4, -1/2, 3/4, ..."""
    n = 1
    for s in shape:
        n *= s
    i = torch.arange(1, n + 1, dtype=torch.float32)
    return (torch.sin(i) + i / (2 * n)).reshape(shape)


# --- functional calls ---------------------------------------------------------------------------------------


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.foo = nn.Parameter(grid(2))
        self.foo_tied = self.foo
        self.register_buffer("bar", torch.ones(2))

    def forward(self, x):
        self.bar.add_(1)
        return x * self.foo + self.foo_tied * self.bar


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 2)
        self.bn = nn.BatchNorm1d(2)
        self.out = nn.Linear(2, 2, bias=False)

    def forward(self, x):
        return self.out(self.bn(torch.tanh(self.fc(x))))


x = grid(4, 3)
torch.manual_seed(0)
net = Net()
given = {"fc.weight": grid(2, 3).requires_grad_(), "out.weight": grid(2, 2).requires_grad_(), "bn.running_mean": torch.zeros(2)}
y = functional_call(net, given, x)
put("net", y)
put("net running_mean given", given["bn.running_mean"])
put("net running_mean own", net.bn.running_mean)
put("net num_batches_tracked own", net.bn.num_batches_tracked)
first = torch.autograd.grad((y * y * y).sum(), [given["fc.weight"], given["out.weight"]], create_graph=True)
put("net grad fc", first[0])
put("net grad out", first[1])
second = torch.autograd.grad((first[0] ** 2).sum() + (first[1] ** 2).sum(), [given["fc.weight"], given["out.weight"]])
put("net grad grad fc", second[0])
put("net grad grad out", second[1])
put("absent bias given", functional_call(nn.Linear(2, 2, bias=False).requires_grad_(False), {"weight": grid(2, 2), "bias": grid(2)}, grid(3, 2)))
put("bias taken away", functional_call(nn.Linear(2, 2), {"weight": grid(2, 2), "bias": None}, grid(3, 2)))

tied = Tied()
put("tied", functional_call(tied, {"foo": torch.tensor([3.0, 4.0])}, torch.tensor([1.0, 2.0])))
put("tied by the other name", functional_call(tied, {"foo_tied": torch.tensor([3.0, 4.0])}, torch.tensor([1.0, 2.0])))
put("untied", functional_call(tied, {"foo": torch.tensor([3.0, 4.0])}, torch.tensor([1.0, 2.0]), tie_weights=False))
one = torch.tensor([5.0, 6.0])
put("tied twice", functional_call(tied, {"foo": one, "foo_tied": one}, torch.tensor([1.0, 2.0])))
put("several", functional_call(tied, ({"foo": one}, {"bar": torch.zeros(2)}), torch.tensor([1.0, 2.0])))
put("unknown key", functional_call(tied, {"baz": one, "foo": one, "bar": torch.zeros(2)}, torch.tensor([1.0, 2.0])))
put("strict", functional_call(tied, {"foo": one, "bar": torch.zeros(2)}, torch.tensor([1.0, 2.0]), strict=True))
fails("tied apart", lambda: functional_call(tied, {"foo": one, "foo_tied": torch.zeros(2)}, one))
fails("strict missing and unexpected", lambda: functional_call(tied, {"foo": one, "baz": one, "a.b": one}, one, strict=True))
fails("strict missing", lambda: functional_call(tied, {}, one, strict=True))
fails("repeated", lambda: functional_call(tied, ({"foo": one, "bar": one}, {"foo": one}), one))
fails("no such module", lambda: functional_call(net, {"head.weight": one}, x))
put("own after", [t(tied.foo), t(tied.foo_tied)])
write("functional.txt")
