"""Records cases of modules beside PyTorch's own test inputs.

Usage: in the repository's root, with PyTorch:

    python3 parity/record/modules.py
    python3 parity/record/modules.py autocast

The second records the first case of each module in float32 under autocast to bfloat16, and the next one to float16.
"""

import contextlib
import json
import math
import os
import struct
import sys

import torch
from torch import nn

AUTOCAST = sys.argv[1:] == ["autocast"]
OUT = "parity/src/test/resources/modules_" + ("autocast" if AUTOCAST else "more")
DTYPE = torch.float32 if AUTOCAST else torch.float64
os.makedirs(OUT, exist_ok=True)
NAMES = {torch.float64: "F64", torch.float32: "F32", torch.int64: "I64", torch.int32: "I32", torch.bool: "BOOL", torch.bfloat16: "BF16", torch.float16: "F16"}


def tensors(value):
    """The tensors of nested tuples, in order."""
    if isinstance(value, torch.Tensor):
        return [value]
    return [t for v in value for t in tensors(v)] if isinstance(value, (tuple, list)) else []


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
        if isinstance(v, list):
            return [self.value(x) for x in v]
        if isinstance(v, float) and not math.isfinite(v):
            return {"float": str(v)}
        if isinstance(v, nn.Module):
            return v.recorded
        if callable(v):
            return {"function": v.__name__}
        return v

    def add(self, desc, args, inputs, training=True, stochastic=False, forward=None, **kwargs):
        """One case; its inputs, by position and in `forward` by name, are floating-point leaves or integers."""
        if AUTOCAST and len(self.cases) == 2:
            return
        forward = forward or {}
        seed = 1000 + len(self.cases)
        torch.manual_seed(seed)
        module = getattr(nn, self.module)(*args, **kwargs)
        case = {"module": self.module, "desc": desc, "training": training, "seed": seed}
        case["args"] = [self.value(a) for a in args]
        case["kwargs"] = {k: self.value(v) for k, v in kwargs.items()}
        case["repr_new"] = repr(module)
        case["init_state"] = {k: self.put(v) for k, v in module.state_dict().items()}
        module.to(DTYPE).train(training)
        with torch.no_grad():
            for t in list(module.parameters()) + [b for b in module.buffers() if b.is_floating_point()]:
                t.copy_(torch.rand_like(t) + 0.1)
            for b in module.buffers():
                if not b.is_floating_point():
                    b.fill_(3)
        case["repr"] = repr(module)
        case["state"] = {k: self.put(v) for k, v in module.state_dict().items()}
        case["forward_args"] = [self.value(x) for x in inputs]
        case["forward_kwargs"] = {k: self.value(v) for k, v in forward.items()}
        case["stochastic"] = stochastic
        torch.manual_seed(seed)
        mode = contextlib.nullcontext()
        if AUTOCAST:
            # the machine decides whether oneDNN has float16, which an LSTM needs
            dtype = torch.bfloat16 if not self.cases or self.module == "LSTM" else torch.float16
            case["autocast"] = str(dtype)
            mode = torch.autocast("cpu", dtype=dtype)
        try:
            with mode:
                out = module(*inputs, **forward)
        except RuntimeError as e:
            if not AUTOCAST:
                raise
            print(f"{self.module} fails under autocast: {e}")
            return
        case["outputs"] = self.value(out)
        outs = [o for o in tensors(out) if o.requires_grad]
        grads = [torch.rand_like(o) for o in outs]
        if outs:
            torch.autograd.backward(outs, grads)
        case["grad_outputs"] = [self.put(g) for g in grads]
        leaves = [x for x in tensors((tuple(inputs), tuple(forward.values()))) if x.requires_grad]
        case["grad_inputs"] = [None if x.grad is None else self.put(x.grad) for x in leaves]
        case["grad_params"] = {k: self.put(p.grad) for k, p in module.named_parameters() if p.grad is not None}
        case["buffers_after"] = {k: self.put(b) for k, b in module.named_buffers()}
        case["id"] = f"{self.module}/{OUT.rsplit('_')[-1]}/{len(self.cases)}"
        self.cases.append(case)

    def write(self):
        with open(f"{OUT}/{self.module}.json", "w", encoding="utf-8") as out:
            json.dump({"module": self.module, "torch": torch.__version__.split("+")[0], "dtype": str(DTYPE)[6:], "cases": self.cases}, out)
        header, body = {}, b""
        for name, t in self.tensors.items():
            data = (t.view(torch.int16) if t.dtype == torch.bfloat16 else t).numpy().tobytes()
            header[name] = {"dtype": NAMES[t.dtype], "shape": list(t.shape), "data_offsets": [len(body), len(body) + len(data)]}
            body += data
        text = json.dumps(header).encode()
        text += b" " * (-len(text) % 8)
        with open(f"{OUT}/{self.module}.safetensors", "wb") as out:
            out.write(struct.pack("<Q", len(text)) + text + body)


