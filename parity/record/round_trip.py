"""Reads random values of every kind that jtorch writes with PyTorch, and compares each with the JSON beside it.

usage: mvn -B -pl serialize -am test -Dtest='RoundTripTest#forPyTorch' -Dsurefire.failIfNoSpecifiedTests=false \\
           -Dgroups=soak -Djtorch.excludedGroups=
       python3 parity/record/round_trip.py serialize/target/round_trip

Every file is read plainly and with mmap=True; kinds, values, strides, storages and which objects are the same must be as written.
No GPU is needed. Also sums up what weights_only=True reads of it.
"""
import collections
import glob
import json
import os
import struct
import sys

import numpy as np
import torch
from torch.nn.parameter import Parameter, UninitializedBuffer, UninitializedParameter

KINDS = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset, "dict": dict, "bytes": bytes, "int": int,
         "OrderedDict": collections.OrderedDict, "Counter": collections.Counter, "float": float, "complex": complex,
         "defaultdict": collections.defaultdict, "bool": bool, "str": str, "Size": torch.Size, "device": torch.device,
         "dtype": torch.dtype, "layout": torch.layout, "array": np.ndarray}
counts = collections.Counter()


def number(text):
    return struct.unpack(">d", bytes.fromhex(text))[0]


def same_float(a, b):
    return struct.pack(">d", a) == struct.pack(">d", b) or (a != a and b != b)


def raw(t):
    storage = t.untyped_storage()
    return bytes(torch.empty(0, dtype=torch.uint8).set_(storage, 0, (storage.nbytes(),), (1,)).numpy())


