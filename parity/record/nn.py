"""Records what the tests of module nn compare with. Usage: in the repository's root, with PyTorch: python3 parity/record/nn.py"""

import os
from collections import OrderedDict

import torch
from torch import nn
from torch.nn import init

OUT = "nn/src/test/resources/org/jtorch/nn"
os.makedirs(OUT, exist_ok=True)


def bits(tensor):
    """Every element's bits in hexadecimal, in row-major order."""
    kind = {4: torch.int32, 8: torch.int64, 2: torch.int16}[tensor.element_size()]
    mask = (1 << (8 * tensor.element_size())) - 1
    return " ".join(f"{v & mask:x}" for v in tensor.detach().contiguous().view(kind).flatten().tolist())


def write(name, entries):
    """Entries under their expressions: a line '## expression', then the text."""
    with open(f"{OUT}/{name}", "w", encoding="utf-8") as out:
        for key, text in entries:
            out.write(f"## {key}\n{text}\n")


# --- reprs: each expression is the test's key ---------------------------------------------------------------

REPRS = """
nn.Linear(10, 8)
nn.Linear(10, 8, bias=False)
nn.Identity(54, unused=1)
nn.Conv2d(3, 64, 7)
nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
nn.Conv2d(4, 8, (3, 5), stride=(1, 2), padding=(1, 0), dilation=2, groups=4)
nn.Conv2d(4, 4, 3, padding='same', padding_mode='reflect')
nn.Conv2d(4, 4, 3, padding='valid')
nn.Conv2d(4, 4, 3, padding=(0, 2), padding_mode='replicate')
nn.BatchNorm1d(10)
nn.BatchNorm2d(10, eps=0.001, momentum=None)
nn.BatchNorm2d(10, affine=False, track_running_stats=False)
nn.BatchNorm2d(10, bias=False)
nn.LayerNorm(5)
nn.LayerNorm((2, 5), eps=1e-12, bias=False)
nn.LayerNorm((2, 5), elementwise_affine=False)
nn.Embedding(4, 3)
nn.Embedding(7, 3, padding_idx=-1, max_norm=0.5, norm_type=1.0, scale_grad_by_freq=True, sparse=True)
nn.Dropout()
nn.Dropout(0.2)
nn.Dropout(p=0.0, inplace=True)
nn.ReLU()
nn.ReLU(inplace=True)
nn.GELU()
nn.GELU(approximate='tanh')
nn.Sigmoid()
nn.Tanh()
nn.Softmax(dim=-1)
nn.Flatten()
nn.Flatten(start_dim=0, end_dim=1)
nn.MaxPool2d(2)
nn.MaxPool2d((3, 2), stride=2, padding=(1, 0), dilation=2, ceil_mode=True)
nn.MaxPool2d(3, return_indices=True)
nn.AdaptiveAvgPool2d(3)
nn.AdaptiveAvgPool2d((3, None))
nn.CrossEntropyLoss(ignore_index=1)
nn.MSELoss(reduction='sum')
nn.ModuleList()
nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 2)])
nn.ModuleList([nn.Sequential(nn.Linear(2, 2), nn.ReLU()) for _ in range(3)])
nn.Sequential()
nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.ReLU(), nn.Linear(3, 2)))
nn.Sequential(OrderedDict(first=nn.Linear(2, 3), act=nn.Tanh()))
""".strip().splitlines()

write("repr.txt", [(e, repr(eval(e))) for e in REPRS])

# --- argument errors ----------------------------------------------------------------------------------------

ERRORS = """
nn.Conv2d(3, 4, 3, groups=0)
nn.Conv2d(3, 4, 3, groups=2)
nn.Conv2d(4, 3, 3, groups=2)
nn.Conv2d(4, 4, 3, stride=2, padding='same')
nn.Dropout(1.5)
nn.Dropout(-0.1)
nn.Embedding(4, 3, padding_idx=4)
nn.Embedding(4, 3, padding_idx=-5)
nn.Embedding.from_pretrained(torch.zeros(3))
nn.BatchNorm1d(3)(torch.zeros(2, 3, 4, 5))
nn.BatchNorm2d(3)(torch.zeros(2, 3, 4))
nn.BatchNorm1d(3)(torch.zeros(1, 3))
nn.BatchNorm1d(3, eps=0.0)(torch.zeros(2, 3))
nn.BatchNorm1d(3, eps=-1.0).eval()(torch.zeros(2, 3))
nn.functional.mse_loss(torch.zeros(2), torch.zeros(2), weight=torch.zeros(3))
nn.ModuleList()(1)
init.eye_(torch.zeros(3))
init.kaiming_uniform_(torch.zeros(3))
init.xavier_normal_(torch.zeros(3))
""".strip().splitlines()


