"""Records which attributes PyTorch's modules have, their values, and how a module is shown once one was set. Usage: in the
repository's root, with PyTorch: python3 parity/record/attributes.py"""

import json
import math
import re
import warnings

import torch
from torch import nn

warnings.filterwarnings("ignore")
OUT = "parity/src/test/resources/api/attributes.json"

# What each class is made with, and what is then set. A class that is not here is made without arguments.
CONV = ([4, 8, 3], {"stride": 2, "padding": 1})
CONV_SETS = {"stride": 3, "padding": 2, "dilation": 2, "groups": 2, "in_channels": 6, "out_channels": 16}
BATCH_NORM = ([4], {})
NORM_SETS = {"eps": 0.01, "momentum": 0.3, "track_running_stats": False, "num_features": 5}
POOL = {"kernel_size": 3, "stride": 1, "padding": 1, "ceil_mode": True}
RNN = ([2, 3], {"num_layers": 2, "bidirectional": True})
RNN_SETS = {"dropout": 0.25, "batch_first": True}
REDUCTION = {"reduction": "sum"}
CASES = {
    "AdaptiveLogSoftmaxWithLoss": ([8, 10, [2, 5]], {"div_value": 2.0}),
    "Bilinear": ([2, 3, 4], {}),
    "ChannelShuffle": ([2], {}),
    "CrossMapLRN2d": ([2], {}),
    "Embedding": ([4, 3], {"padding_idx": -1, "max_norm": 2.0}),
    "EmbeddingBag": ([4, 3], {"padding_idx": 1, "mode": "sum"}),
    "Fold": ([4, 2], {}),
    "FractionalMaxPool2d": ([2], {"output_size": 3}),
    "FractionalMaxPool3d": ([2], {"output_ratio": [0.5, 0.5, 0.25]}),
    "GroupNorm": ([2, 4], {}),
    "LPPool1d": ([2, 3], {"stride": 2}),
    "LPPool2d": ([2, 3], {}),
    "LPPool3d": ([2, 3], {}),
    "LayerNorm": ([[2, 3]], {"bias": False}),
    "Linear": ([2, 3], {}),
    "LocalResponseNorm": ([2], {}),
    "MultiheadAttention": ([4, 2], {"kdim": 3, "dropout": 0.25}),
    "NonDynamicallyQuantizableLinear": ([2, 3], {}),
    "PixelShuffle": ([2], {}),
    "PixelUnshuffle": ([2], {}),
    "RMSNorm": ([[2, 3]], {}),
    "SyncBatchNorm": BATCH_NORM,
    "Threshold": ([0.1, 20], {}),
    "Transformer": ([], {"d_model": 4, "nhead": 2, "num_encoder_layers": 1, "num_decoder_layers": 1}),
    "TransformerEncoderLayer": ([4, 2], {"dim_feedforward": 8, "activation": "gelu"}),
    "TransformerDecoderLayer": ([4, 2], {"dim_feedforward": 8}),
    "Unflatten": ([1, [2, 2]], {}),
    "Unfold": ([2], {"stride": [1, 2]}),
    "Upsample": ([], {"scale_factor": 2.0, "mode": "bilinear"}),
    "UpsamplingBilinear2d": ([], {"size": [4, 4]}),
    "UpsamplingNearest2d": ([], {"scale_factor": 2.0}),
    "RNN": ([2, 3], {"nonlinearity": "relu"}),
    "LSTM": ([2, 3], {"proj_size": 2}),
    "GRU": RNN,
    "RNNCell": ([2, 3], {}),
    "LSTMCell": ([2, 3], {"bias": False}),
    "GRUCell": ([2, 3], {}),
    "LazyLinear": ([3], {}),
    "Dropout": ([0.2], {}),
    "LeakyReLU": ([0.2], {}),
}
SETS = {
    "AdaptiveAvgPool": {"output_size": 4},
    "AdaptiveMaxPool": {"output_size": 4},
    "AvgPool": {"kernel_size": 2, "stride": 2, "padding": 0, "ceil_mode": False, "count_include_pad": False},
    "BatchNorm": NORM_SETS,
    "InstanceNorm": NORM_SETS,
    "SyncBatchNorm": NORM_SETS,
    "Conv": CONV_SETS,
    "ChannelShuffle": {"groups": 4},
    "CrossMapLRN2d": {"size": 3, "alpha": 0.1, "beta": 0.5, "k": 2},
    "LocalResponseNorm": {"size": 3, "alpha": 0.1, "beta": 0.5, "k": 2},
    "Dropout": {"p": 0.75, "inplace": True},
    "AlphaDropout": {"p": 0.75, "inplace": True},
    "FeatureAlphaDropout": {"p": 0.75, "inplace": True},
    "CELU": {"alpha": 0.5, "inplace": True},
    "ELU": {"alpha": 0.5, "inplace": True},
    "Embedding": {"num_embeddings": 5, "padding_idx": 1, "max_norm": 1.5, "norm_type": 1.0, "scale_grad_by_freq": True, "sparse": True},
    "EmbeddingBag": {"num_embeddings": 5, "max_norm": 1.5, "norm_type": 1.0, "scale_grad_by_freq": True, "mode": "max"},
    "Flatten": {"start_dim": 0, "end_dim": 1},
    "Fold": {"output_size": [4, 5], "kernel_size": 3, "dilation": 2, "padding": 1, "stride": 2},
    "Unfold": {"kernel_size": 3, "dilation": 2, "padding": 1, "stride": 2},
    "GELU": {"approximate": "tanh"},
    "GLU": {"dim": 1},
    "GroupNorm": {"eps": 0.01},
    "LayerNorm": {"eps": 0.01},
    "RMSNorm": {"eps": 0.01},
    "Hardshrink": {"lambd": 0.25},
    "Softshrink": {"lambd": 0.25},
    "Hardsigmoid": {"inplace": True},
    "Hardswish": {"inplace": True},
    "Mish": {"inplace": True},
    "ReLU": {"inplace": True},
    "ReLU6": {"inplace": True},
    "SELU": {"inplace": True},
    "SiLU": {"inplace": True},
    "Hardtanh": {"min_val": -2.0, "max_val": 2, "inplace": True},
    "LeakyReLU": {"negative_slope": 1, "inplace": True},
    "RReLU": {"lower": 0.25, "upper": 0.5, "inplace": True},
    "Softplus": {"beta": 2.0, "threshold": 10},
    "Threshold": {"threshold": 1, "value": 0.5, "inplace": True},
    "Softmax": {"dim": 1},
    "Softmin": {"dim": 1},
    "LogSoftmax": {"dim": 1},
    "Linear": {"in_features": 5, "out_features": 6},
    "LPPool": {"norm_type": 3, "kernel_size": 2, "stride": 1, "ceil_mode": True},
    "MaxPool": {"kernel_size": 2, "stride": 2, "padding": 0, "dilation": 2, "ceil_mode": False},
    "PixelShuffle": {"upscale_factor": 3},
    "PixelUnshuffle": {"downscale_factor": 3},
    "RNN": RNN_SETS,
    "LSTM": RNN_SETS,
    "GRU": RNN_SETS,
    "RNNCell": {"nonlinearity": "relu"},
    "Unflatten": {"dim": 2, "unflattened_size": (1, 4)},
    "Upsample": {"scale_factor": 3.0, "mode": "nearest"},
    "ConstantPad": {"value": 1},
}
# Set as well; how the module is shown says nothing of it.
SILENT = {
    "MultiheadAttention": {"dropout": 0.5, "batch_first": True, "add_zero_attn": True},
    "TransformerEncoderLayer": {"norm_first": True},
    "TransformerDecoderLayer": {"norm_first": True},
    "PReLU": {"init": 0.5},
    "EmbeddingBag": {"include_last_offset": True, "sparse": True},
    "AvgPool2d": {"divisor_override": 3},
    "AvgPool3d": {"divisor_override": 3},
    "CosineSimilarity": {"dim": 0, "eps": 0.5},
    "PairwiseDistance": {"norm": 1.0, "eps": 0.5, "keepdim": True},
    "CTCLoss": {"blank": 1, "zero_infinity": True},
    "CosineEmbeddingLoss": {"margin": 0.5},
    "CrossEntropyLoss": {"ignore_index": 1, "label_smoothing": 0.5},
    "GaussianNLLLoss": {"full": True, "eps": 0.5},
    "HingeEmbeddingLoss": {"margin": 0.5},
    "HuberLoss": {"delta": 0.5},
    "KLDivLoss": {"log_target": True},
    "MarginRankingLoss": {"margin": 0.5},
    "MultiMarginLoss": {"p": 2, "margin": 0.5},
    "NLLLoss": {"ignore_index": 1},
    "PoissonNLLLoss": {"log_input": False, "full": True, "eps": 0.5},
    "SmoothL1Loss": {"beta": 0.5},
    "TripletMarginLoss": {"margin": 0.5, "p": 1.0, "eps": 0.5, "swap": True},
    "TripletMarginWithDistanceLoss": {"margin": 0.5, "swap": True},
    "Upsample": {"align_corners": True, "recompute_scale_factor": True},
}
SKIPPED = {"Module", "Container", "DataParallel", "Sequential", "ModuleList", "ModuleDict", "ParameterList", "ParameterDict"}


