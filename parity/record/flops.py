"""Records how many floating-point operations PyTorch counts for products, convolutions, attention and whole modules.

usage: python3 flops.py > tools/src/test/resources/org/jtorch/tools/flops.txt      (from the root, PyTorch 2.10 on the CPU)

A multiply-add is two operations. MultiplyAddsTest makes the same calls, by their names.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

o = torch.ones

cases = {
    "linear": lambda: F.linear(o(5, 6, 7), o(8, 7), o(8)),
    "mm": lambda: o(5, 6) @ o(6, 7),
    "matmul broadcast": lambda: o(4, 1, 5, 6) @ o(3, 6, 7),
    "baddbmm": lambda: torch.baddbmm(o(3, 5, 7), o(3, 5, 6), o(3, 6, 7)),
    "addmm": lambda: torch.addmm(o(5, 7), o(5, 6), o(6, 7)),
    "einsum": lambda: torch.einsum("bhid,bhjd->bhij", o(2, 3, 4, 5), o(2, 3, 6, 5)),
    "tensordot": lambda: torch.tensordot(o(2, 3, 4), o(4, 3, 5), dims=([1, 2], [1, 0])),
    "conv1d": lambda: F.conv1d(o(2, 4, 30), o(6, 2, 5), None, 2, 1, 2, 2),
    "conv2d": lambda: F.conv2d(o(2, 3, 17, 19), o(8, 3, 3, 5), o(8), (2, 1), (1, 2)),
    "conv3d": lambda: F.conv3d(o(1, 2, 7, 8, 9), o(4, 2, 3, 3, 3)),
    "conv_transpose2d": lambda: F.conv_transpose2d(o(2, 4, 5, 6), o(4, 3, 3, 3), None, 2, 1, 1, 2),
    "attention": lambda: F.scaled_dot_product_attention(o(2, 3, 4, 8), o(2, 3, 5, 8), o(2, 3, 5, 8)),
    "Sequential": lambda: nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(128, 10), nn.Softmax(1)
    )(o(2, 3, 8, 8)),
}

for name, call in cases.items():
    counter = FlopCounterMode(display=False)
    with counter, torch.no_grad(), sdpa_kernel(SDPBackend.MATH):  # the fused kernel counts as nothing
        call()
    print(f"{name}: {counter.get_total_flops()}")
