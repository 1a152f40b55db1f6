"""Records Python's x[...] and x[...] = value: python3 tensor_index.py > index.json (in tensor/src/test/resources/org/jtorch)."""

import json
import warnings

import torch

warnings.filterwarnings("ignore")
cases = []
TENSORS = {
    "scalar": torch.tensor(7.0),
    "vector": torch.arange(5.0),
    "matrix": torch.arange(12.0).reshape(3, 4),
    "cube": torch.arange(24.0).reshape(2, 3, 4),
    "four": torch.arange(120.0).reshape(2, 3, 4, 5),
    "ints": torch.arange(12).reshape(3, 4),
    "empty": torch.zeros(0, 3),
}
T = torch.tensor
mask = torch.tensor([[True, False, True, False], [False, False, False, True], [True, True, False, False]])
everything = slice(None)


def write(i):
    if i is None:
        return {"none": True}
    if i is Ellipsis:
        return {"ellipsis": True}
    if isinstance(i, bool):
        return {"bool": i}
    if isinstance(i, int):
        return {"at": i}
    if isinstance(i, slice):
        return {"slice": [i.start, i.stop, i.step]}
    return {"tensor": plain(i)}


def plain(t):
    return {"dtype": str(t.dtype), "shape": list(t.shape), "data": t.reshape(-1).tolist()}


def get(name, *idx):
    x = TENSORS[name].clone()
    entry = {"x": name, "index": [write(i) for i in idx]}
    try:
        y = x[idx if len(idx) != 1 else idx[0]]
        entry["result"] = plain(y)
        entry["view"] = y._is_view() and y.untyped_storage().data_ptr() == x.untyped_storage().data_ptr()
        entry["stride"] = list(y.stride())
    except (IndexError, RuntimeError, TypeError, ValueError) as e:
        entry["error"] = str(e)
    cases.append(entry)


def put(name, value, *idx, accumulate=False):
    x = TENSORS[name].clone()
    entry = {"x": name, "index": [write(i) for i in idx], "accumulate": accumulate}
    entry["value"] = plain(value) if isinstance(value, torch.Tensor) else value
    try:
        if accumulate:
            value = value if isinstance(value, torch.Tensor) else torch.tensor(value, dtype=x.dtype)
            x.index_put_(idx, value, accumulate=True)
        else:
            x[idx if len(idx) != 1 else idx[0]] = value
        entry["result"] = plain(x)
    except (IndexError, RuntimeError, TypeError, ValueError) as e:
        entry["error"] = str(e)
    cases.append(entry)


