"""Records what repr(tensor) prints: python3 tensor_print.py > print.json (in tensor/src/test/resources/org/jtorch)."""

import base64
import json
import warnings

import torch

warnings.filterwarnings("ignore")
cases = []


def raw(t):
    t = t.detach().contiguous()
    if t.numel() == 0:
        return ""
    return base64.b64encode(bytes(t.reshape(-1).view(torch.uint8).tolist())).decode()


def case(t, **more):
    """A tensor by its elements."""
    cases.append({
        "dtype": str(t.dtype), "shape": list(t.shape), "data": raw(t),
        "requires_grad": t.requires_grad, "expected": repr(t), **more,
    })


def made(name, t):
    """A tensor that the Java side makes under the same name."""
    cases.append({"make": name, "expected": repr(t)})


g = torch.Generator().manual_seed(0)
nan, inf = float("nan"), float("inf")

# single values
for v in [0.0, -0.0, 1.0, -2.0, 3.14159, 1e-5, 1e8, 1.5e8, 123456.789, 1e-38, nan, inf, -inf, 0.00005, 1.00005, 2.5, 0.5]:
    case(torch.tensor(v))
case(torch.tensor(7))
case(torch.tensor(True))
case(torch.tensor(1.5, dtype=torch.float64))
case(torch.tensor(1 - 2j))
case(torch.tensor(complex(nan, -inf)))

# vectors of floats and how they are scaled
case(torch.tensor([1.0, 2.0, 3.0]))
case(torch.tensor([1.0, 2.5, -3.0]))
case(torch.tensor([1.0, 1000.0]))
case(torch.tensor([1.0, 1001.0]))
case(torch.tensor([1.0, 1001.5]))
case(torch.tensor([0.0, 0.0, 0.0]))
case(torch.tensor([-0.0, 0.0, nan]))
case(torch.tensor([nan, nan]))
case(torch.tensor([inf, 1.0, -inf, nan]))
case(torch.tensor([inf, 1.5, -inf, nan]))
case(torch.tensor([inf, 1e-10, -inf, nan, 0.0]))
case(torch.tensor([1e-4, 5e-4]))
case(torch.tensor([9e-5, 5e-4]))
case(torch.tensor([1e8]))
case(torch.tensor([1.0000001e8, 1e6]))
case(torch.tensor([-1e9, 3e9]))
case(torch.tensor([1.5, 1e20]))
case(torch.tensor([3.4028235e38, 1e-45]))
case(torch.tensor([0.99995, 0.99996, 9.99995]))
case(torch.tensor([0.12345, 0.00015, 0.00025], dtype=torch.float64))
case(torch.tensor([1e300, -1e-300], dtype=torch.float64))
case(torch.randn(7, generator=g))
case(torch.randn(40, generator=g))
case(torch.randn(23, generator=g) * 1e5)

# integers and truth values
case(torch.tensor([1, -20, 300]))
case(torch.arange(100))
case(torch.tensor([-(2**63), 2**63 - 1]))
for d in [torch.int32, torch.int16, torch.int8, torch.uint8]:
    case(torch.tensor([1, 2, 100], dtype=d))
case(torch.tensor([65535, 1]).to(torch.uint16))
case(torch.tensor([2**32 - 1, 1]).to(torch.uint32))
case(torch.tensor([-1, 1]).view(torch.uint64))
case(torch.tensor([True, False, True]))
case(torch.rand(5, 6, generator=g) > 0.5)

# narrow floats
case(torch.tensor([1.0, 2.0, 0.33], dtype=torch.float16))
case(torch.tensor([65504.0, 6e-8], dtype=torch.float16))
case(torch.tensor([1.0, 2.0, 0.33], dtype=torch.bfloat16))
case(torch.tensor([3e38, 1.0], dtype=torch.bfloat16))
for d in [torch.float8_e5m2, torch.float8_e4m3fn, torch.float8_e5m2fnuz, torch.float8_e4m3fnuz]:
    case(torch.tensor([1.0, 0.4, -3.5, 0.0]).to(d))
case(torch.tensor([127, 130, 120, 128], dtype=torch.uint8).view(torch.float8_e8m0fnu))
case(torch.tensor([127, 130, 120, 128], dtype=torch.uint8).view(torch.float4_e2m1fn_x2))

