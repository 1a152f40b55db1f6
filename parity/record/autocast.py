"""Records autocast. Usage: in the repository's root, with PyTorch: python3 parity/record/autocast.py

Writes, for the cases of tensor_ops.py, the results that differ under autocast; and the losses of trained models.
Modules under autocast are recorded by modules.py.
"""

import contextlib
import io
import json
import os

import torch
import torch.nn.functional as F
from torch import nn

HERE = os.path.dirname(__file__)


# --- ops ------------------------------------------------------------------------------------------------------------


def ops(dtype, inputs="float32"):
    """The cases of tensor_ops.py under autocast to a dtype, or without autocast for None, by their number in the file.

    Its float32 inputs are given as they are, or all in bfloat16 ("low"), or every second one of a case ("mixed"). Cases
    that fail are left out.
    """
    with open(f"{HERE}/tensor_ops.py", encoding="utf-8") as file:
        source = file.read()
    head = "def record(static, name, args, fn, options):\n"
    assert head in source
    source = source.replace(head, head + "    args = given(args, cases)\n")
    numbers = []

    def given(args, cases):
        numbers.append(len(cases))
        place = 0

        def lowered(value):
            nonlocal place
            if isinstance(value, list):
                return [lowered(v) for v in value]
            if not isinstance(value, torch.Tensor) or value.dtype != torch.float32 or inputs == "float32":
                return value
            place += 1
            return value.bfloat16() if inputs == "low" or place % 2 == 0 else value

        return [lowered(a) for a in args]

    space = {"__name__": "tensor_ops", "given": given}
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        with torch.autocast("cpu", dtype=dtype or torch.bfloat16, enabled=dtype is not None):
            exec(compile(source, "tensor_ops.py", "exec"), space)
    numbers.append(len(space["cases"]))
    made = [n for n in range(len(numbers) - 1) if numbers[n + 1] > numbers[n]]
    return dict(zip(made, space["cases"], strict=True))


def changed(with_autocast, without):
    """The cases whose arguments or results autocast changes; those that fail without it are among them."""
    return [case for n, case in with_autocast.items() if json.dumps(case) != json.dumps(without.get(n))]


plain = ops(None)
out = {"torch": torch.__version__, "dtypes": {}}
for dtype in (torch.bfloat16, torch.float16):
    # which kernels float16 has depends on the machine: a case that fails is in neither list
    cases = ops(dtype)
    out["dtypes"][str(dtype)] = {
        "unchanged": [i for i, n in enumerate(plain) if n in cases and json.dumps(cases[n]) == json.dumps(plain[n])],
        "changed": changed(cases, plain),
    }
for inputs in ("low", "mixed"):
    out["dtypes"]["torch.bfloat16"]["changed"] += changed(ops(torch.bfloat16, inputs), ops(None, inputs))
for dtype, lists in out["dtypes"].items():
    print(dtype, len(lists["unchanged"]), "unchanged", len(lists["changed"]), "changed")
with open("tensor/src/test/resources/org/jtorch/autocast_ops.json", "w", encoding="utf-8") as file:
    json.dump(out, file, separators=(",", ":"))

# --- losses of training ---------------------------------------------------------------------------------------------


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(16, 2, 32, dropout=0.0, batch_first=True)
        self.head = nn.Linear(16, 4)

    def forward(self, x):
        return self.head(self.layer(x).mean(1))


def mlp():
    return nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 4))


def cnn():
    return nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(64, 4))


RUNS = {
    "mlp_adamw": (mlp, (16, 8), lambda p: torch.optim.AdamW(p, lr=1e-2), torch.bfloat16, False),
    "cnn_sgd": (cnn, (16, 1, 8, 8), lambda p: torch.optim.SGD(p, lr=1e-2, momentum=0.9), torch.bfloat16, False),
    "transformer_adamw": (Encoder, (16, 5, 16), lambda p: torch.optim.AdamW(p, lr=1e-3), torch.bfloat16, False),
    "mlp_scaled_sgd": (mlp, (16, 8), lambda p: torch.optim.SGD(p, lr=1e-2, momentum=0.9), torch.float16, True),
}
curves = {}
for name, (make, shape, optimizer, dtype, scaled) in RUNS.items():
    torch.manual_seed(7)
    model, batches = make(), [torch.randn(shape) for _ in range(4)]
    labels = [torch.randint(0, 4, (shape[0],)) for _ in range(4)]
    opt = optimizer(model.parameters())
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**24, growth_interval=8, enabled=scaled)
    losses, scales = [], []
    for step in range(100):
        opt.zero_grad()
        with torch.autocast("cpu", dtype=dtype):
            loss = F.cross_entropy(model(batches[step % 4]), labels[step % 4])
        scaler.scale(loss).backward()
        scaler.step(opt)
        scaler.update()
        losses.append(loss.item())
        scales.append(scaler.get_scale())
    curves[name] = {"losses": losses, "scales": scales}
    print(name, losses[0], losses[-1], sorted(set(scales)))
os.makedirs("parity/src/test/resources/autocast", exist_ok=True)
with open("parity/src/test/resources/autocast/curves.json", "w", encoding="utf-8") as file:
    json.dump({"torch": torch.__version__, "curves": curves}, file, indent=1)