def error(expression):
    try:
        eval(expression)
    except Exception as e:
        return str(e)
    raise AssertionError(f"{expression} raised nothing")


write("errors.txt", [(e, error(e)) for e in ERRORS])

# --- layers' initial values under manual_seed(42) -------------------------------------------------------------------

LAYERS = """
nn.Linear(5, 3)
nn.Linear(5, 3, bias=False)
nn.Conv2d(4, 6, (2, 3), groups=2)
nn.Conv2d(2, 2, 1, bias=False)
nn.Embedding(5, 7, padding_idx=2)
nn.BatchNorm2d(2)
nn.LayerNorm((2, 2))
nn.Sequential(nn.Conv2d(1, 2, 2), nn.BatchNorm2d(2), nn.Linear(2, 2))
nn.Linear(3, 2, dtype=torch.float64)
""".strip().splitlines()


def seeded(expression):
    torch.manual_seed(42)
    return eval(expression)


def state(module):
    return "\n".join(f"{k} {str(v.dtype)[6:]} {list(v.shape)} {bits(v)}" for k, v in module.state_dict().items())


write("init_layers.txt", [(e, state(seeded(e))) for e in LAYERS])

# --- floats as Python writes them ---------------------------------------------------------------------------

FLOATS = [0.0, -0.0, 1.0, 0.1, 1e-5, 1e-4, 0.00012345, 123456.789, 1e15, 1e16, 1.5e16, 123456789012345680.0, 1e22, 1e23,
          2.2250738585072014e-308, 5e-324, 1.7976931348623157e308, 2.0**-44, 9007199254740993.0, 1 / 3, 2 / 3, -0.3,
          float("inf"), float("-inf"), float("nan"), 100.0, 1e-7, 0.001, 4.35, 2e-3]
with open(f"{OUT}/floats.txt", "w", encoding="utf-8") as out:
    for value in FLOATS:
        out.write(f"{bits(torch.tensor(value, dtype=torch.float64))} {value!r}\n")

# --- load_state_dict ----------------------------------------------------------------------------------------


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3)
        self.bn = nn.BatchNorm2d(2)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(2))
        self.block = Block()
        self.head = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2, bias=False))
        self.register_buffer("steps", torch.tensor(0.0))


def load(change, strict=True):
    """What loading the changed state dict says; its metadata is kept."""
    d = Net().state_dict()
    change(d)
    try:
        return repr(Net().load_state_dict(d, strict=strict))
    except RuntimeError as e:
        return str(e)




def remove(*keys):
    def change(d):
        for k in keys:
            del d[k]
    return change


def put(**tensors):
    def change(d):
        for k, v in tensors.items():
            d[k.replace("__", ".")] = torch.zeros(v)
    return change


def both(*changes):
    def change(d):
        for c in changes:
            c(d)
    return change


MISSING = remove("head.2.weight", "scale", "block.bn.num_batches_tracked", "block.bn.weight")
UNEXPECTED = put(head__2__bias=[2], nope__weight=[1], block__conv__weight__deep=[1], block__extra=[1], other=[1], head__7__weight=[1])
SIZES = put(head__0__weight=[3, 5], block__conv__weight=[2, 1, 3, 1], steps=[2], scale=[])
entries = [
    ("nothing", load(lambda d: None)),
    ("missing", load(MISSING)),
    ("unexpected", load(UNEXPECTED)),
    ("sizes", load(SIZES)),
    ("all", load(both(MISSING, UNEXPECTED, put(head__0__weight=[3, 5])))),
    ("empty", load(lambda d: d.clear())),
    ("one element for a scalar", load(put(steps=[1]))),
    ("not strict", load(both(MISSING, UNEXPECTED), strict=False)),
    ("not strict sizes", load(both(MISSING, SIZES), strict=False)),
]


def unversioned():
    d = Net().state_dict()
    del d["block.bn.num_batches_tracked"]
    return repr(Net().load_state_dict(dict(d)))


entries.append(("no batches tracked, no metadata", unversioned()))
write("load.txt", entries)
write("keys.txt", [("Net", "\n".join(Net().state_dict().keys())),
                   ("metadata", "\n".join(f"{k}={v['version']}" for k, v in Net().state_dict()._metadata.items()))])
