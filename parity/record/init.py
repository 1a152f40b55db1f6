"""Records what torch.nn.init gives. Usage: in the repository's root, with PyTorch: python3 parity/record/init.py"""

import hashlib
import os
import warnings

import torch
from torch.nn import init

OUT = "nn/src/test/resources/org/jtorch/nn/init"
os.makedirs(OUT, exist_ok=True)


def integers(tensor):
    """Every element's bits as an integer, in row-major order."""
    kind = {8: torch.int64, 4: torch.int32, 2: torch.int16}[tensor.element_size()]
    return tensor.detach().contiguous().view(kind).flatten()


def bits(tensor):
    """Every element's bits in hexadecimal."""
    mask = (1 << (8 * tensor.element_size())) - 1
    return " ".join(f"{v & mask:x}" for v in integers(tensor).tolist())


def digest(tensor):
    """SHA-256 of every element's bytes, the lowest byte first."""
    return hashlib.sha256(integers(tensor).numpy().astype(integers(tensor).numpy().dtype.newbyteorder("<")).tobytes()).hexdigest()


def write(name, entries):
    """Entries under their expressions: a line '## expression', then the text."""
    with open(f"{OUT}/{name}", "w", encoding="utf-8") as out:
        for key, text in entries:
            out.write(f"## {key}\n{text}\n")


def lines(text):
    return text.strip().splitlines()


def generator():
    return torch.Generator().manual_seed(7)


def seeded(expression, show):
    """The values, and behind them the next number of the default generator: as many were drawn."""
    torch.manual_seed(42)
    return show(eval(expression)) + "\n" + bits(torch.rand(1))


# --- values, bit for bit ------------------------------------------------------------------------------------

VALUES = lines("""
init.uniform_(torch.empty(3, 5))
init.uniform_(torch.empty(3, 5), -2.0, 3.0)
init.uniform_(torch.empty(3), 0.0, 1.0, generator=generator())
init.uniform_(torch.empty(3, 5, dtype=torch.float64))
init.uniform_(torch.empty(5, 3).t())
init.normal_(torch.empty(3, 4))
init.normal_(torch.empty(5, 7), 1.0, 0.5)
init.normal_(torch.empty(5, 7, dtype=torch.float64))
init.normal_(torch.empty(3, 4), 0.0, 1.0, generator=generator())
init.normal_(torch.empty(7, 5).t())
init.constant_(torch.empty(2), 0.3)
init.constant_(torch.empty(2, dtype=torch.int64), 3)
init.ones_(torch.empty(2))
init.zeros_(torch.empty(2))
init.eye_(torch.empty(2, 3))
init.eye_(torch.empty(3, 2, dtype=torch.float64))
init.eye_(torch.empty(2, 2, requires_grad=True))
init.dirac_(torch.empty(3, 4, 3))
init.dirac_(torch.empty(4, 3, 2, 3))
init.dirac_(torch.empty(4, 2, 3, 3), 2)
init.dirac_(torch.empty(6, 1, 2, 3, 2), groups=3)
init.dirac_(torch.empty(2, 4, 1), groups=2)
init.dirac_(torch.empty(0, 2, 3))
init.xavier_uniform_(torch.empty(3, 5))
init.xavier_uniform_(torch.empty(3, 2, 2), 1.5)
init.xavier_uniform_(torch.empty(3, 5), gain=init.calculate_gain('relu'), generator=generator())
init.xavier_normal_(torch.empty(3, 5))
init.xavier_normal_(torch.empty(3, 2, 2), 1.5)
init.xavier_normal_(torch.empty(3, 5), generator=generator())
init.kaiming_uniform_(torch.empty(3, 5))
init.kaiming_uniform_(torch.empty(3, 2, 2), a=0.2, mode='fan_out')
init.kaiming_uniform_(torch.empty(3, 5), nonlinearity='tanh')
init.kaiming_uniform_(torch.empty(3, 5), generator=generator())
init.kaiming_normal_(torch.empty(3, 5))
init.kaiming_normal_(torch.empty(3, 2, 2), a=0.2, mode='fan_out')
init.kaiming_normal_(torch.empty(3, 5), nonlinearity='relu')
init.kaiming_normal_(torch.empty(3, 5), nonlinearity='selu', generator=generator())
init.trunc_normal_(torch.empty(4, 9))
init.trunc_normal_(torch.empty(4, 9), std=0.02)
init.trunc_normal_(torch.empty(4, 9), mean=0.5, std=0.02, a=0.49, b=0.6)
init.trunc_normal_(torch.empty(4, 9), mean=0.0, std=1.0, a=2.0, b=3.0)
init.trunc_normal_(torch.empty(4, 9), mean=0.0, std=1.0, a=-0.1, b=0.1)
init.trunc_normal_(torch.empty(4, 9, dtype=torch.float64), mean=1.0, std=2.0, a=0.0, b=5.0)
init.trunc_normal_(torch.empty(4, 9), generator=generator())
init.trunc_normal_(torch.empty(4, 9), mean=4.0, std=1.0, a=0.0, b=1.0)
init.trunc_normal_(torch.empty(0))
init.sparse_(torch.empty(6, 4), 0.3)
init.sparse_(torch.empty(6, 4), sparsity=0.9, std=0.5)
init.sparse_(torch.empty(6, 4), 0.0)
init.sparse_(torch.empty(6, 4), 1.0)
init.sparse_(torch.empty(3, 4), 1.5)
init.sparse_(torch.empty(6, 4), -0.4)
init.sparse_(torch.empty(6, 4), 0.5, generator=generator())
""")
write("values.txt", [(e, seeded(e, bits)) for e in VALUES])