class Comparison:
    def __init__(self):
        self.objects, self.numbers, self.storages, self.back = {}, {}, {}, {}
        self.pending = []

    def run(self, node, value):
        self.pending.append(("root", node, value))
        while self.pending:
            self.same(*self.pending.pop())

    def same(self, at, node, v):
        kind = node["kind"]
        counts[kind] += 1
        if kind == "again":
            # what is there twice is compared when all is known
            if node["id"] not in self.objects:
                assert self.pending, (at, "never met")
                self.pending.insert(0, (at, node, v))
                return
            assert self.objects[node["id"]] is v, (at, "one object before, two now")
            return
        if "id" in node:
            assert id(v) not in self.numbers, (at, "two objects before, one now")
            self.objects[node["id"]], self.numbers[id(v)] = v, node["id"]
        if kind == "None":
            assert v is None, (at, v)
        elif kind == "tensor":
            self.tensor(at, node, v)
        elif kind == "scalar":
            assert type(v) is np.dtype(node["dtype"]).type, (at, type(v), node)
            self.same(at, node["value"], v.item())
        elif kind in ("float", "complex") and isinstance(v, (np.floating, np.complexfloating)):
            raise AssertionError((at, type(v)))
        else:
            assert type(v) is KINDS[kind], (at, type(v), kind)
            getattr(self, "of_" + kind, self.of_text)(at, node, v)

    def of_text(self, at, node, v):
        text = {"True": "true", "False": "false"}.get(str(v), str(v)) if type(v) is bool else str(v)
        assert text == node["value"], (at, v, node)

    def of_bytes(self, at, node, v):
        assert v.hex() == node["value"], (at, v)

    def of_float(self, at, node, v):
        assert same_float(v, number(node["value"])), (at, v, node)

    def of_complex(self, at, node, v):
        assert same_float(v.real, number(node["real"])) and same_float(v.imag, number(node["imag"])), (at, v, node)

    def of_Size(self, at, node, v):
        assert list(v) == node["value"], (at, v)

    def of_array(self, at, node, v):
        assert v.dtype == node["dtype"] and list(v.shape) == node["shape"] and v.tobytes().hex() == node["value"], (at, v)

    def of_list(self, at, node, v):
        assert len(v) == len(node["values"]), at
        self.pending.extend((f"{at}.{i}", n, x) for i, (n, x) in reversed(list(enumerate(zip(node["values"], v)))))

    of_tuple = of_list

    def of_set(self, at, node, v):
        assert len(v) == len(node["values"]), (at, "members")
        left = list(v)
        for member in node["values"]:
            found = [x for x in left if self.is_key(member, x)]
            assert len(found) >= 1, (at, member)
            left.remove(found[0]) if found[0] == found[0] else left.pop(next(i for i, x in enumerate(left) if x is found[0]))

    of_frozenset = of_set

    @staticmethod
    def is_key(node, value):
        try:
            Comparison().run(node, value)
            return True
        except AssertionError:
            return False

    def of_dict(self, at, node, v):
        assert len(v) == len(node["items"]), (at, "items")
        for (key, value), (k, x) in reversed(list(zip(node["items"], v.items()))):
            assert self.is_key(key, k), (at, key, k)
            self.pending.append((f"{at}.{k}", value, x))

    of_Counter = of_dict

    def of_OrderedDict(self, at, node, v):
        assert hasattr(v, "_metadata") == ("metadata" in node), (at, "_metadata")
        self.of_dict(at, node, v)
        if "metadata" in node:
            self.pending.append((at + "._metadata", node["metadata"], v._metadata))

    def of_defaultdict(self, at, node, v):
        factory = v.default_factory
        assert (factory and "builtins." + factory.__name__) == node["factory"], (at, factory)
        self.of_dict(at, node, v)

    def tensor(self, at, node, v):
        assert isinstance(v, torch.Tensor) and isinstance(v, (Parameter, UninitializedParameter)) == node["parameter"], at
        assert v.requires_grad == node["grad"], (at, "requires_grad")
        assert isinstance(v, (UninitializedParameter, UninitializedBuffer)) == node["uninitialized"], at
        if node["uninitialized"]:
            return
        counts[node["layout"]] += 1
        assert str(v.dtype) == node["dtype"] and str(v.layout) == node["layout"] and list(v.shape) == node["shape"], at
        assert str(v.device) == node["device"], (at, v.device)
        if v.layout != torch.strided:
            assert raw(v.to_dense().contiguous()).hex() == node["dense"], at
            return
        assert list(v.stride()) == node["strides"], (at, v.stride())
        if v.is_meta:
            return
        counts[node["dtype"]] += 1
        assert v.storage_offset() == node["offset"] and v.is_conj() == node["conj"] and v.is_neg() == node["neg"], at
        counts["conj"] += v.is_conj()
        counts["neg"] += v.is_neg()
        plain = v.detach().conj() if v.is_conj() else v.detach()
        plain = torch._neg_view(plain) if plain.is_neg() else plain
        assert raw(plain).hex() == node["bytes"], (at, "bytes")
        if not node["bytes"]:
            return  # torch.load makes a storage without bytes anew each time
        storage = plain.untyped_storage()._cdata
        assert self.storages.setdefault(node["storage"], storage) == storage, (at, "one storage before, two now")
        assert self.back.setdefault(storage, node["storage"]) == node["storage"], (at, "two storages before, one now")


def main():
    files = sorted(glob.glob(os.path.join(sys.argv[1], "*.pt")))
    assert files, "no files: run RoundTripTest#forPyTorch first"
    safe = failed = 0
    for path in files:
        node = json.load(open(path[:-3] + ".json", encoding="utf-8"))
        for options in ({}, {"mmap": True}):
            try:
                Comparison().run(node, torch.load(path, weights_only=False, **options))
            except Exception as e:
                failed += 1
                print(f"{path} {options}: {type(e).__name__}: {str(e)[:300]}")
        try:
            torch.load(path, weights_only=True)
            safe += 1
        except Exception:
            pass
    print(f"{len(files)} files, {failed} readings that differ; weights_only=True reads {safe}")
    print(dict(counts.most_common()))
    sys.exit(1 if failed else 0)


main()