# complex numbers
case(torch.tensor([1 + 2j, -3.5 - 0.25j]))
case(torch.tensor([1 + 2j, -3 - 4j]))
case(torch.tensor([1e10 + 2j, -3 - 4e-9j], dtype=torch.complex128))
case(torch.randn(11, generator=g, dtype=torch.complex64))
case(torch.tensor([complex(0, nan), complex(inf, -0.0)]))
case(torch.arange(8, dtype=torch.uint8).view(torch.complex32))

# shapes
case(torch.zeros(2, 3))
case(torch.randn(2, 3, generator=g))
case(torch.randn(2, 2, 3, generator=g))
case(torch.randn(2, 1, 2, 3, generator=g))
case(torch.randn(3, 30, generator=g))
case(torch.arange(12).reshape(3, 4) * 1000)
case(torch.randn(1, 1, 1, generator=g))
case(torch.zeros(0))
case(torch.zeros(0, 3))
case(torch.zeros(2, 0, dtype=torch.int64))
case(torch.zeros(0, dtype=torch.bool))
case(torch.zeros(3, 0, 2, dtype=torch.float64))

# summaries
case(torch.arange(1000))
case(torch.arange(1001))
case(torch.arange(1001).to(torch.float32))
case(torch.arange(1200).reshape(4, 300).to(torch.float32) / 7)
case(torch.arange(1200).reshape(300, 4))
case(torch.arange(1210).reshape(10, 11, 11))
case(torch.arange(1152).reshape(2, 8, 9, 8).to(torch.float64) / 3)
case((torch.arange(1100) % 3 == 0))
case(torch.randn(600, 2, generator=g, dtype=torch.complex64))
case(torch.cat([torch.ones(500), torch.tensor([1e9]), torch.ones(600)]))
case(torch.arange(1100).to(torch.float16) / 3)

# with suffixes
case(torch.tensor([1.0, 2.0], requires_grad=True))
case(torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True))
case(torch.arange(9, dtype=torch.int32) * 10**8)
case(torch.arange(10, dtype=torch.int16) * 300)
x = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], requires_grad=True)
made("add", x + 1)
made("view", x.view(6))
made("matmul", x @ x.t())
made("mean", x.mean())
made("sliceSetItem", (lambda y: (y[0].fill_(9.0), y)[1])(x * 1))
made("transposed", x.detach().t())
made("strided", torch.arange(3000).reshape(30, 100)[::2, ::3])
made("expanded", torch.tensor([[1.0], [2.0]]).expand(2, 4))
made("expandedLarge", torch.tensor([[1.0], [2.0]]).expand(2, 4000))
made("meta", torch.zeros(2, 3, device="meta"))
made("metaInt", torch.zeros(2, device="meta", dtype=torch.int64))
made("metaGrad", torch.zeros(0, device="meta", requires_grad=True))
made("conj", torch.tensor([1 + 2j, 3 - 4j]).conj())
made("conjImag", torch.tensor([1 + 2j, 3 - 4j]).conj().imag)
made("sparse", torch.sparse_coo_tensor([[0, 1], [1, 0]], [1.5, 2.0], (2, 3)))
made("sparseEmpty", torch.sparse_coo_tensor(torch.zeros(2, 0, dtype=torch.int64), torch.zeros(0), (2, 2)))
made("csr", torch.tensor([[0.0, 2.0], [3.0, 0.0]]).to_sparse_csr())
made("quantized", torch.quantize_per_tensor(torch.tensor([1.0, 2.0]), 0.1, 10, torch.quint8))
made("mkldnn", torch.ones(2, 2).to_mkldnn())

# options
data = torch.randn(40, 3, generator=g)
for options in [{"precision": 2}, {"precision": 0}, {"threshold": 5}, {"edgeitems": 1, "threshold": 5}, {"linewidth": 30},
                {"sci_mode": True}, {"sci_mode": False, "threshold": 5}, {"edgeitems": 0, "threshold": 5}]:
    with torch._tensor_str.printoptions(**options):
        case(data, options=options)
        case(data[:, 0].contiguous(), options=options)
        case(torch.arange(12).reshape(2, 6), options=options)

print(json.dumps({"torch": torch.__version__, "cases": cases}, indent=0))