LARGE = lines("""
init.uniform_(torch.empty(500, 700), -0.25, 0.5)
init.normal_(torch.empty(500, 700), 0.1, 3.0)
init.xavier_uniform_(torch.empty(512, 300))
init.xavier_normal_(torch.empty(512, 300))
init.kaiming_uniform_(torch.empty(64, 32, 3, 3), a=5**0.5)
init.kaiming_normal_(torch.empty(64, 32, 7, 7), mode='fan_out', nonlinearity='relu')
init.trunc_normal_(torch.empty(768, 300), std=0.02)
init.trunc_normal_(torch.empty(300, 200), std=1.0, a=-0.5, b=0.5)
init.trunc_normal_(torch.empty(300, 200), std=0.7)
init.sparse_(torch.empty(100, 80), 0.1)
init.dirac_(torch.empty(128, 64, 3, 3), 2)
""")
write("large.txt", [(e, seeded(e, digest)) for e in LARGE])

ORTHOGONAL = lines("""
init.orthogonal_(torch.empty(3, 3))
init.orthogonal_(torch.empty(3, 5))
init.orthogonal_(torch.empty(5, 3))
init.orthogonal_(torch.empty(4, 2, 3), gain=2.0)
init.orthogonal_(torch.empty(8, 2, 3), gain=init.calculate_gain('tanh'))
init.orthogonal_(torch.empty(40, 30))
init.orthogonal_(torch.empty(4, 4, dtype=torch.float64))
init.orthogonal_(torch.empty(4, 4), generator=generator())
init.orthogonal_(torch.empty(0, 4))
init.orthogonal_(torch.empty(1, 1))
""")
write("orthogonal.txt", [(e, seeded(e, bits)) for e in ORTHOGONAL])

# --- gains --------------------------------------------------------------------------------------------------

NONLINEARITIES = ("linear conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d sigmoid tanh relu "
                  "leaky_relu selu").split()
write("gains.txt", [(n, init.calculate_gain(n)) for n in NONLINEARITIES]
      + [(f"{n} {p}", init.calculate_gain(n, p)) for n in ("leaky_relu", "relu", "tanh") for p in (0.3, 0, -1.5, 2)])

# --- errors and warnings ------------------------------------------------------------------------------------

ERRORS = lines("""
init.eye_(torch.zeros(3))
init.eye_(torch.zeros(3, 3, 3))
init.dirac_(torch.zeros(3, 3))
init.dirac_(torch.zeros(1, 1, 1, 1, 1, 1))
init.dirac_(torch.zeros(3, 3, 3), 2)
init.sparse_(torch.zeros(3), 0.5)
init.sparse_(torch.zeros(3, 3, 3), 0.5)
init.sparse_(torch.zeros(3, 3), float('nan'))
init.orthogonal_(torch.zeros(3))
init.xavier_uniform_(torch.zeros(3))
init.xavier_normal_(torch.tensor(1.0))
init.kaiming_uniform_(torch.zeros(3))
init.kaiming_normal_(torch.zeros(3))
init.kaiming_normal_(torch.zeros(3, 3), mode='fan_avg')
init.kaiming_normal_(torch.zeros(3, 3), nonlinearity='swish')
init.calculate_gain('gelu')
init.uniform_(torch.zeros(3), 2.0, 1.0)
init.normal_(torch.zeros(3), 0.0, -1.0)
init.uniform_(torch.zeros(3, dtype=torch.int64))
init.normal_(torch.zeros(3, dtype=torch.int64))
init.trunc_normal_(torch.zeros(3), std=0.0)
init.xavier_uniform_(torch.zeros(0, 0))
init.dirac_(torch.zeros(3, 3, 3), 0)
""")


def error(expression):
    try:
        eval(expression)
    except Exception as e:
        return str(e)
    raise AssertionError(f"{expression} raised nothing")


write("errors.txt", [(e, error(e)) for e in ERRORS])

WARNINGS = lines("""
init.kaiming_uniform_(torch.empty(0, 3))
init.kaiming_normal_(torch.empty(3, 0))
init.trunc_normal_(torch.empty(3), mean=5.0)
init.trunc_normal_(torch.empty(3), mean=-5.0)
init.trunc_normal_(torch.empty(3))
""")


def warning(expression):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        eval(expression)
    return "\n".join(str(w.message) for w in caught)


write("warnings.txt", [(e, warning(e)) for e in WARNINGS])