FILES = {}


def file(module):
    return FILES.setdefault(module, File(module))


def made(module, *args, **kwargs):
    """A module as an argument."""
    m = getattr(nn, module)(*args, **kwargs)
    m.recorded = {"module": module, "args": list(args), "kwargs": kwargs}
    return m


torch.manual_seed(0)


def x(*shape):
    return torch.randn(*shape, dtype=DTYPE).requires_grad_()


def indices(high, *shape):
    return torch.randint(0, high, shape)


f = file("Conv2d")
for mode in ("zeros", "reflect", "replicate", "circular"):
    f.add(f"padding mode {mode}", (2, 3, 3), (x(2, 2, 5, 6),), padding=(1, 2), padding_mode=mode)
    f.add(f"same, even kernel, {mode}", (2, 3, (2, 4)), (x(2, 2, 5, 6),), padding="same", padding_mode=mode)
    f.add(f"unbatched, {mode}", (2, 3, 3), (x(2, 5, 6),), padding=1, padding_mode=mode, stride=2)
f.add("same, dilated", (2, 3, 3), (x(1, 2, 7, 7),), padding="same", dilation=(2, 1))
f.add("valid", (2, 3, 3), (x(1, 2, 7, 7),), padding="valid", stride=2)
f.add("valid, reflect", (2, 3, 3), (x(1, 2, 7, 7),), padding="valid", padding_mode="reflect")
f.add("all", (4, 6, (3, 2)), (x(2, 4, 9, 8),), stride=(2, 1), padding=(1, 0), dilation=(1, 2), groups=2, bias=False)
f.add("depthwise, eval", (3, 6, 3), (x(1, 3, 4, 4),), training=False, groups=3)

f = file("BatchNorm1d")
for training in (True, False):
    f.add("(N, C, L)", (3,), (x(2, 3, 4),), training)
    f.add("average", (3,), (x(4, 3),), training, momentum=None)
    f.add("no statistics", (3,), (x(4, 3),), training, track_running_stats=False, affine=False)

f = file("BatchNorm2d")
for training in (True, False):
    f.add("average", (3, 0.01, None), (x(2, 3, 2, 2),), training)
    f.add("no statistics", (3,), (x(2, 3, 2, 2),), training, track_running_stats=False)
    f.add("momentum 1", (3,), (x(2, 3, 2, 2),), training, momentum=1.0, bias=False)

f = file("LayerNorm")
f.add("one number", (4,), (x(2, 3, 4),))
f.add("no bias", ((3, 4),), (x(2, 3, 4),), bias=False)

f = file("Embedding")
f.add("1-norm", (5, 3), (indices(5, 2, 4),), max_norm=1.0, norm_type=1.0)
f.add("negative padding", (5, 3), (indices(5, 7),), padding_idx=-1)
f.add("by frequency", (3, 2), (indices(3, 9),), scale_grad_by_freq=True)
f.add("one index, int32", (3, 2), (torch.tensor(1, dtype=torch.int32),))

f = file("Dropout")
f.add("in training", (0.3,), (x(4, 5),), stochastic=True)
f.add("all", (1.0,), (x(4, 5),), stochastic=True)
f.add("none", (0.0,), (x(4, 5),), stochastic=True)
f.add("default, eval", (), (x(4, 5),), training=False)

f = file("MaxPool2d")
f.add("one number", (2,), (x(2, 2, 5, 5),))
f.add("ceil", (2,), (x(2, 2, 5, 5),), ceil_mode=True, return_indices=True)
f.add("all", ((3, 2),), (x(2, 2, 9, 8),), stride=(2, 1), padding=(1, 1), dilation=(1, 2))
f.add("unbatched", (3,), (x(2, 7, 7),), stride=2, return_indices=True)

f = file("AdaptiveAvgPool2d")
f.add("the input's height", ((None, 2),), (x(2, 2, 5, 5),))
f.add("unbatched", ((3, 2),), (x(2, 7, 5),))

