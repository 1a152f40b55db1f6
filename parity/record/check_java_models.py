"""Loads models that jtorch wrote by savePretrained with transformers, and compares the outputs.

usage: python3 check_java_models.py FOLDER      (a folder a model, with expected.safetensors: input.NAME, output.NAME)

No key may be missing, remain, or have another shape. Prints a line for each model that differs, and last "N read, M differ".
"""
import json
import pathlib
import sys
import traceback

import torch
import transformers
from safetensors.torch import load_file


def check(folder):
    architecture = json.loads((folder / "config.json").read_text())["architectures"][0]
    model, info = getattr(transformers, architecture).from_pretrained(folder, output_loading_info=True)
    found = {kind: keys for kind, keys in info.items() if keys}
    if found:
        raise AssertionError(f"{architecture}: {found}")
    tensors = load_file(folder / "expected.safetensors")
    inputs = {k[len("input."):]: v for k, v in tensors.items() if k.startswith("input.")}
    expected = {k[len("output."):]: v for k, v in tensors.items() if k.startswith("output.")}
    with torch.no_grad():
        outputs = {k: v for k, v in model.eval()(**inputs).items() if isinstance(v, torch.Tensor)}
    if sorted(outputs) != sorted(expected):
        raise AssertionError(f"outputs {sorted(outputs)}, Java {sorted(expected)}")
    for name, output in outputs.items():
        torch.testing.assert_close(output, expected[name], rtol=1e-4, atol=1e-5, msg=lambda m: f"{name}: {m}")


def main():
    folders = sorted(p.parent for p in pathlib.Path(sys.argv[1]).glob("*/config.json"))
    differ = 0
    for folder in folders:
        try:
            check(folder)
        except Exception:
            differ += 1
            print(folder.name, traceback.format_exc(limit=1), flush=True)
    print(f"{len(folders)} read, {differ} differ")
    sys.exit(1 if differ or not folders else 0)


if __name__ == "__main__":
    main()
