"""Records what torch.nn.utils gives. Usage: in the repository's root, with PyTorch: python3 parity/record/nn_utils.py"""

import json
import math
import os
import warnings

import torch
from torch import nn
from torch.nn import utils
from torch.nn.utils import rnn

warnings.simplefilter("ignore")
OUT = "nn/src/test/resources/org/jtorch/nn/utils"
os.makedirs(f"{OUT}/rnn", exist_ok=True)


def js(value):
    """A value for JSON: a tensor as its dtype, shape and elements; NaN and the infinities as text."""
    if isinstance(value, torch.Tensor):
        flat = value.detach().flatten().tolist()
        return {"dtype": str(value.dtype)[6:], "shape": list(value.shape), "data": [js(v) for v in flat]}
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [js(v) for v in value]
    if isinstance(value, dict):
        return {k: js(v) for k, v in value.items()}
    return value


def write(name, content):
    with open(f"{OUT}/{name}.json", "w", encoding="utf-8") as out:
        json.dump({k: [js(c) for c in v] for k, v in content.items()}, out, separators=(",", ":"))
        out.write("\n")


def random(*shape, dtype=torch.float32):
    return torch.randn(*shape, dtype=torch.float64).mul(8).round().div(8).to(dtype)


def attempt(case, call):
    """The case with what the call gave, or with its error's text."""
    try:
        case.update(call())
    except Exception as e:
        case["error"] = str(e)
    return case


# --- clip_grad ----------------------------------------------------------------------------------------------

torch.manual_seed(1)


def parameters(grads):
    """A parameter a gradient; None: it has none."""
    result = []
    for g in grads:
        p = torch.zeros(2 if g is None else g.shape, dtype=torch.float32 if g is None else g.dtype, requires_grad=True)
        p.grad = None if g is None else g.clone()
        result.append(p)
    return result


def after(ps):
    return [None if p.grad is None else p.grad for p in ps]


A = [random(3, 2), None, random(4), random(2, 2, 2)]
NAN = [torch.tensor([1.0, float("nan")])]
INF = [torch.tensor([1.0, 2.0]), torch.tensor([float("inf")])]
MIXED = [random(3), random(2, 2, dtype=torch.float64), random(2)]
NONE = [None, None]
HALF = [random(5, dtype=torch.float16)]


def clip_norm(grads, **kwargs):
    def call():
        ps = parameters(grads)
        try:
            return {"total": utils.clip_grad_norm_(ps, **kwargs), "after": after(ps)}
        except Exception as e:
            return {"error": str(e), "after": after(ps)}
    return attempt({"grads": grads, **kwargs}, call)


norm = [clip_norm(A, max_norm=m, norm_type=p) for m in (0.5, 2, 1000.0) for p in (2.0, 1, 0.5, 3.0, float("inf"), -float("inf"), 0)]
norm += [clip_norm(g, max_norm=1.5, **k) for g in (A, NAN, INF, MIXED, NONE, HALF, [])
         for k in ({}, {"error_if_nonfinite": True}, {"foreach": True}, {"foreach": False})]
norm += [clip_norm(NAN, max_norm=1.0, norm_type=float("inf"), error_if_nonfinite=True),
         clip_norm(A, max_norm=0.0), clip_norm(A, max_norm=-1.0), clip_norm([torch.zeros(2)], max_norm=1.0)]


def total(tensors, **kwargs):
    return attempt({"tensors": tensors, **kwargs}, lambda: {"total": utils.get_total_norm(tensors, **kwargs)})


totals = [total([t for t in g if t is not None], **k) for g in (A, NAN, INF, MIXED, NONE)
          for k in ({}, {"norm_type": 1.0}, {"norm_type": float("inf")}, {"error_if_nonfinite": True}, {"foreach": False})]


def with_norm(grads, norm, **kwargs):
    ps = parameters(grads)
    return attempt({"grads": grads, "norm": norm, **kwargs},
                   lambda: {"none": utils.clip_grads_with_norm_(ps, total_norm=norm, **kwargs), "after": after(ps)})


with_norms = [with_norm(g, torch.tensor(n), max_norm=m, **k) for g in (A, MIXED, NONE) for n, m in ((4.0, 1.0), (0.5, 1.0), (0.0, 2.0))
              for k in ({}, {"foreach": True}, {"foreach": False})]


def value(grads, clip_value, **kwargs):
    ps = parameters(grads)
    return attempt({"grads": grads, "clip_value": clip_value, **kwargs},
                   lambda: {"none": utils.clip_grad_value_(ps, clip_value, **kwargs), "after": after(ps)})


# without any gradient PyTorch fails a check of its own ("If so, please report an enhancement request")
values = [value(g, v, **k) for g in (A, NAN, INF, MIXED, HALF) for v in (0.25, 1, 100.0)
          for k in ({}, {"foreach": True}, {"foreach": False})]