f = file("Flatten")
f.add("negative", (-3, -2), (x(2, 3, 4, 5),))

f = file("MSELoss")
f.add("broadcast", (), (x(4, 1), x(3)))
f.add("broadcast, unreduced", (), (x(4, 1), x(3)), reduction="none")

f = file("CrossEntropyLoss")
f.add("one sample", (), (x(5), torch.tensor(2)), weight=torch.rand(5, dtype=DTYPE))

# --- every family with other arguments than PyTorch's test inputs have; after the cases above, so that those stay as they are ---


def p(*shape):
    """Positive numbers."""
    return (torch.rand(*shape, dtype=DTYPE) + 0.1).requires_grad_()


def plain(*shape):
    return torch.randn(*shape, dtype=DTYPE)


def ints(*values):
    return torch.tensor(values)


MODES = ("zeros", "reflect", "replicate", "circular")

# convolutions
for d in (1, 2, 3):
    conv, transposed = file(f"Conv{d}d"), file(f"ConvTranspose{d}d")
    space = (6, 5)[:d] if d < 3 else (4, 3, 3)
    for n, mode in enumerate(MODES[: 4 if d != 2 else 0]):
        if d == 3 and mode == "reflect":
            continue
        conv.add(f"groups, {mode}", (4, 6, 2), (x(2, 4, *space),), groups=2, padding=1, padding_mode=mode, bias=n % 2 == 0)
        conv.add(f"unbatched, dilated, {mode}", (2, 2, 2), (x(2, *space),), dilation=2, padding=1, padding_mode=mode)
        conv.add(f"same, {mode}", (1, 2, 2), (x(1, 1, *space),), padding="same", padding_mode=mode)
    if d != 2:
        conv.add("valid, strided", (2, 2, 2), (x(1, 2, *space),), padding="valid", stride=2)
        conv.add("depthwise", (3, 3, 2), (x(1, 3, *space),), groups=3, bias=False)
    space = (4, 3)[:d] if d < 3 else (2, 1, 2)
    for groups in (1, 2):
        transposed.add(f"groups {groups}, unbatched", (2, 4, 2), (x(2, *space),), groups=groups, stride=2, bias=groups == 1)
        transposed.add(
            f"groups {groups}, all", (2, 2, 3), (x(1, 2, *space),), groups=groups, stride=3, padding=1, output_padding=2, dilation=2
        )
        size = tuple((n - 1) * 2 + 3 for n in space)
        transposed.add(f"groups {groups}, a size", (2, 2, 2), (x(1, 2, *space),), groups=groups, stride=2, forward={"output_size": list(size)})

# poolings
for d in (1, 2, 3):
    space = (7, 6, 5)[:d]
    most, mean = file(f"MaxPool{d}d"), file(f"AvgPool{d}d")
    for ceil in (False, True):
        most.add(f"ceil {ceil}, padded", (3,), (x(2, 1, *space),), stride=2, padding=1, ceil_mode=ceil)
        most.add(f"ceil {ceil}, dilated, indices", (2,), (x(1, 2, *space),), dilation=2, ceil_mode=ceil, return_indices=True)
        mean.add(f"ceil {ceil}, padding counts", (3,), (x(2, 1, *space),), stride=2, padding=1, ceil_mode=ceil)
        mean.add(f"ceil {ceil}, padding counts not", (3,), (x(1, *space),), stride=2, padding=1, ceil_mode=ceil, count_include_pad=False)
        file(f"LPPool{d}d").add(f"ceil {ceil}", (1.5, 2), (p(1, 2, *space),), ceil_mode=ceil)
        file(f"LPPool{d}d").add(f"ceil {ceil}, greatest", (math.inf, 2), (x(1, 2, *space),), stride=1, ceil_mode=ceil)
    if d > 1:
        mean.add("a divisor", (2,), (x(1, 2, *space),), divisor_override=3)
        fractional = file(f"FractionalMaxPool{d}d")
        fractional.add("a ratio", (2,), (x(1, 2, *space),), stochastic=True, output_ratio=0.5)
        fractional.add("unbatched, indices", (2,), (x(2, *space),), stochastic=True, output_size=(3,) * d, return_indices=True)
        fractional.add(
            "given places", (2,), (x(1, 2, *space),), output_size=2, _random_samples=torch.rand(1, 2, d, dtype=DTYPE)
        )
    file(f"AdaptiveAvgPool{d}d").add("one number", (3,), (x(1, 2, *space),))
    file(f"AdaptiveMaxPool{d}d").add("indices", (3,), (x(1, 2, *space),), return_indices=True)
    if d > 1:
        file(f"AdaptiveMaxPool{d}d").add("the input's", ((None,) + (2,) * (d - 1),), (x(2, *space),))
    pool = getattr(nn, f"MaxPool{d}d")(2, 2, return_indices=True)
    pooled, where = pool(plain(1, 2, *(4, 6, 2)[:d]))
    file(f"MaxUnpool{d}d").add("least", (2,), (pooled.requires_grad_(), where))
    pooled, where = pool(plain(1, 2, *space))
    file(f"MaxUnpool{d}d").add("a size", (2,), (pooled.requires_grad_(), where), stride=2, forward={"output_size": list(space)})

