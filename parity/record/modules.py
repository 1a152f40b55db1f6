"""Records cases of modules beside PyTorch's own test inputs. Usage: in the repository's root, with PyTorch: python3 parity/record/modules.py"""

import json
import os
import struct

import torch
from torch import nn

OUT = "parity/src/test/resources/modules_more"
os.makedirs(OUT, exist_ok=True)
NAMES = {torch.float64: "F64", torch.float32: "F32", torch.int64: "I64", torch.int32: "I32", torch.bool: "BOOL"}


class File:
    """The cases of one module, and their tensors."""

    def __init__(self, module):
        self.module = module
        self.cases = []
        self.tensors = {}

    def put(self, tensor):
        name = f"t{len(self.tensors)}"
        self.tensors[name] = tensor.detach().clone().contiguous()
        return name

    def value(self, v):
        if isinstance(v, torch.Tensor):
            entry = {"tensor": self.put(v)}
            if v.requires_grad:
                entry["requires_grad"] = True
            return entry
        if isinstance(v, tuple):
            return {"tuple": [self.value(x) for x in v]}
        return v

    def add(self, desc, args, inputs, training=True, stochastic=False, **kwargs):
        """One case; its inputs are float64 leaves or integers."""
        seed = 1000 + len(self.cases)
        torch.manual_seed(seed)
        module = getattr(nn, self.module)(*args, **kwargs)
        case = {"module": self.module, "desc": desc, "training": training, "seed": seed}
        case["args"] = [self.value(a) for a in args]
        case["kwargs"] = {k: self.value(v) for k, v in kwargs.items()}
        case["repr_new"] = repr(module)
        case["init_state"] = {k: self.put(v) for k, v in module.state_dict().items()}
        module.to(torch.float64).train(training)
        with torch.no_grad():
            for t in list(module.parameters()) + [b for b in module.buffers() if b.is_floating_point()]:
                t.copy_(torch.rand_like(t) + 0.1)
            for b in module.buffers():
                if not b.is_floating_point():
                    b.fill_(3)
        case["repr"] = repr(module)
        case["state"] = {k: self.put(v) for k, v in module.state_dict().items()}
        case["forward_args"] = [self.value(x) for x in inputs]
        case["forward_kwargs"] = {}
        case["stochastic"] = stochastic
        torch.manual_seed(seed)
        out = module(*inputs)
        case["outputs"] = self.value(out)
        outs = [o for o in (out if isinstance(out, tuple) else (out,)) if o.requires_grad]
        grads = [torch.rand_like(o) for o in outs]
        torch.autograd.backward(outs, grads)
        case["grad_outputs"] = [self.put(g) for g in grads]
        case["grad_inputs"] = [None if x.grad is None else self.put(x.grad) for x in inputs if x.requires_grad]
        case["grad_params"] = {k: self.put(p.grad) for k, p in module.named_parameters() if p.grad is not None}
        case["buffers_after"] = {k: self.put(b) for k, b in module.named_buffers()}
        case["id"] = f"{self.module}/more/{len(self.cases)}"
        self.cases.append(case)

    def write(self):
        with open(f"{OUT}/{self.module}.json", "w", encoding="utf-8") as out:
            json.dump({"module": self.module, "torch": torch.__version__.split("+")[0], "dtype": "float64", "cases": self.cases}, out)
        header, body = {}, b""
        for name, t in self.tensors.items():
            data = t.numpy().tobytes()
            header[name] = {"dtype": NAMES[t.dtype], "shape": list(t.shape), "data_offsets": [len(body), len(body) + len(data)]}
            body += data
        text = json.dumps(header).encode()
        text += b" " * (-len(text) % 8)
        with open(f"{OUT}/{self.module}.safetensors", "wb") as out:
            out.write(struct.pack("<Q", len(text)) + text + body)


torch.manual_seed(0)


def x(*shape):
    return torch.randn(*shape, dtype=torch.float64).requires_grad_()


def indices(high, *shape):
    return torch.randint(0, high, shape)