def on_meta(call):
    p = torch.zeros(2, device="meta", requires_grad=True)
    p.grad = torch.zeros(2, device="meta")
    return attempt({}, lambda: {"none": call([p])})


meta = [on_meta(lambda ps: utils.clip_grad_norm_(ps, 1.0, foreach=True)), on_meta(lambda ps: utils.clip_grad_value_(ps, 1.0, foreach=True))]
write("clip_grad", {"clip_grad_norm_": norm, "get_total_norm": totals, "clip_grads_with_norm_": with_norms,
                    "clip_grad_value_": values, "meta": meta})

# --- convert_parameters -------------------------------------------------------------------------------------


def to_vector(ps):
    return attempt({"parameters": ps}, lambda: {"vector": utils.parameters_to_vector(ps)})


def to_parameters(vec, shapes):
    ps = [torch.zeros(s) for s in shapes]
    return attempt({"vector": vec, "shapes": shapes}, lambda: {"none": utils.vector_to_parameters(vec, ps), "parameters": ps})


V = random(10)
write("convert_parameters", {
    "parameters_to_vector": [to_vector(p) for p in ([random(2, 3), random(4), random(())], [random(2)], [],
                                                    [random(2), random(2, dtype=torch.float64)], [random(3, 2).t()])],
    "vector_to_parameters": [to_parameters(V, s) for s in ([(2, 3), (4,)], [(), (3,)], [(5, 3)], [])],
})

# --- fusion -------------------------------------------------------------------------------------------------


def positive(*shape, dtype=torch.float32):
    return random(*shape, dtype=dtype).abs() + 0.5


def fuse_conv(w, c, bias=True, affine=True, transpose=False, dtype=torch.float32, eps=1e-5):
    a = {"w": random(*w, dtype=dtype), "b": random(c, dtype=dtype) if bias else None, "rm": random(c), "rv": positive(c),
         "eps": eps, "bw": random(c) if affine else None, "bb": random(c) if affine else None}
    def call():
        fw, fb = utils.fuse_conv_bn_weights(*a.values(), transpose)
        return {"weight": fw, "bias": fb}
    return attempt({**a, "transpose": transpose}, call)


def fuse_linear(out, features, bias=True, dtype=torch.float32, eps=1e-5):
    a = {"w": random(out, 3, dtype=dtype), "b": random(out, dtype=dtype) if bias else None, "rm": random(features),
         "rv": positive(features), "eps": eps, "bw": random(features), "bb": random(features)}
    def call():
        fw, fb = utils.fuse_linear_bn_weights(*a.values())
        return {"weight": fw, "bias": fb}
    return attempt(a, call)


def state(module):
    return [[k, v] for k, v in module.state_dict().items()]


def settle(bn):
    """Statistics and an affine map as after training."""
    for t in (bn.running_mean, bn.weight, bn.bias):
        if t is not None:
            t.data.copy_(random(*t.shape))
    if bn.running_var is not None:
        bn.running_var.data.copy_(positive(*bn.running_var.shape))


def fuse_eval(first, bn, call, train=False):
    settle(bn)
    first.train(train)
    bn.train(train)
    def fuse():
        fused = call(first, bn)
        return {"fused": state(fused), "repr": repr(fused), "requires_grad": [p.requires_grad for p in fused.parameters()]}
    return attempt({"first": repr(first), "bn": repr(bn), "state": state(first), "bn_state": state(bn), "training": train}, fuse)