# normalisations
for d in (1, 2, 3):
    space = (4, 3, 2)[:d]
    for training in (True, False):
        batch, instance = file(f"BatchNorm{d}d"), file(f"InstanceNorm{d}d")
        batch.add("no bias, average", (2,), (x(3, 2, *space),), training, momentum=None, bias=False)
        batch.add("not affine", (2,), (x(3, 2, *space),), training, affine=False, eps=0.01)
        instance.add("statistics", (2,), (x(3, 2, *space),), training, affine=True, track_running_stats=True, momentum=0.3)
        instance.add("statistics, not affine", (2,), (x(3, 2, *space),), training, track_running_stats=True)
        instance.add("unbatched, no bias", (2,), (x(2, *space),), training, affine=True, bias=False)
f = file("GroupNorm")
f.add("not affine", (2, 4), (x(2, 4, 3),), affine=False)
f.add("no bias", (4, 4), (x(2, 4, 3),), bias=False, eps=0.1)
f.add("one group", (1, 4), (x(2, 4),))
f = file("LayerNorm")
f.add("not affine", ((3, 4),), (x(2, 3, 4),), elementwise_affine=False, eps=0.1)
f = file("RMSNorm")
f.add("given eps", (4,), (x(2, 3, 4),), eps=0.1)
f.add("two dimensions, not affine", ((3, 4),), (x(2, 3, 4),), elementwise_affine=False)
f = file("LocalResponseNorm")
f.add("even", (2,), (x(2, 5, 3),), alpha=0.5, k=2.0)
f.add("wide", (5,), (x(1, 3, 2, 2),), beta=0.3)
file("CrossMapLRN2d").add("all", (3,), (x(1, 4, 2, 2),), alpha=0.5, beta=0.6, k=2)

# recurrent layers
for name in ("RNN", "LSTM", "GRU"):
    f = file(name)
    for bidirectional in (False, True):
        ways = 2 if bidirectional else 1
        state = x(ways * 2, 2, 3) if name != "LSTM" else (x(ways * 2, 2, 3), x(ways * 2, 2, 3))
        single = x(ways, 3) if name != "LSTM" else (x(ways, 3), x(ways, 3))
        f.add(f"a state, ways {ways}", (2, 3, 2), (x(4, 2, 2), state), bidirectional=bidirectional)
        f.add(f"unbatched, a state, ways {ways}", (2, 3), (x(4, 2), single), bidirectional=bidirectional, batch_first=True)
        f.add(f"dropped, ways {ways}", (2, 3, 3), (x(4, 2, 2),), stochastic=True, dropout=0.4, bidirectional=bidirectional)
        f.add(f"eval, dropout, ways {ways}", (2, 3, 2), (x(4, 2, 2),), training=False, dropout=0.4, bidirectional=bidirectional, bias=False)
file("RNN").add("relu", (2, 3), (x(4, 2, 2),), nonlinearity="relu", num_layers=2)
file("LSTM").add("projected, a state", (2, 4), (x(3, 2, 2), (x(1, 2, 3), x(1, 2, 4))), proj_size=3)
file("LSTM").add("projected, unbatched, both ways", (2, 4, 2), (x(3, 2),), proj_size=1, bidirectional=True, bias=False)
for name in ("RNNCell", "LSTMCell", "GRUCell"):
    f = file(name)
    f.add("no state", (2, 3), (x(2, 2),), bias=False)
    f.add("unbatched", (2, 3), (x(2), x(3) if name != "LSTMCell" else (x(3), x(3))))
