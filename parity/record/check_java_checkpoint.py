"""Loads checkpoints that jtorch wrote as PyTorch does, and prints what is in them.

usage: python3 check_java_checkpoint.py FILE...      (.pt: weights_only=True, plain and mmap=True; .safetensors: its library)
"""
import hashlib
import sys
import zipfile

import torch
from torch.utils.serialization import config


def sha(t):
    t = t.detach().resolve_conj().contiguous()
    return hashlib.sha256(t.view(-1).view(torch.uint8).numpy().tobytes() if t.numel() else b"").hexdigest()[:16]


def show(value, name, depth=0):
    pad = "  " * depth
    if isinstance(value, torch.Tensor):
        kind = type(value).__name__
        print(f"{pad}{name}: {kind} {value.dtype} {list(value.shape)} stride {list(value.stride())} offset "
              f"{value.storage_offset()} requires_grad {value.requires_grad} sha {sha(value)}")
    elif isinstance(value, dict):
        print(f"{pad}{name}: {type(value).__name__}, {len(value)} entries")
        for k in list(value)[:40]:
            show(value[k], repr(k), depth + 1)
        if getattr(value, "_metadata", None) is not None:
            print(f"{pad}  _metadata: {type(value._metadata).__name__} {dict(value._metadata)}")
    elif isinstance(value, (list, tuple)) and not isinstance(value, torch.Size):
        print(f"{pad}{name}: {type(value).__name__}, {len(value)} elements")
        for i, v in enumerate(value[:10]):
            if v is not value:
                show(v, i, depth + 1)
    else:
        text = repr(value)
        print(f"{pad}{name}: {type(value).__name__} {text if len(text) < 100 else text[:100] + '...'}")


def tensors(value, seen):
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, dict):
        for v in value.values():
            yield from tensors(v, seen)
    elif isinstance(value, (list, tuple)):
        for v in value:
            yield from tensors(v, seen)


for path in sys.argv[1:]:
    print("==", path)
    if path.endswith(".safetensors"):
        from safetensors import safe_open
        with safe_open(path, "pt") as f:
            print("metadata", f.metadata())
            for k in f.keys():
                show(f.get_tensor(k), k)
        continue
    bad = zipfile.ZipFile(path).testzip()
    assert bad is None, bad
    plain = torch.load(path, weights_only=True)
    mapped = torch.load(path, weights_only=True, mmap=True)
    config.load.calculate_storage_offsets = True
    computed = torch.load(path, weights_only=True, mmap=True)
    config.load.calculate_storage_offsets = False
    show(plain, "root")
    a, b, c = (list(tensors(v, set())) for v in (plain, mapped, computed))
    assert len(a) == len(b) == len(c)
    assert [sha(t) for t in a] == [sha(t) for t in b] == [sha(t) for t in c]
    print("tensors", len(a), "storages", len({t.untyped_storage()._cdata for t in a}), "CRC-32s right; plain, mmap and computed offsets agree")
