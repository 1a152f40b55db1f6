"""Records recurrent layers over packed sequences, and their errors. Usage: in the repository's root, with PyTorch: python3 parity/record/packed.py"""

import json
import os
import warnings

import torch
from torch import nn
from torch.nn.utils.rnn import pack_sequence

warnings.simplefilter("ignore")
OUT = "nn/src/test/resources/org/jtorch/nn/rnn"
os.makedirs(OUT, exist_ok=True)


def js(value):
    """A value for JSON: a tensor as its dtype, shape and elements."""
    if isinstance(value, torch.Tensor):
        return {"dtype": str(value.dtype)[6:], "shape": list(value.shape), "data": value.detach().flatten().tolist()}
    if isinstance(value, (list, tuple)):
        return [js(v) for v in value]
    if isinstance(value, dict):
        return {k: js(v) for k, v in value.items()}
    return value


def states(value):
    return [value] if isinstance(value, torch.Tensor) else list(value)


def x(*shape):
    return torch.randn(*shape, dtype=torch.float64).requires_grad_()


LENGTHS = {"sorted": [4, 2, 1], "unsorted": [2, 4, 1], "equal": [3, 3]}


def case(name, lengths, given_state, training=True, **kwargs):
    """A layer of 2 inputs and 3 hidden values over sequences; the gradients are those of weighted sums of all results."""
    module = getattr(nn, name)(2, 3, **kwargs).to(torch.float64).train(training)
    sequences = [x(n, 2) for n in LENGTHS[lengths]]
    hx = None
    if given_state:
        rows = module.num_layers * (2 if module.bidirectional else 1)
        hx = [x(rows, len(sequences), module.proj_size or 3)] + ([x(rows, len(sequences), 3)] if name == "LSTM" else [])
    state = {k: v.clone() for k, v in module.state_dict().items()}
    torch.manual_seed(5)
    packed = pack_sequence(sequences, enforce_sorted=lengths != "unsorted")
    out, last = module(packed, None if hx is None else hx[0] if len(hx) == 1 else tuple(hx))
    results = [out.data] + states(last)
    grads = [torch.rand_like(r) for r in results]
    torch.autograd.backward(results, grads)
    return {
        "kwargs": kwargs,
        "training": training,
        "state": state,
        "sequences": sequences,
        "hx": hx,
        "enforce_sorted": lengths != "unsorted",
        "results": results,
        "batch_sizes": out.batch_sizes,
        "grads": grads,
        "grad_sequences": [s.grad for s in sequences],
        "grad_hx": None if hx is None else [h.grad for h in hx],
        "grad_params": {k: p.grad for k, p in module.named_parameters()},
    }


torch.manual_seed(3)
content = {}
for name in ("RNN", "LSTM", "GRU"):
    content[name] = [case(name, lengths, given) for lengths in LENGTHS for given in (False, True)]
    content[name] += [
        case(name, "unsorted", True, num_layers=2, bidirectional=True),
        case(name, "sorted", True, bidirectional=True, bias=False, batch_first=True),
        case(name, "unsorted", False, num_layers=3, dropout=0.5),
        case(name, "unsorted", False, training=False, num_layers=2, dropout=0.5),
    ]
content["RNN"].append(case("RNN", "unsorted", True, nonlinearity="relu"))
content["LSTM"].append(case("LSTM", "unsorted", True, proj_size=2, num_layers=2, bidirectional=True))
with open(f"{OUT}/packed.json", "w", encoding="utf-8") as out:
    json.dump(js(content), out, separators=(",", ":"))
    out.write("\n")

# --- errors ---------------------------------------------------------------------------------------------------------


def z(*shape):
    return torch.zeros(*shape)


def p(size):
    return pack_sequence([z(3, size), z(1, size)])


ERRORS = """
nn.RNN(2, 3)(z(1, 1, 1, 2))
nn.LSTM(2, 3)(z(2))
nn.GRU(2, 3)(z(2, 1, 4))
nn.GRU(2, 3)(p(4))
nn.RNN(2, 3)(z(2, 1, 2).double())
nn.RNN(2, 3)(z(2, 2, 2), z(1, 2, 4))
nn.RNN(2, 3)(z(2, 2, 2), z(1, 3))
nn.GRU(2, 3)(z(2, 2), z(1, 1, 3))
nn.LSTM(2, 3)(z(2, 2, 2), (z(1, 1, 3), z(1, 2, 3)))
nn.LSTM(2, 3)(z(2, 2, 2), (z(1, 2, 3), z(1, 2, 4)))
nn.LSTM(2, 3)(z(2, 2, 2), (z(1, 3), z(1, 2, 3)))
nn.LSTM(2, 3)(z(2, 2), (z(1, 1, 3), z(1, 1, 3)))
nn.GRU(2, 3)(p(2), z(1, 3, 3))
nn.GRU(0, 3)
nn.GRU(2, 0)
nn.GRU(2, 3, num_layers=0)
nn.GRU(2, 3, dropout=1.5)
nn.LSTM(2, 3, proj_size=3)
nn.LSTM(2, 3, proj_size=-1)
nn.RNN(2, 3, nonlinearity='gelu')
nn.RNNCell(2, 3)(z(1, 1, 2))
nn.RNNCell(2, 3)(z(1, 4))
nn.GRUCell(2, 3)(z(1, 2), z(2, 3))
nn.LSTMCell(2, 3)(z(1, 2), (z(1, 1, 3), z(1, 1, 3)))
nn.LSTMCell(2, 3)(z(1, 2), (z(1, 4), z(1, 3)))
""".strip().splitlines()


def error(expression):
    try:
        eval(expression)
    except Exception as e:
        return str(e).splitlines()[0]
    raise AssertionError(f"{expression} raised nothing")


with open(f"{OUT}/errors.txt", "w", encoding="utf-8") as out:
    for e in ERRORS:
        out.write(f"## {e}\n{error(e)}\n")