file("RNNCell").add("relu", (2, 3), (x(2, 2), x(2, 3)), nonlinearity="relu")

# attention and transformers
f = file("MultiheadAttention")
mask = torch.ones(3, 4, dtype=torch.bool).triu(2)
f.add("sizes of key and value", (4, 2), (x(3, 2, 4), x(4, 2, 3), x(4, 2, 5)), kdim=3, vdim=5)
f.add("no weights", (4, 2), (x(3, 2, 4), x(4, 2, 4), x(4, 2, 4)), forward={"need_weights": False})
f.add("weights of heads", (4, 2), (x(3, 2, 4), x(4, 2, 4), x(4, 2, 4)), forward={"average_attn_weights": False})
f.add("a bool mask", (4, 2), (x(3, 2, 4), x(4, 2, 4), x(4, 2, 4)), forward={"attn_mask": mask})
f.add("a mask for each head", (4, 2), (x(3, 2, 4), x(4, 2, 4), x(4, 2, 4)), forward={"attn_mask": plain(4, 3, 4)})
f.add("both masks", (4, 2), (x(3, 1, 4), x(4, 1, 4), x(4, 1, 4)), forward={"attn_mask": mask, "key_padding_mask": ints([0, 0, 0, 1]).bool()})
f.add(
    "causal",
    (4, 2),
    (x(3, 2, 4), x(3, 2, 4), x(3, 2, 4)),
    forward={"attn_mask": torch.ones(3, 3, dtype=torch.bool).triu(1), "is_causal": True, "need_weights": False},
)
f.add("unbatched, further keys", (4, 2), (x(3, 4), x(4, 4), x(4, 4)), add_bias_kv=True, add_zero_attn=True)
f.add("dropped", (4, 2), (x(3, 2, 4), x(4, 2, 4), x(4, 2, 4)), stochastic=True, dropout=0.4)
f.add("dropped, no weights, batch first", (4, 2), (x(2, 3, 4), x(2, 4, 4), x(2, 4, 4)), stochastic=True, dropout=0.4, batch_first=True, forward={"need_weights": False})
f.add("eval", (4, 1), (x(3, 2, 4), x(4, 2, 4), x(4, 2, 4)), training=False, dropout=0.4, bias=False)
causal = torch.full((3, 3), -math.inf, dtype=DTYPE).triu(1)
f = file("TransformerEncoderLayer")
g = file("TransformerDecoderLayer")
for training in (True, False):
    f.add("gelu by name", (4, 2, 6, 0.0), (x(3, 2, 4),), training, activation="gelu", norm_first=True)
    f.add("causal", (4, 2, 6, 0.0), (x(3, 2, 4),), training, batch_first=False, forward={"src_mask": causal, "is_causal": True})
    f.add("unbatched", (4, 2, 6, 0.0), (x(3, 4),), training, layer_norm_eps=0.1, bias=False)
    f.add("dropped", (4, 2, 6, 0.4), (x(3, 2, 4),), training, stochastic=training, activation=torch.nn.functional.gelu)
    g.add("gelu, norm first", (4, 2, 6, 0.0), (x(3, 2, 4), x(5, 2, 4)), training, activation="gelu", norm_first=True)
    g.add("causal", (4, 2, 6, 0.0), (x(3, 2, 4), x(5, 2, 4)), training, forward={"tgt_mask": causal, "tgt_is_causal": True})
    g.add("unbatched", (4, 2, 6, 0.0), (x(3, 4), x(5, 4)), training, bias=False)
    g.add("dropped", (4, 2, 6, 0.4), (x(2, 3, 4), x(2, 5, 4)), training, stochastic=training, batch_first=True)
file("TransformerEncoder").add(
    "norm, mask", (made("TransformerEncoderLayer", 4, 2, 6, 0.0), 2), (x(3, 2, 4),), norm=made("LayerNorm", 4), forward={"mask": causal}
)
file("TransformerEncoder").add(
    "padding, eval",
    (made("TransformerEncoderLayer", 4, 2, 6, 0.0, batch_first=True), 2),
    (x(2, 3, 4),),
    training=False,
    forward={"src_key_padding_mask": ints([0, 0, 1], [0, 0, 0]).bool()},
)
file("TransformerDecoder").add(
    "norm, masks",
    (made("TransformerDecoderLayer", 4, 2, 6, 0.0, norm_first=True), 2),
    (x(3, 2, 4), x(5, 2, 4)),
    norm=made("LayerNorm", 4),
    forward={"tgt_mask": causal, "memory_key_padding_mask": ints([0, 0, 0, 0, 1], [0, 0, 0, 0, 0]).bool()},
)
file("Transformer").add("norm first, gelu", (4, 2, 1, 2, 6, 0.0), (x(3, 2, 4), x(2, 2, 4)), activation="gelu", norm_first=True)
file("Transformer").add("batch first, no bias", (4, 2, 1, 1, 6, 0.0), (x(2, 3, 4), x(2, 2, 4)), batch_first=True, bias=False)
file("Transformer").add("dropped", (4, 2, 1, 1, 6, 0.3), (x(3, 2, 4), x(2, 2, 4)), stochastic=True)