def arguments(name):
    if name in CASES:
        return CASES[name]
    if name.startswith("LazyConv"):
        return [8, 3], CONV[1]
    if name.startswith("Conv"):
        return CONV
    if name.startswith(("BatchNorm", "InstanceNorm")):
        return BATCH_NORM
    if name.startswith("AdaptiveAvgPool") or name.startswith("AdaptiveMaxPool"):
        return [3], {}
    if name.startswith(("MaxPool", "AvgPool")):
        return [], POOL
    if name.startswith("MaxUnpool"):
        return [2], {}
    if name.startswith("ConstantPad"):
        return [2, 3.5], {}
    if "Pad" in name:
        return [2], {}
    return [], {}


def make(name):
    if name == "TransformerEncoder":
        return nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8), 1)
    if name == "TransformerDecoder":
        return nn.TransformerDecoder(nn.TransformerDecoderLayer(4, 2, 8), 1)
    args, kwargs = arguments(name)
    tuples = lambda v: tuple(v) if isinstance(v, list) else v
    return CLASSES[name](*map(tuples, args), **{key: tuples(value) for key, value in kwargs.items()})


def value(v):
    if isinstance(v, (torch.Tensor, nn.Module)):
        return {"member": True}
    if isinstance(v, (tuple, list, torch.Size)):
        return [value(x) for x in v]
    if callable(v):
        return {"function": True}
    if isinstance(v, float) and not math.isfinite(v):
        return {"float": str(v)}
    return v