f = File("Conv2d")
for mode in ("zeros", "reflect", "replicate", "circular"):
    f.add(f"padding mode {mode}", (2, 3, 3), (x(2, 2, 5, 6),), padding=(1, 2), padding_mode=mode)
    f.add(f"same, even kernel, {mode}", (2, 3, (2, 4)), (x(2, 2, 5, 6),), padding="same", padding_mode=mode)
    f.add(f"unbatched, {mode}", (2, 3, 3), (x(2, 5, 6),), padding=1, padding_mode=mode, stride=2)
f.add("same, dilated", (2, 3, 3), (x(1, 2, 7, 7),), padding="same", dilation=(2, 1))
f.add("valid", (2, 3, 3), (x(1, 2, 7, 7),), padding="valid", stride=2)
f.add("valid, reflect", (2, 3, 3), (x(1, 2, 7, 7),), padding="valid", padding_mode="reflect")
f.add("all", (4, 6, (3, 2)), (x(2, 4, 9, 8),), stride=(2, 1), padding=(1, 0), dilation=(1, 2), groups=2, bias=False)
f.add("depthwise, eval", (3, 6, 3), (x(1, 3, 4, 4),), training=False, groups=3)
f.write()

f = File("BatchNorm1d")
for training in (True, False):
    f.add("(N, C, L)", (3,), (x(2, 3, 4),), training)
    f.add("average", (3,), (x(4, 3),), training, momentum=None)
    f.add("no statistics", (3,), (x(4, 3),), training, track_running_stats=False, affine=False)
f.write()

f = File("BatchNorm2d")
for training in (True, False):
    f.add("average", (3, 0.01, None), (x(2, 3, 2, 2),), training)
    f.add("no statistics", (3,), (x(2, 3, 2, 2),), training, track_running_stats=False)
    f.add("momentum 1", (3,), (x(2, 3, 2, 2),), training, momentum=1.0, bias=False)
f.write()

f = File("LayerNorm")
f.add("one number", (4,), (x(2, 3, 4),))
f.add("no bias", ((3, 4),), (x(2, 3, 4),), bias=False)
f.write()

f = File("Embedding")
f.add("1-norm", (5, 3), (indices(5, 2, 4),), max_norm=1.0, norm_type=1.0)
f.add("negative padding", (5, 3), (indices(5, 7),), padding_idx=-1)
f.add("by frequency", (3, 2), (indices(3, 9),), scale_grad_by_freq=True)
f.add("one index, int32", (3, 2), (torch.tensor(1, dtype=torch.int32),))
f.write()

f = File("Dropout")
f.add("in training", (0.3,), (x(4, 5),), stochastic=True)
f.add("all", (1.0,), (x(4, 5),), stochastic=True)
f.add("none", (0.0,), (x(4, 5),), stochastic=True)
f.add("default, eval", (), (x(4, 5),), training=False)
f.write()

f = File("MaxPool2d")
f.add("one number", (2,), (x(2, 2, 5, 5),))
f.add("ceil", (2,), (x(2, 2, 5, 5),), ceil_mode=True, return_indices=True)
f.add("all", ((3, 2),), (x(2, 2, 9, 8),), stride=(2, 1), padding=(1, 1), dilation=(1, 2))
f.add("unbatched", (3,), (x(2, 7, 7),), stride=2, return_indices=True)
f.write()

f = File("AdaptiveAvgPool2d")
f.add("the input's height", ((None, 2),), (x(2, 2, 5, 5),))
f.add("unbatched", ((3, 2),), (x(2, 7, 5),))
f.write()

f = File("Flatten")
f.add("negative", (-3, -2), (x(2, 3, 4, 5),))
f.write()

f = File("MSELoss")
f.add("broadcast", (), (x(4, 1), x(3)))
f.add("broadcast, unreduced", (), (x(4, 1), x(3)), reduction="none")
f.write()

f = File("CrossEntropyLoss")
f.add("one sample", (), (x(5), torch.tensor(2)), weight=torch.rand(5, dtype=torch.float64))
f.write()