# embeddings
f = file("EmbeddingBag")
for mode in ("sum", "mean", "max"):
    f.add(f"{mode}, rows", (6, 3), (indices(6, 2, 4),), mode=mode)
    f.add(f"{mode}, bags, one empty", (6, 3), (indices(6, 7), ints(0, 3, 3)), mode=mode)
    f.add(f"{mode}, last offset, padding", (6, 3), (indices(6, 7), ints(0, 2, 7)), mode=mode, include_last_offset=True, padding_idx=-2)
    f.add(f"{mode}, renormed", (6, 3), (indices(6, 2, 3),), mode=mode, max_norm=0.7, norm_type=1.0)
f.add("weighted", (6, 3), (indices(6, 7), ints(0, 3)), mode="sum", forward={"per_sample_weights": x(7)})
f.add("weighted rows, int32", (6, 3), (indices(6, 2, 3).int(), None, x(2, 3)), mode="sum")
f.add("by frequency", (3, 2), (indices(3, 2, 4),), mode="sum", scale_grad_by_freq=True)
f.add("by frequency, means of bags", (4, 2), (indices(4, 9), ints(0, 4)), scale_grad_by_freq=True, padding_idx=1)

# losses
REDUCTIONS = ("none", "mean", "sum")
classes = ints(0, 2, 1, 2)
signs = ints(1, -1, 1, -1).to(DTYPE)
for r in REDUCTIONS:
    f = file("CrossEntropyLoss")
    f.add(f"smoothed, weighted, {r}", (), (x(4, 3), classes), weight=torch.rand(3, dtype=DTYPE), label_smoothing=0.2, reduction=r)
    f.add(f"probabilities, {r}", (), (x(4, 3), plain(4, 3).softmax(1).requires_grad_()), label_smoothing=0.1, reduction=r)
    f.add(f"places, one ignored, {r}", (), (x(2, 3, 2, 2), indices(3, 2, 2, 2)), ignore_index=1, reduction=r)
    f.add(f"smoothed, ignored, {r}", (), (x(4, 3), classes), ignore_index=2, label_smoothing=0.3, reduction=r)
    f = file("NLLLoss")
    f.add(f"weighted, ignored, {r}", (), (x(4, 3), classes), weight=torch.rand(3, dtype=DTYPE), ignore_index=0, reduction=r)
    f.add(f"one sample, {r}", (), (x(3), torch.tensor(1)), reduction=r)
    file("BCELoss").add(f"weighted, {r}", (), (plain(4, 3).sigmoid().requires_grad_(), plain(4, 3).sigmoid()), weight=torch.rand(3, dtype=DTYPE), reduction=r)
    file("BCEWithLogitsLoss").add(
        f"weighted, {r}",
        (),
        (x(4, 3), p(4, 3).detach()),
        weight=torch.rand(4, 1, dtype=DTYPE),
        pos_weight=torch.rand(3, dtype=DTYPE),
        reduction=r,
    )
    for log in (False, True):
        target = plain(4, 3).log_softmax(1) if log else plain(4, 3).softmax(1)
        file("KLDivLoss").add(f"log {log}, {r}", (), (x(4, 3), target), log_target=log, reduction=r)
    f = file("CTCLoss")
    f.add(f"padded, {r}", (), (plain(5, 2, 3).log_softmax(2).requires_grad_(), ints([1, 2], [2, 1]), ints(5, 4), ints(2, 1)), reduction=r)
    f.add(
        f"behind one another, blank, {r}",
        (),
        (plain(5, 2, 3).log_softmax(2).requires_grad_(), ints(1, 0, 1), ints(5, 4), ints(2, 1)),
        blank=2,
        reduction=r,
    )
    f.add(
        f"impossible, {r}",
        (),
        (plain(2, 2, 3).log_softmax(2).requires_grad_(), ints([1, 2, 1], [2, 1, 1]), ints(2, 2), ints(3, 1)),
        zero_infinity=True,
        reduction=r,
    )
    f.add(f"unbatched, {r}", (), (plain(4, 3).log_softmax(1).requires_grad_(), ints(1, 2), torch.tensor(4), torch.tensor(2)), reduction=r)
    file("TripletMarginLoss").add(f"swapped, {r}", (), (x(4, 3), x(4, 3), x(4, 3)), margin=0.7, p=1.0, eps=1e-3, swap=True, reduction=r)
    file("TripletMarginLoss").add(f"unbatched, {r}", (), (x(3), x(3), x(3)), reduction=r)
    file("TripletMarginWithDistanceLoss").add(f"swapped, {r}", (), (x(4, 3), x(4, 3), x(4, 3)), margin=0.7, swap=True, reduction=r)
    file("MultiMarginLoss").add(f"squared, weighted, {r}", (), (x(4, 3), classes), p=2, margin=0.5, weight=torch.rand(3, dtype=DTYPE), reduction=r)
    file("MultiLabelMarginLoss").add(f"one sample, {r}", (), (x(4), ints(3, 0, -1, 1)), reduction=r)
    file("MultiLabelSoftMarginLoss").add(
        f"weighted, {r}", (), (x(4, 3), indices(2, 4, 3).to(DTYPE)), weight=torch.rand(3, dtype=DTYPE), reduction=r
    )
    file("SoftMarginLoss").add(r, (), (x(4), signs), reduction=r)
    file("HingeEmbeddingLoss").add(f"margin, {r}", (), (x(4), signs), margin=0.3, reduction=r)
    file("CosineEmbeddingLoss").add(f"margin, {r}", (), (x(4, 3), x(4, 3), signs), margin=-0.2, reduction=r)
    file("MarginRankingLoss").add(f"margin, {r}", (), (x(4), x(4), signs), margin=0.4, reduction=r)
    file("GaussianNLLLoss").add(f"full, {r}", (), (x(4, 3), x(4, 3), p(4, 1)), full=True, eps=0.3, reduction=r)
    file("GaussianNLLLoss").add(f"one variance, {r}", (), (x(4, 3), x(4, 3), 0.5), reduction=r)
    file("PoissonNLLLoss").add(f"full, {r}", (), (x(4, 3), p(4, 3).detach() * 4), full=True, reduction=r)
    file("PoissonNLLLoss").add(f"counts, {r}", (), (p(4, 3), p(4, 3).detach()), log_input=False, eps=0.1, reduction=r)
    file("SmoothL1Loss").add(f"beta 0, {r}", (), (x(4, 3), x(4, 3)), beta=0.0, reduction=r)
    file("SmoothL1Loss").add(f"beta, {r}", (), (x(4, 3), x(4, 3)), beta=0.4, reduction=r)
    file("HuberLoss").add(f"delta, {r}", (), (x(4, 3), x(4, 3)), delta=0.4, reduction=r)
    file("L1Loss").add(r, (), (x(4, 3), x(4, 3)), reduction=r)
    file("MSELoss").add(r, (), (x(4, 3), x(4, 3)), reduction=r)