def attributes(module):
    """By name: the constants of the class and all that its constructor sets and does not hide."""
    names = {c for k in type(module).__mro__ for c in getattr(k, "__constants__", None) or []}
    names |= {n for n in vars(module) if not n.startswith("_") and n != "training"}
    members = {**module._parameters, **module._buffers, **module._modules}
    result = {}
    for n in sorted(names | set(members)):
        if n.startswith("_") or not hasattr(module, n):
            continue
        v = getattr(module, n)
        result[n] = {"member": v is not None} if n in members else value(v)
    return result


def sets(name):
    result = []
    plain = name[4:] if name.startswith("Lazy") else name
    chosen = {}
    for key in SETS:
        if re.fullmatch(key + "(Transpose)?([123]d)?", plain) and plain != "Softmax2d":
            chosen = SETS[key]
    shown = dict(chosen)
    silent = dict(SILENT.get(name, {}))
    if name.endswith("Loss") and hasattr(make(name), "reduction"):
        silent["reduction"] = "sum"
    if plain.startswith("Conv") and "Transpose" not in plain:
        shown["padding_mode"] = "circular"
    if "Transpose" in plain:
        shown["output_padding"] = 1
    if "Pad" in name:
        shown["padding"] = 1
    for attribute, new in [*shown.items(), *silent.items()]:
        module = make(name)
        dims = int(name[-2]) if name[-1] == "d" and name[-2].isdigit() else 0
        stored = new
        if plain.startswith("Conv") and attribute in ("stride", "padding", "dilation", "output_padding"):
            stored = (new,) * dims
        if "Pad" in name and attribute == "padding":
            stored = (new,) * (2 * dims)
        if plain.startswith("AvgPool1d") and attribute in ("kernel_size", "stride", "padding"):
            stored = (new,)
        if attribute == "output_size" and isinstance(new, list):
            stored = tuple(new)
        setattr(module, attribute, stored)
        result.append({"name": attribute, "value": list(new) if isinstance(new, tuple) else new, "repr": repr(module)})
    return result


with open("parity/src/test/resources/api/modules.tsv") as f:
    ASKED = [line.split("\t") for line in f.read().splitlines()[1:]]
CLASSES = {row[1]: getattr(nn, row[1]) for row in ASKED if not row[4] and row[1] not in SKIPPED}
CLASSES["NonDynamicallyQuantizableLinear"] = nn.modules.linear.NonDynamicallyQuantizableLinear
everything = {}
for name in sorted(CLASSES):
    try:
        module = make(name)
    except NotImplementedError:
        continue
    args, kwargs = arguments(name)
    row = {"args": args, "kwargs": kwargs, "attributes": attributes(module), "set": sets(name)}
    row["resets"] = hasattr(module, "reset_parameters")
    everything[name] = row
with open(OUT, "w") as f:
    json.dump(everything, f, indent=1, sort_keys=True)
    f.write("\n")
print(len(everything), "classes", sum(len(r["attributes"]) for r in everything.values()), "attributes", sum(len(r["set"]) for r in everything.values()), "set")
