"""Batch normalization of a whole batch in one process, which several processes with parts of it must reproduce.

torch.nn.SyncBatchNorm refuses tensors on the CPU. It computes what BatchNorm computes of the whole batch.

Usage, with PyTorch: python3 sync_batch_norm.py FILE      (distributed/src/test/resources/sync_batch_norm.pt)

FILE has, by the number of processes, a list of cases: the sizes of the parts, and for each of 3 steps the batch and the gradient of
the output, the output, the gradients, and the running statistics after the step.
"""
import sys

import torch
from torch import nn

PARTS = {2: [[3, 5], [1, 6], [4, 0]], 3: [[4, 1, 2], [2, 0, 5], [1, 1, 1]]}
SHAPES = [(5,), (4, 3, 3), (2, 2, 3, 2), (6, 7)]
KINDS = {2: nn.BatchNorm1d, 3: nn.BatchNorm1d, 4: nn.BatchNorm2d, 5: nn.BatchNorm3d}


def case(parts, shape, dtype=torch.float32, **options):
    count = sum(parts)
    layer = KINDS[1 + len(shape)](shape[0], dtype=dtype, **options)
    if layer.affine:
        nn.init.uniform_(layer.weight, 0.5, 2)
    if layer.bias is not None:
        nn.init.normal_(layer.bias)
    saved = {"parts": parts, "options": options, "initial": {k: v.clone() for k, v in layer.state_dict().items()}, "steps": []}
    for step in range(3):
        # channels with means that are large, and differ between the parts
        x = torch.randn(count, *shape, dtype=dtype) * 3
        x += torch.linspace(0, 50, count, dtype=dtype).view(-1, *[1] * len(shape)) + 100 * step
        x.requires_grad_()
        grad = torch.randn(count, *shape, dtype=dtype)
        y = layer(x)
        layer.zero_grad()
        y.backward(grad)
        saved["steps"].append({
            "x": x.detach(),
            "grad": grad,
            "y": y.detach(),
            "grad_x": x.grad,
            "grad_params": {k: v.grad.clone() for k, v in layer.named_parameters()},
            "after": {k: v.clone() for k, v in layer.named_buffers()},
        })
    layer.eval()
    saved["eval"] = layer(x).detach()
    return saved


def main(file):
    torch.manual_seed(0)
    cases = {}
    for ranks, all_parts in PARTS.items():
        cases[ranks] = [case(parts, shape) for parts in all_parts for shape in SHAPES]
        parts = all_parts[0]
        cases[ranks].append(case(parts, (4, 3, 3), momentum=None))
        cases[ranks].append(case(parts, (4, 3, 3), momentum=0.3, eps=0.5, affine=False))
        cases[ranks].append(case(parts, (4, 3, 3), track_running_stats=False))
        cases[ranks].append(case(parts, (4, 3, 3), bias=False))
        cases[ranks].append(case(parts, (4, 3, 3), dtype=torch.float64))
    torch.save(cases, file)


main(sys.argv[1])
