"""Records what the tests of pruning compare with. Usage: in the repository's root, with PyTorch: python3 parity/record/prune.py"""

import torch
from torch import nn
from torch.nn.utils import prune

OUT = "nn/src/test/resources/org/jtorch/nn"
entries = []


def put(key, value):
    if isinstance(value, torch.Tensor):
        value = str(list(value.shape)) + " " + " ".join(repr(float(v)) for v in value.detach().flatten())
    elif isinstance(value, list):
        value = "\n".join(value)
    entries.append((key, str(value)))


def fails(key, function):
    try:
        function()
    except Exception as e:
        put(key, f"{type(e).__name__}: {e.args[0]}")
    else:
        raise AssertionError(f"{key} did not fail")


def keys(module):
    return list(module.state_dict().keys())


def grid(*shape):
    n = 1
    for s in shape:
        n *= s
    i = torch.arange(1, n + 1, dtype=torch.float32)
    return (torch.sin(i) + i / (2 * n)).reshape(shape)


def filled(m):
    with torch.no_grad():
        for p in m.parameters():
            p.copy_(grid(*p.shape))
    return m


def linear():
    return filled(nn.Linear(3, 3))


def conv():
    return filled(nn.Conv2d(3, 4, 2))


METHODS = {
    "identity": lambda m: prune.identity(m, "weight"),
    "random": lambda m: prune.random_unstructured(m, "weight", 0.3),
    "random count": lambda m: prune.random_unstructured(m, "weight", 2),
    "l1": lambda m: prune.l1_unstructured(m, "weight", 0.4),
    "l1 scores": lambda m: prune.l1_unstructured(m, "weight", 3, torch.flip(grid(*m.weight.shape), [0])),
    "random channels": lambda m: prune.random_structured(m, "weight", 1, 0),
    "ln 2": lambda m: prune.ln_structured(m, "weight", 0.34, 2, 1),
    "ln inf": lambda m: prune.ln_structured(m, "weight", 1, float("-inf"), -2),
    "mask": lambda m: prune.custom_from_mask(m, "weight", (grid(*m.weight.shape) > 0)),
}

for kind, make in [("linear", linear), ("conv", conv)]:
    for name, method in METHODS.items():
        m = make()
        torch.manual_seed(3)
        method(m)
        put(f"{kind} {name} keys", keys(m))
        put(f"{kind} {name} mask", m.weight_mask)
        put(f"{kind} {name} weight", m.weight)

for first in METHODS:
    for then in METHODS:
        m = linear()
        torch.manual_seed(4)
        METHODS[then](METHODS[first](m))
        put(f"{first} then {then}", m.weight_mask)

x = grid(2, 3)
m = linear()
original = m.weight
prune.l1_unstructured(m, "weight", 0.4)
prune.l1_unstructured(m, "bias", 1)
put("repr", repr(m))
put("keys", keys(m))
put("pruned", prune.is_pruned(nn.Sequential(m)))
put("not pruned", prune.is_pruned(linear()))
y = m(x)
put("y", y)
(y * y).sum().backward()
put("grad weight", m.weight_orig.grad)
put("grad bias", m.bias_orig.grad)
with torch.no_grad():
    m.weight_orig.add_(1)
put("y changed", m(x))
prune.remove(m, "weight")
put("removed keys", keys(m))
put("removed weight", m.weight)
put("removed same", m.weight is original)
put("tensor", prune.L1Unstructured(amount=2).prune(grid(3)))

a, b = linear(), conv()
prune.global_unstructured([(a, "weight"), (b, "weight"), (b, "bias")], prune.L1Unstructured, amount=0.5)
put("global a", a.weight_mask)
put("global b", b.weight_mask)
put("global bias", b.bias_mask)
prune.global_unstructured([(a, "weight"), (b, "weight")], prune.L1Unstructured, amount=5)
put("global again a", a.weight_mask)
put("global again b", b.weight_mask)

fails("share", lambda: prune.l1_unstructured(linear(), "weight", 1.5))
fails("negative", lambda: prune.l1_unstructured(linear(), "weight", -1))
fails("too many", lambda: prune.l1_unstructured(linear(), "weight", 10))
fails("channels too many", lambda: prune.ln_structured(linear(), "weight", 4, 2, 0))
fails("vector", lambda: prune.ln_structured(linear(), "bias", 1, 2, 0))
fails("no dim", lambda: prune.random_structured(linear(), "weight", 1, 2))
fails("scores", lambda: prune.l1_unstructured(linear(), "weight", 1, grid(3)))
fails("mask shape", lambda: prune.custom_from_mask(linear(), "weight", grid(3)))
fails("remove", lambda: prune.remove(linear(), "weight"))
fails("global structured", lambda: prune.global_unstructured([(linear(), "weight")], prune.CustomFromMask, mask=grid(9)))

with open(f"{OUT}/prune.txt", "w", encoding="utf-8") as out:
    for key, text in entries:
        out.write(f"## {key}\n{text}\n")