file("KLDivLoss").add("batchmean", (), (x(4, 3), plain(4, 3).softmax(1)), reduction="batchmean")
for flags in ({"size_average": False}, {"reduce": False}, {"size_average": True, "reduce": True}):
    file("L1Loss").add(f"given up: {flags}", (), (x(4, 3), x(4, 3)), **flags)

# upsampling and vision
for mode, d, corners in (("nearest", 1, None), ("nearest", 3, None), ("nearest-exact", 2, None), ("nearest-exact", 3, None), ("area", 2, None),
                         ("linear", 1, True), ("linear", 1, False), ("bilinear", 2, True), ("bicubic", 2, True), ("bicubic", 2, False),
                         ("trilinear", 3, True), ("trilinear", 3, False)):
    f = file("Upsample")
    space = (4, 3, 2)[:d]
    f.add(f"{mode}, {corners}, a size", (), (x(1, 2, *space),), size=7 if d == 1 else tuple(n + 3 for n in space), mode=mode, align_corners=corners)
    f.add(f"{mode}, {corners}, a factor", (), (x(1, 2, *space),), scale_factor=1.7, mode=mode, align_corners=corners)
    f.add(f"{mode}, {corners}, recomputed", (), (x(1, 2, *space),), scale_factor=1.6 if d == 1 else (1.6, 1.3, 2.0)[:d], mode=mode, align_corners=corners, recompute_scale_factor=True)
