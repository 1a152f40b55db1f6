"""Records what PyTorch makes of linear maps whose weight has 8 bits.

usage, from the project's root:
  python3 parity/record/int8.py models/src/test/resources/int8.safetensors
"""
import sys

import torch
from safetensors.torch import save_file


def main():
    torch.manual_seed(0)
    record = {}
    for name, out, features in (("square", 64, 64), ("odd", 13, 128), ("one", 1, 192)):
        weight = torch.randn(out, features)
        weight[out // 2] *= 10
        scales = (weight.abs().amax(1, keepdim=True) / 127).to(torch.bfloat16)
        rounded = (weight / scales.float()).round().clamp(-127, 127).to(torch.int8)
        record |= {f"{name}.weight": weight, f"{name}.int8": rounded, f"{name}.scales": scales.squeeze(1)}
        for rows in (1, 3, 6):
            x = torch.randn(rows, features).to(torch.bfloat16)
            y = torch.ops.aten._weight_int8pack_mm(x, rounded, scales.squeeze(1))
            record |= {f"{name}.x{rows}": x, f"{name}.y{rows}": y}
    save_file(record, sys.argv[1])
    print(len(record), "tensors")


if __name__ == "__main__":
    main()