torch.manual_seed(2)
write("fusion", {
    "fuse_conv_bn_weights": [
        fuse_conv((4, 3, 2, 2), 4), fuse_conv((4, 3, 2, 2), 4, bias=False), fuse_conv((4, 3, 2, 2), 4, affine=False),
        fuse_conv((4, 3, 2), 4, eps=0.1), fuse_conv((2, 1, 2, 2, 2), 2), fuse_conv((3, 4, 2, 2), 4, transpose=True),
        fuse_conv((4, 3, 2, 2), 4, dtype=torch.float16), fuse_conv((4, 3, 2, 2), 4, dtype=torch.bfloat16, bias=False),
        fuse_conv((4, 3, 2, 2), 4, dtype=torch.float64),
    ],
    "fuse_linear_bn_weights": [
        fuse_linear(4, 4), fuse_linear(4, 4, bias=False), fuse_linear(4, 1), fuse_linear(4, 4, dtype=torch.float16),
        fuse_linear(4, 4, eps=0.5),
    ],
    "fuse_conv_bn_eval": [
        fuse_eval(nn.Conv2d(3, 4, 2), nn.BatchNorm2d(4), utils.fuse_conv_bn_eval),
        fuse_eval(nn.Conv2d(3, 4, 2, bias=False), nn.BatchNorm2d(4), utils.fuse_conv_bn_eval),
        fuse_eval(nn.Conv2d(3, 4, 2), nn.BatchNorm2d(4, affine=False), utils.fuse_conv_bn_eval),
        fuse_eval(nn.Conv2d(3, 4, 2), nn.BatchNorm2d(4, track_running_stats=False), utils.fuse_conv_bn_eval),
        fuse_eval(nn.Conv2d(3, 4, 2), nn.BatchNorm2d(4), utils.fuse_conv_bn_eval, train=True),
        fuse_eval(nn.Conv1d(3, 4, 2), nn.BatchNorm1d(4), utils.fuse_conv_bn_eval),
        fuse_eval(nn.Conv3d(1, 2, 2), nn.BatchNorm3d(2), utils.fuse_conv_bn_eval),
        fuse_eval(nn.ConvTranspose2d(3, 4, 2), nn.BatchNorm2d(4), lambda c, b: utils.fuse_conv_bn_eval(c, b, True)),
        fuse_eval(nn.ConvTranspose2d(3, 4, 2, bias=False), nn.BatchNorm2d(4), lambda c, b: utils.fuse_conv_bn_eval(c, b, transpose=True)),
    ],
    "fuse_linear_bn_eval": [
        fuse_eval(nn.Linear(3, 4), nn.BatchNorm1d(4), utils.fuse_linear_bn_eval),
        fuse_eval(nn.Linear(3, 4, bias=False), nn.BatchNorm1d(4), utils.fuse_linear_bn_eval),
        fuse_eval(nn.Linear(3, 4), nn.BatchNorm1d(1), utils.fuse_linear_bn_eval),
        fuse_eval(nn.Linear(3, 4), nn.BatchNorm1d(3), utils.fuse_linear_bn_eval),
        fuse_eval(nn.Linear(3, 4), nn.BatchNorm1d(4, track_running_stats=False), utils.fuse_linear_bn_eval),
        fuse_eval(nn.Linear(3, 4), nn.BatchNorm1d(4), utils.fuse_linear_bn_eval, train=True),
    ],
})

# --- memory_format ------------------------------------------------------------------------------------------


def convert(function, weight, memory_format, kind=nn.Conv2d):
    conv = kind(1, 1, 1)
    conv.weight = nn.Parameter(random(*weight))
    def call():
        function(nn.Sequential(conv), memory_format)
        return {"strides": list(conv.weight.stride()), "after": conv.weight}
    return attempt({"module": kind.__name__, "weight": conv.weight.detach().clone(), "format": str(memory_format)[6:]}, call)


SHAPES = [(4, 3, 2, 2), (4, 3, 1, 1), (4, 1, 3, 3), (1, 1, 1, 1)]
write("memory_format", {
    "convert_conv2d_weight_memory_format": [convert(utils.convert_conv2d_weight_memory_format, s, f) for s in SHAPES
                                            for f in (torch.channels_last, torch.contiguous_format)]
    + [convert(utils.convert_conv2d_weight_memory_format, SHAPES[0], torch.channels_last_3d)]
    + [convert(utils.convert_conv2d_weight_memory_format, SHAPES[0], torch.channels_last, kind=nn.ConvTranspose2d)]
    + [convert(utils.convert_conv2d_weight_memory_format, (2, 3, 2, 2, 2), torch.channels_last, kind=nn.Conv3d)],
    "convert_conv3d_weight_memory_format": [
        convert(utils.convert_conv3d_weight_memory_format, s, f, kind=k) for k in (nn.Conv3d, nn.ConvTranspose3d)
        for s in ((2, 3, 2, 2, 2), (2, 3, 1, 1, 1)) for f in (torch.channels_last_3d, torch.contiguous_format)]
    + [convert(utils.convert_conv3d_weight_memory_format, SHAPES[0], torch.channels_last_3d)],
})

# --- rnn ----------------------------------------------------------------------------------------------------


def packed(p):
    return {"data": p.data, "batch_sizes": p.batch_sizes, "sorted_indices": p.sorted_indices,
            "unsorted_indices": p.unsorted_indices, "repr": repr(p)}


def pack_padded(input, lengths, **kwargs):
    def call():
        x = input.clone()
        if x.is_floating_point():
            x.requires_grad_()
        p = rnn.pack_padded_sequence(x, lengths, **kwargs)
        result = packed(rnn.PackedSequence(p.data.detach(), p.batch_sizes, p.sorted_indices, p.unsorted_indices))
        if x.is_floating_point():
            p.data.mul(torch.arange(p.data.numel(), dtype=p.data.dtype).view_as(p.data)).sum().backward()
            result["grad"] = x.grad
        return result
    return attempt({"input": input, "lengths": lengths, **kwargs}, call)


