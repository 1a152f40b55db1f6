"""Writes trees of nested values as PyTorch's treespec_dumps does, with the leaves and the values that they make.

Each tree has its name, its text, the leaves in PyTorch's order and the value in JSON: a tuple is a list, a named tuple
(record.Pair with left and right) is an object, and a key is a text.

usage: in the repository's root: python3 parity/record/trees.py
"""
import json
from collections import OrderedDict, defaultdict, deque, namedtuple

from torch.utils import _pytree as pytree

OUT = "export/src/test/resources/trees.json"

Pair = namedtuple("Pair", ["left", "right"])
pytree._register_namedtuple(Pair, serialized_type_name="record.Pair")

VALUES = {
    "leaf": 0,
    "list": [0, 1],
    "empty_list": [],
    "tuple_in_list": [0, (1, 2)],
    "dict": {"b": 0, "a": [1]},
    "dict_of_numbers": {3: 0, -1: 1},
    "empty_dict": {},
    "ordered_dict": OrderedDict([("z", 0), ("a", 1)]),
    "default_dict": defaultdict(list, {"y": 0, "x": 1}),
    "deque": deque([0, (1,)]),
    "named_tuple": Pair(0, [1, 2]),
    "named_tuples_in_dict": {"one": Pair(0, 1), "two": (Pair(2, 3),)},
    "call": ((0, [1]), {"mask": 2, "scale": {"x": 3}}),
}


def plain(value):
    if isinstance(value, Pair):
        return {name: plain(each) for name, each in value._asdict().items()}
    if isinstance(value, (list, tuple, deque)):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    return value


rows = []
for name, value in VALUES.items():
    leaves, spec = pytree.tree_flatten(value)
    rows.append({
        "name": name,
        "spec": pytree.treespec_dumps(spec),
        "leaves": leaves,
        "value": plain(value),
    })
with open(OUT, "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")
