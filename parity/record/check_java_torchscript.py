"""Reads TorchScript that jtorch wrote with PyTorch: from exported programs, and as modules that it had loaded from TorchScript. Outputs
and gradients must be those that were recorded, the state dict that of the original, and a training step must change what is computed.

usage: python3 parity/record/check_java_torchscript.py WRITTEN RECORDED
       WRITTEN has NAME.pt; RECORDED has NAME.safetensors, and NAME.pt2 as parity/record/graphs.py writes it, or NAME.json as
       parity/record/torchscript.py does

Prints a line for each file, and last "N read, M differ".
"""
import glob
import json
import os
import sys
import warnings

import torch
from safetensors.torch import load_file

try:  # registers the outputs of its models for torch.export.load
    import transformers.modeling_outputs
except ImportError:
    pass

warnings.filterwarnings("ignore")
written, recorded = sys.argv[1:3]


def leaves(value):
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [t for v in value for t in leaves(v)] if isinstance(value, (list, tuple)) else []


def close(a, b, scale=1.0):
    low = a.dtype in (torch.float16, torch.bfloat16)
    rtol, atol = ((2e-2, 2e-3) if low else (1e-4, 1e-5))
    return a.shape == b.shape and a.dtype == b.dtype and torch.allclose(a.double(), b.double(), rtol * scale, atol * scale, True)


def decode(value, data):
    if not isinstance(value, dict):
        return value
    if "tensor" in value:
        return data[value["tensor"]]
    if "list" in value:
        return [decode(v, data) for v in value["list"]]
    if "dict" in value:
        return {k: decode(v, data) for k, v in value["dict"]}
    return getattr(torch, value["dtype"]) if "dtype" in value else torch.device(value["device"])


def argument(value, type):
    """Gives lists the form of the type that the method takes."""
    kind = type.kind()
    if kind == "OptionalType":
        return None if value is None else argument(value, type.getElementType())
    if kind == "TupleType" and isinstance(value, list):
        return tuple(value)
    return tuple(value.values()) if kind == "TupleType" else value


def equal(a, b):
    if isinstance(a, torch.Tensor):
        return isinstance(b, torch.Tensor) and close(a, b.detach())
    if isinstance(a, list):
        return isinstance(b, (list, tuple)) and len(a) == len(b) and all(map(equal, a, b))
    if isinstance(a, dict):
        b = b._asdict() if hasattr(b, "_asdict") else b
        return list(a) == list(b) and all(equal(v, b[k]) for k, v in a.items())
    return a == b


def replay(module, name, data):
    with open(os.path.join(recorded, name + ".json")) as f:
        calls = json.load(f)
    if list(module.state_dict()) != calls["state"]:
        return f"its state dict has {list(module.state_dict())}"
    for i, call in enumerate(calls["calls"]):
        method = getattr(module, call["method"])
        types = [a.type for a in module._c._get_method(call["method"]).schema.arguments[1:]]
        args = [argument(decode(v, data), t) for v, t in zip(call["args"], types)]
        module.zero_grad()
        result = method(*args, **{k: decode(v, data) for k, v in call["kwargs"].items()})
        if not equal(decode(call["result"], data), result):
            return f"call {i} of {call['method']} differs"
        loss = sum((t.float() ** 2).mean() for t in leaves(result) if t.is_floating_point() and t.numel())
        if isinstance(loss, torch.Tensor) and loss.requires_grad:
            loss.backward()
        for key, p in module.named_parameters():
            grad = data.get(f"{i}.grad.{key}")
            if (grad is None) != (p.grad is None) or grad is not None and not close(grad, p.grad, 10.0):
                return f"call {i}: gradient of {key} differs"
    return None


def check(name):
    module = torch.jit.load(os.path.join(written, name + ".pt"))
    if os.path.exists(os.path.join(recorded, name + ".json")):
        return replay(module, name, load_file(os.path.join(recorded, name + ".safetensors")))
    modes = {m.training for m in module.modules()}
    if len(modes) != 1:
        return f"its modules have the modes {modes}"
    data = load_file(os.path.join(recorded, name + ".safetensors"))
    inputs = [data[f"input.{i}"] for i in range(sum(k.startswith("input.") for k in data))]
    expected = [data[f"output.{i}"] for i in range(sum(k.startswith("output.") for k in data))]
    program = torch.export.load(os.path.join(recorded, name + ".pt2"))
    missing = set(program.state_dict) - set(module.state_dict())
    if missing:
        return f"its state dict lacks {sorted(missing)[:3]}"
    # one call as graphs.py records it; a second, since the engine optimizes after it has seen some
    for _ in range(3):
        buffers = {k: b.clone() for k, b in module.named_buffers()}
        module.zero_grad()
        outputs = leaves(module(*[t.clone() for t in inputs]))
        if len(outputs) != len(expected):
            return f"{len(outputs)} outputs, not {len(expected)}"
        for i, (a, b) in enumerate(zip(expected, outputs)):
            if not close(a, b.detach()):
                return f"output {i} differs by {(a.double() - b.detach().double()).abs().max():.2e}"
        loss = sum((t.float() ** 2).mean() for t in outputs if t.is_floating_point() or t.is_complex())
        if isinstance(loss, torch.Tensor) and loss.requires_grad:
            loss.backward()
            parameters = dict(module.named_parameters())
            for key, grad in data.items():
                if key.startswith("grad."):
                    own = parameters[key[5:]].grad
                    own = torch.zeros_like(grad) if own is None else own  # torch.export's cond gives zeros to the other branch
                    if not close(grad, own, 10.0):
                        return f"gradient of {key[5:]} differs"
        for k, b in module.named_buffers():
            b.data.copy_(buffers[k])
    parameters = [p for p in module.parameters() if p.requires_grad and p.grad is not None]
    if not parameters:
        return "no parameter has a gradient" if any(k.startswith("grad.") for k in data) else None
    before = float(loss)
    torch.optim.SGD(parameters, lr=1e-3).step()
    outputs = leaves(module(*[t.clone() for t in inputs]))
    after = float(sum((t.float() ** 2).mean() for t in outputs if t.is_floating_point()))
    moved = any(p.grad.any() for p in parameters)
    if not after == after or moved and after == before:
        return f"a training step does not change the loss, {before}"
    return None


read = differ = 0
for path in sorted(glob.glob(os.path.join(written, "*.pt"))):
    name = os.path.basename(path)[:-3]
    try:
        wrong = check(name)
    except Exception as e:
        wrong = f"{type(e).__name__}: {str(e).strip().splitlines()[-1]}"
    read += 1
    differ += wrong is not None
    print(f"{name}: {wrong or 'equal'}")
print(f"{read} read, {differ} differ")
sys.exit(1 if differ or not read else 0)
