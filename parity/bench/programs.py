"""Peer side of the benchmark of exported programs: models of torchvision and transformers with random weights.

Writes the programs to a folder if they are not there, NAME.pt2 each, and prints rows as peer_bench.py does: `plain/NAME`, the program in
Python; `compiled/NAME`, the model itself, eagerly, or with --compile by torch.compile, which needs a C++ compiler; `load/NAME`, from the
file to the first output, in a process that has loaded it before. `resnet50_b1_64px` and `mlp_2048x6_b1` are files of 100 MB whose
output takes little time. `jtorch bench --programs FOLDER` prints the rows of the other side.

usage: python3 parity/bench/programs.py [--compile] FOLDER [case-prefix ...]
"""
import os
import statistics
import sys
import time
import warnings

import torch
from torch import nn

warnings.filterwarnings("ignore")
torch.manual_seed(0)
COMPILE = "--compile" in sys.argv
FOLDER, *FILTERS = [argument for argument in sys.argv[1:] if argument != "--compile"]


class Encoder(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, ids, mask):
        return self.model(input_ids=ids, attention_mask=mask).last_hidden_state


def conv_bn_relu(i, o, stride=1):
    return nn.Sequential(nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU())


def small_cnn():
    """The model of infer/cnn_b8."""
    return nn.Sequential(conv_bn_relu(3, 32), conv_bn_relu(32, 64, 2), conv_bn_relu(64, 64), conv_bn_relu(64, 128, 2),
                         conv_bn_relu(128, 128), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, 10))


def vision(name, batch, size=224):
    import torchvision.models
    return getattr(torchvision.models, name)(weights=None), (torch.randn(batch, 3, size, size),)


def wide_mlp():
    """25 million weights in few operators."""
    layers = [layer for _ in range(6) for layer in (nn.Linear(2048, 2048), nn.ReLU())]
    return nn.Sequential(*layers), (torch.randn(1, 2048),)


def minilm(batch, length):
    from transformers import BertConfig, BertModel
    config = BertConfig(hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536)
    return Encoder(BertModel(config, add_pooling_layer=False)), (torch.randint(5, 30000, (batch, length)),
                                                                 torch.ones(batch, length, dtype=torch.int64))


MODELS = {
    "mlp_8_16_4_b1": lambda: (nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 4)), (torch.randn(1, 8),)),
    "cnn_b8": lambda: (small_cnn(), (torch.randn(8, 3, 32, 32),)),
    "resnet18_b1": lambda: vision("resnet18", 1),
    "resnet18_b8": lambda: vision("resnet18", 8),
    "resnet50_b8": lambda: vision("resnet50", 8),
    "resnet50_b1_64px": lambda: vision("resnet50", 1, 64),
    "mlp_2048x6_b1": wide_mlp,
    "mobilenet_v3_large_b1": lambda: vision("mobilenet_v3_large", 1),
    "minilm_l6_b1_s16": lambda: minilm(1, 16),
    "minilm_l6_b8_s64": lambda: minilm(8, 64),
    "minilm_l6_b32_s128": lambda: minilm(32, 128),
}


def wanted(name):
    return not FILTERS or any(name.startswith(f) or f.startswith(name) for f in FILTERS)


def measure(name, fn, repeats=7):
    if not wanted(name):
        return
    fn()  # imports, and compilation
    start = time.perf_counter()
    fn()
    once = time.perf_counter() - start
    inner = max(1, min(200, int(0.1 / once)))
    for _ in range(2 * inner):
        fn()
    samples = []
    for _ in range(repeats):
        start = time.perf_counter()
        for _ in range(inner):
            fn()
        samples.append((time.perf_counter() - start) / inner * 1e6)
    print(f"{name}\tus\t{min(samples):.2f}\t{statistics.median(samples):.2f}", flush=True)


def main():
    os.makedirs(FOLDER, exist_ok=True)
    for name, make in MODELS.items():
        path = f"{FOLDER}/{name}.pt2"
        if os.path.exists(path) and not any(wanted(f"{row}/{name}") for row in ("plain", "compiled", "load")):
            continue
        model, inputs = make()
        model.eval()
        if not os.path.exists(path):
            torch.export.save(torch.export.export(model, inputs), path)
        with torch.inference_mode():
            if wanted(f"compiled/{name}"):
                run = torch.compile(model) if COMPILE else model
                measure(f"compiled/{name}", lambda: run(*inputs))
            if wanted(f"load/{name}"):
                measure(f"load/{name}", lambda: torch.export.load(path).module()(*inputs), repeats=3)
            if wanted(f"plain/{name}"):
                program = torch.export.load(path).module()
                measure(f"plain/{name}", lambda: program(*inputs))


if __name__ == "__main__":
    main()