# integers
get("vector", 0)
get("vector", -1)
get("matrix", 1)
get("matrix", 1, 2)
get("cube", -1, -2, -3)
get("vector", 5)
get("vector", -6)
get("matrix", 0, 4)
get("cube", everything, 3)
get("scalar", 0)
get("scalar", 0, 0)
get("vector", 0, 0)
# slices
get("vector", everything)
get("vector", slice(1, 3))
get("vector", slice(-3, None))
get("vector", slice(None, -1))
get("vector", slice(3, 1))
get("vector", slice(-100, 100))
get("vector", slice(10, 20))
get("vector", slice(None, None, 2))
get("vector", slice(1, None, 3))
get("matrix", everything, slice(1, 3))
get("matrix", slice(0, 3), slice(0, 4))
get("cube", slice(0, 2), everything, slice(None, None, 3))
get("scalar", everything)
get("empty", slice(0, 5))
get("empty", everything, 1)
# ellipsis, None, truth values
get("scalar", Ellipsis)
get("scalar", None)
get("scalar", Ellipsis, None)
get("scalar", True)
get("scalar", False)
get("matrix", Ellipsis)
get("matrix", Ellipsis, 0)
get("cube", 0, Ellipsis, 1)
get("four", Ellipsis, slice(0, 2), 1)
get("four", 1, Ellipsis, 2, slice(None, None, 2))
get("matrix", None)
get("matrix", None, 1)
get("matrix", 1, None)
get("matrix", everything, None, everything)
get("matrix", Ellipsis, None)
get("matrix", True)
get("matrix", False)
get("matrix", 1, True)
get("cube", 0, 0, 0, 0)
get("cube", Ellipsis, 0, 0, 0, 0)
# tensors
get("vector", T([0, 2, 2]))
get("vector", T([-1, 0]))
get("vector", T(2))
get("vector", T(-6))
get("vector", T([5]))
get("vector", T([[0, 1], [2, 3]]))
get("matrix", T([0, 2]))
get("matrix", T([0, 2], dtype=torch.int32))
get("matrix", everything, T([0, 2]))
get("matrix", T([0, 2]), T([1, 3]))
get("matrix", T([[0], [2]]), T([1, 3]))
get("matrix", T([0, 2]), 1)
get("matrix", 1, T([0, 2]))
get("matrix", T([0, 1, 2]), T([0, 1]))
get("cube", T([0, 1]), everything, T([0, 3]))
get("cube", everything, T([0, 2]), T([1, 3]))
get("cube", T([0, 1]), T([0, 1]))
get("cube", None, T([0, 1]))
get("cube", Ellipsis, T([0, 1]))
get("four", 0, T([0, 2]), slice(1, 3), T([1, 4]))
get("four", everything, T([0, 2]), 1, T([1, 4]))
get("vector", T([], dtype=torch.int64))
get("vector", T([0.5]))
# masks
get("matrix", mask)
get("matrix", mask[:, 0])
get("matrix", everything, mask[0])
get("cube", 0, mask)
get("cube", everything, mask)
get("four", everything, mask, 1)
get("four", everything, mask, T([0, 1, 2, 3, 4]))
get("matrix", mask[:2])
get("matrix", mask, 0)
get("vector", T(True))
get("vector", T(False))
get("matrix", mask.to(torch.uint8))
# assignment
put("vector", 9.0, 0)
put("vector", 9, slice(1, 3))
put("vector", T([8.0, 9.0]), slice(1, 3))
put("vector", T([[8.0, 9.0]]), slice(1, 3))
put("vector", T(9.0), Ellipsis)
put("vector", T([9.0]), Ellipsis)
put("vector", T([8.0, 9.0]), slice(0, 3))
put("matrix", T([1.0, 2.0, 3.0, 4.0]), everything)
put("matrix", T([[1.0], [2.0], [3.0]]), everything, slice(1, 3))
put("matrix", T([1.0, 2.0, 3.0]), everything, 0)
put("matrix", 0.0, mask)
put("matrix", T([9.0]), mask)
put("matrix", torch.arange(6.0), mask)
put("matrix", torch.arange(5.0), mask)
put("matrix", 7.5, T([0, 2]))
put("matrix", torch.arange(8.0).reshape(2, 4), T([0, 2]))
put("matrix", torch.arange(8.0).reshape(1, 2, 4), T([0, 2]))
put("matrix", torch.arange(3.0), T([0, 2]))
put("matrix", T([5.0, 6.0]), T([0, 2]), T([1, 1]))
put("cube", T([5.0, 6.0]), 0, T([0, 2]), 1)
put("cube", 5.0, Ellipsis, T([0, 2]))
put("ints", 1.9, 0)
put("ints", T([1.9]), 0)
put("ints", 7, mask)
put("ints", T([1.5]), T([0]))
put("scalar", 3.0, Ellipsis)
put("scalar", 3.0, None)
put("scalar", 3.0, 0)
put("matrix", 3.0, False)
put("matrix", 3.0, True)
put("matrix", 3.0, 3)
put("vector", 1.0, T([0, 0, 1]))
put("vector", 1.0, T([0, 0, 1]), accumulate=True)
put("vector", T([1.0, 2.0, 3.0]), T([0, 0, 1]), accumulate=True)
put("matrix", T([1.0, 2.0]), T([0, 0]), T([1, 1]), accumulate=True)

print(json.dumps({"torch": torch.__version__, "tensors": {k: plain(v) for k, v in TENSORS.items()}, "cases": cases}))