torch.manual_seed(3)
X = random(4, 3, 2)
PACK = [
    pack_padded(X, [4, 3, 1]), pack_padded(X, [4, 4, 4]), pack_padded(X, [3, 2, 1]),
    pack_padded(X, [1, 4, 2], enforce_sorted=False), pack_padded(X, [2, 2, 4], enforce_sorted=False),
    pack_padded(X.transpose(0, 1).contiguous(), [4, 3, 1], batch_first=True),
    pack_padded(X.transpose(0, 1).contiguous(), [2, 4, 3], batch_first=True, enforce_sorted=False),
    pack_padded(torch.tensor([[1, 2, 0], [3, 0, 0], [4, 5, 6]]), [2, 1, 3], batch_first=True, enforce_sorted=False),
    pack_padded(X, torch.tensor([4, 2, 1], dtype=torch.int32)), pack_padded(X, torch.tensor([1, 2, 3]), enforce_sorted=False),
    pack_padded(X, [1, 2, 3]), pack_padded(X, [4, 3]), pack_padded(X, [4, 3, 0]),
    pack_padded(X, torch.tensor([[4, 3, 1]])), pack_padded(random(3), [1]), pack_padded(X, [2.0, 1.0, 1.0]),
]

Q = rnn.pack_padded_sequence(X, [2, 3, 1], enforce_sorted=False)
R = rnn.pack_padded_sequence(X, [4, 3, 1])


def pad_packed(p, **kwargs):
    def call():
        x, lengths = rnn.pad_packed_sequence(p, **kwargs)
        return {"sequences": x, "lengths": lengths}
    return attempt({**packed(p), **kwargs}, call)


PAD_PACKED = [pad_packed(p, **k) for p in (Q, R) for k in (
    {}, {"batch_first": True}, {"padding_value": -1.5}, {"total_length": 6}, {"batch_first": True, "total_length": 5, "padding_value": 2.0},
    {"total_length": 2}, {"total_length": 0})]


def sequences(*lengths, trailing=()):
    return [random(n, *trailing) for n in lengths]


def pack(s, **kwargs):
    return attempt({"sequences": s, **kwargs}, lambda: packed(rnn.pack_sequence(s, **kwargs)))


PACK_SEQUENCE = [
    pack(sequences(3, 2, 1)), pack(sequences(4, 4, 2, trailing=(2,))), pack(sequences(1, 3, 2), enforce_sorted=False),
    pack(sequences(1, 3, 2)), pack([torch.tensor([1, 2, 3]), torch.tensor([4, 5]), torch.tensor([6])]), pack(sequences(2, 0)), pack([]),
]


def unpack(p):
    return attempt(packed(p), lambda: {"sequences": rnn.unpack_sequence(p)})


def pad(s, **kwargs):
    return attempt({"sequences": s, **kwargs}, lambda: {"padded": rnn.pad_sequence(s, **kwargs)})


PAD = [pad(s, **k) for s in (sequences(2, 4, 1), sequences(3, 1, trailing=(2, 2))) for k in (
    {}, {"batch_first": True}, {"padding_value": 7.5}, {"padding_side": "left"}, {"batch_first": True, "padding_side": "left", "padding_value": -1.0})]
PAD += [pad([]), pad(sequences(2), padding_side="up"), pad([random(2, 3), random(2, 4)]), pad([torch.tensor([1, 2]), torch.tensor([3])])]


def unpad(padded, lengths, **kwargs):
    given = padded.clone()
    return attempt({"padded": padded, "lengths": lengths, **kwargs}, lambda: {"sequences": rnn.unpad_sequence(given, lengths, **kwargs)})


UNPAD = [
    unpad(random(4, 3), torch.tensor([4, 1, 0])), unpad(random(3, 4, 2), torch.tensor([4, 2, 9]), batch_first=True),
    unpad(random(4, 3, 2), torch.tensor([1, 2, 3])), unpad(random(2, 2), torch.tensor([-1, 1])),
    unpad(random(3, 2), torch.tensor([1]), batch_first=True), unpad(random(3, 2), torch.tensor([1, 1, 1, 1]), batch_first=True),
]


def converted(p, name):
    c = getattr(p, name)()
    return {**packed(c), "name": name, "same": c is p}


CONVERTED = [converted(Q, n) for n in ("double", "float", "half", "long", "int", "short", "char", "byte", "cpu")]
write("rnn/rnn", {"pack_padded_sequence": PACK, "pad_packed_sequence": PAD_PACKED, "pack_sequence": PACK_SEQUENCE,
              "unpack_sequence": [unpack(p) for p in (Q, R)], "pad_sequence": PAD, "unpad_sequence": UNPAD,
              "converted": [{"original": packed(Q), **c} for c in CONVERTED],
              "invert_permutation": [{"permutation": p, "inverse": rnn.invert_permutation(p)} for p in (torch.tensor([2, 0, 3, 1]), None)]})
