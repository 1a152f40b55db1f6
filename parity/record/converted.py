"""Checks that what `jtorch convert` writes is read by PyTorch, safetensors and transformers, with the same values.

usage: python3 converted.py make FOLDER      writes model.pt, training.pt and a small BERT in sharded/ to convert
       bash converted.sh FOLDER              (the commands of jtorch; it stands beside this script)
       python3 converted.py check FOLDER     loads what they wrote, compares, prints a line a file

Needs torch, safetensors and transformers; nothing is fetched.
"""
import json
import os
import sys

import torch
from safetensors import safe_open
from safetensors.torch import load_file, load_model
from transformers import BertConfig, BertForMaskedLM


def bert():
    torch.manual_seed(0)
    return BertForMaskedLM(BertConfig(vocab_size=500, hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
                                      intermediate_size=64, max_position_embeddings=32))


def same(a, b, what):
    assert list(sorted(a)) == list(sorted(b)), (what, set(a) ^ set(b))
    for k in a:
        assert a[k].dtype == b[k].dtype and a[k].shape == b[k].shape and torch.equal(a[k], b[k]), (what, k)


def make(folder):
    model = bert()
    torch.save(model.state_dict(), os.path.join(folder, "model.pt"))
    model.save_pretrained(os.path.join(folder, "sharded"), max_shard_size="40KB")
    torch.save({"model": {"module." + k: v for k, v in model.state_dict().items()}, "epoch": 3},
               os.path.join(folder, "training.pt"))
    for name in ("hf_single", "hf_sharded"):
        os.makedirs(os.path.join(folder, name), exist_ok=True)
        model.config.save_pretrained(os.path.join(folder, name))


def check(folder):
    path = lambda *parts: os.path.join(folder, *parts)
    expected = bert().state_dict()
    same(expected, load_file(path("single.safetensors")), "single")
    print("single.safetensors: safetensors", len(expected), "tensors the same")
    with safe_open(path("single.safetensors"), "pt") as f:
        print("  metadata", f.metadata())
    index = json.load(open(path("hf_sharded", "model.safetensors.index.json")))
    joined = {}
    for shard in sorted(set(index["weight_map"].values())):
        tensors = load_file(path("hf_sharded", shard))
        assert all(index["weight_map"][k] == shard for k in tensors)
        size = sum(t.nbytes for t in tensors.values())
        assert size <= 40000 or len(tensors) == 1, (shard, size)
        joined.update(tensors)
    same(expected, joined, "sharded")
    assert index["metadata"]["total_size"] == sum(t.nbytes for t in joined.values())
    print("hf_sharded: safetensors", len(set(index["weight_map"].values())), "shards,", len(joined),
          "tensors the same; total_size right")
    for name in ("hf_single", "hf_sharded"):
        model, info = BertForMaskedLM.from_pretrained(path(name), output_loading_info=True)
        assert not info["missing_keys"] and not info["unexpected_keys"], info
        same(expected, model.state_dict(), name)
        print(name + ": transformers' from_pretrained, no key missing or unexpected, values the same")
    from huggingface_hub import split_torch_state_dict_into_shards
    # its first shard of each tensor: the plan that Hugging Face makes for the same tensors in the same order
    plan = split_torch_state_dict_into_shards({k: v.clone() for k, v in expected.items()}, max_shard_size=40000)
    same_plan = plan.tensor_to_filename == index["weight_map"]
    print("hf_sharded: huggingface_hub's plan of shards is", "the same" if same_plan else "another")
    model = bert()
    with torch.no_grad():
        for p in model.parameters():
            p.zero_()
    missing, unexpected = load_model(model, path("once.safetensors"), strict=True)
    assert not missing and not unexpected, (missing, unexpected)
    same(expected, model.state_dict(), "once")
    print("once.safetensors: safetensors' load_model(strict=True) the same")
    for name in ("from_sharded.pt", "from_once.pt", "from_training.pt"):
        loaded = torch.load(path(name), weights_only=True)
        mapped = torch.load(path(name), weights_only=True, mmap=True)
        expect = {k: v for k, v in expected.items() if k in loaded}
        same(expect, loaded, name)
        same(expect, mapped, name)
        left = set(expected) - set(loaded)
        print(name + ": torch.load, plain and mmap,", len(loaded), "tensors the same; not there:", sorted(left) or "none")
    a = torch.load(path("from_once.pt"), weights_only=True)
    ptrs = {}
    for k, v in a.items():
        ptrs.setdefault(v.data_ptr(), []).append(k)
    print("  tied in from_once.pt:", [v for v in ptrs.values() if len(v) > 1])
    half = {k: v.to(torch.bfloat16) if v.is_floating_point() else v for k, v in expected.items()}
    same(half, load_file(path("half.safetensors")), "half")
    same(half, torch.load(path("half.pt"), weights_only=True), "half.pt")
    print("half.safetensors, half.pt: bfloat16 as PyTorch rounds")


if __name__ == "__main__":
    {"make": make, "check": check}[sys.argv[1]](sys.argv[2])