file("UpsamplingNearest2d").add("factors", (), (x(1, 1, 3, 2),), scale_factor=(2.0, 1.5))
file("UpsamplingBilinear2d").add("a size", (), (x(1, 1, 3, 2),), size=(5, 4))
f = file("Unfold")
f.add("all", ((2, 3),), (x(1, 2, 6, 7),), dilation=2, padding=(1, 0), stride=(1, 2))
f.add("unbatched", (2,), (x(2, 3, 4),))
f = file("Fold")
f.add("all", ((6, 7), (2, 3)), (x(1, 12, 12),), dilation=(2, 2), padding=(0, 1), stride=(1, 2))
f.add("unbatched", ((3, 3), 2), (x(8, 4),))
file("PixelShuffle").add("unbatched", (2,), (x(4, 2, 3),))
file("PixelUnshuffle").add("unbatched", (2,), (x(1, 4, 6),))
file("ChannelShuffle").add("three groups", (3,), (x(1, 6, 2),))
file("Unflatten").add("negative", (-1, (2, 3)), (x(2, 6),))

# paddings
for d in (1, 2, 3):
    space = (4, 4, 5)[:d]
    sides = (1, 0, 2, 1, 0, 2)[: 2 * d]
    for kind in ("Circular", "Reflection", "Replication", "Zero"):
        file(f"{kind}Pad{d}d").add("sides", (sides,), (x(1, 2, *space),))
        if kind != "Circular" or d == 1:
            file(f"{kind}Pad{d}d").add("unbatched", (1,), (x(2, *space),))
    file(f"ConstantPad{d}d").add("cut and filled", ((-1, 2) * d, 3.5), (x(1, 2, *space),))

# activations
for name, cases in {
    "ELU": [((0.3,), {})],
    "CELU": [((0.3,), {})],
    "SELU": [((), {})],
    "Hardtanh": [((-0.5, 0.25), {})],
    "LeakyReLU": [((0.3,), {})],
    "Softplus": [((2.0, 0.5), {})],
    "Softshrink": [((0.2,), {})],
    "Hardshrink": [((0.2,), {})],
    "Threshold": [((0.1, -2.0), {})],
    "GLU": [((0,), {})],
    "GELU": [((), {"approximate": "tanh"})],
    "Softmax": [((), {}), ((-2,), {})],
    "LogSoftmax": [((), {}), ((0,), {})],
    "Softmin": [((), {}), ((1,), {})],
    "PReLU": [((), {"num_parameters": 4, "init": 0.1})],
    "RReLU": [((0.2, 0.4), {})],
}.items():
    for args, kwargs in cases:
        file(name).add(f"{args}, eval", args, (x(2, 4, 3),), training=False, **kwargs)
        file(name).add(f"{args}", args, (x(2, 4),), stochastic=name == "RReLU", **kwargs)
for name in ("Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout"):
    d = int(name[7]) if name[7:8].isdigit() else 1
    file(name).add("batched", (0.4,), (x(3, 4, *(2,) * d),), stochastic=True)
    if name != "Dropout2d":
        file(name).add("unbatched", (0.4,), (x(4, *(2,) * d),), stochastic=True)

# linear layers, distances, the rest
file("Bilinear").add("no bias", (2, 3, 4), (x(5, 2), x(5, 3)), bias=False)
file("Linear").add("one vector", (3, 2), (x(3),), bias=False)
file("CosineSimilarity").add("broadcast", (), (x(2, 3, 4), x(1, 3, 4)), dim=-1, eps=0.5)
file("PairwiseDistance").add("1-norm", (), (x(4, 3), x(4, 3)), p=1.0, eps=0.01, keepdim=True)
file("PairwiseDistance").add("greatest", (math.inf,), (x(4, 3), x(3)))
f = file("AdaptiveLogSoftmaxWithLoss")
f.add("a bias in the head", (4, 8, [2, 5]), (x(6, 4), indices(8, 6)), div_value=2.0, head_bias=True)
f.add("one sample", (4, 8, [3]), (x(4), torch.tensor(5)))

for f in FILES.values():
    if f.cases:
        f.write()
