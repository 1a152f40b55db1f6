"""Records a case or more of each op: python3 tensor_ops.py > ops.json (in tensor/src/test/resources/org/jtorch)."""

import json
import math
import re
import sys
import warnings

import torch
import torch.nn.functional as F

warnings.filterwarnings("ignore")
cases = []
SEED = 123


class Arg:
    """An argument of a Java type; value is what Python is called with."""

    def __init__(self, kind, value, json_value=None):
        self.kind, self.value, self.json_value = kind, value, json_value if json_value is not None else value


L = lambda v: Arg("long", v)
Ls = lambda *v: Arg("long[]", list(v))
D = lambda v: Arg("double", v)
N = lambda v: Arg("Number", v)
B = lambda v: Arg("boolean", v)
S = lambda v: Arg("String", v)
DT = lambda v: Arg("DType", v, str(v))
Dev = lambda v: Arg("Device", v)
O = lambda v: Arg("TensorOptions", v, str(v))
MF = lambda v: Arg("MemoryFormat", v, str(v).replace("torch.", "").upper())
G = lambda: Arg("Generator", None, "null")
Null = lambda kind: Arg(kind, None, "null")


def number(v):
    if isinstance(v, float) and not math.isfinite(v):
        return "nan" if math.isnan(v) else "inf" if v > 0 else "-inf"
    return v


def plain(t):
    t = t.detach().resolve_conj().resolve_neg()
    if t.layout != torch.strided:
        t = t.to_dense()
    out = {"dtype": str(t.dtype), "shape": list(t.shape)}
    if t.is_complex():
        t = torch.view_as_real(t.to(torch.complex128))
    elif t.is_floating_point():
        digits = "%.17g" if t.dtype == torch.float64 else "%.9g"
        out["data"] = [number(float(digits % v)) for v in t.reshape(-1).tolist()]
        return out
    out["data"] = [number(v) for v in t.reshape(-1).tolist()]
    return out


def write(a):
    if isinstance(a, torch.Tensor):
        return {"kind": "Tensor", "value": plain(a)}
    if isinstance(a, list):
        return {"kind": "List", "value": [plain(t) for t in a]}
    return {"kind": a.kind, "value": number(a.json_value)}


def unwrap(a):
    if isinstance(a, Arg):
        return a.value
    if isinstance(a, list):
        return [t.clone() for t in a]
    return a.clone() if isinstance(a, torch.Tensor) else a


def snake(name):
    return re.sub("([A-Z])", lambda m: "_" + m.group(1).lower(), name)


def result(r):
    if isinstance(r, torch.Tensor):
        return plain(r)
    if isinstance(r, (tuple, list)):
        return [plain(t) for t in r]
    return r


def find(name):
    s = snake(name)
    if s.startswith("linalg_"):
        return getattr(torch.linalg, s[7:])
    for home in (torch, torch.Tensor, torch.special, F, torch._C._nn, torch.ops.aten):
        if hasattr(home, s):
            return getattr(home, s)
    raise AttributeError(s)


# what Python takes by keyword alone, by op and number of arguments
KEYWORDS = {("add", 3): "alpha", ("sub", 3): "alpha", ("rsub", 3): "alpha", ("div", 3): "rounding_mode", ("softmax", 3): "dtype",
            ("logSoftmax", 3): "dtype", ("logspace", 4): "base"}


def record(static, name, args, fn, options):
    fn = fn or find(name)
    keyword = KEYWORDS.get((name, len(args)))
    if keyword and isinstance(args[-1], Arg):
        plain_fn, fn = fn, lambda *a: plain_fn(*a[:-1], **{keyword: a[-1]})
    torch.manual_seed(SEED)
    try:
        r = fn(*[unwrap(a) for a in args])
    except Exception as e:
        print("failed:", name, type(e).__name__, e, file=sys.stderr)
        return
    cases.append({"op": name, "static": static, "args": [write(a) for a in args], "result": result(r), **options})


def c(name, *args, fn=None, **options):
    """An op called on its first argument."""
    record(False, name, args, fn, options)


def s(name, *args, fn=None, **options):
    """A static of Torch."""
    record(True, name, args, fn, options)


g = torch.Generator().manual_seed(1)
T = torch.tensor


def rn(*shape):
    return torch.randn(*shape, generator=g)


def ru(*shape):
    return torch.rand(*shape, generator=g)


x, y, w = rn(2, 3), rn(2, 3), ru(2, 3)
p, q = ru(2, 3) + 0.1, ru(2, 3) + 0.1
i, j = T([[1, 5, 6], [12, 3, 7]]), T([[2, 3, 4], [5, 1, 3]])
bx, by = T([True, False, True]), T([True, True, False])
z = torch.complex(rn(3), rn(3))
odd = T([1.5, float("nan"), float("inf"), -float("inf"), -0.5, 0.0])
mask = T([[True, False, True], [False, False, True]])

# Options of a case: signs (columns may be turned), twin=False (no in-place form of this one), function=False (no static form),
# sparse (called on the tensor made sparse).

# --- pointwise
c("add", x, y)
c("add", x, y, N(2))
c("add", x, N(1.5))
c("add", x, N(2), N(3))
c("add", i, N(2))
c("sub", x, y)
c("sub", x, y, N(2))
c("sub", x, N(1.5))
c("sub", x, N(1), N(3))
c("rsub", x, y)
c("rsub", x, N(2))
c("rsub", x, N(2), N(3))
c("rsub", x, y, N(2))
c("mul", x, y)
c("mul", x, N(2.5))
c("div", x, q)
c("div", x, N(4))
c("div", x, q, S("floor"))
c("div", x, N(0.3), S("trunc"))
c("div", x, q, Null("String"))
c("floorDivide", x, q)
c("floorDivide", x, N(0.5))
c("remainder", x, q)
c("remainder", x, N(0.7))
c("fmod", x, q)
c("fmod", x, N(0.7))
c("pow", p, y)
c("pow", x, N(3))
s("pow", N(2), x)
c("floatPower", p, y, twin=False)
c("floatPower", p, N(2), twin=False)
c("floatPower", p.double(), N(2))
c("floatPower", p.double(), y.double())
c("neg", x)
c("positive", x)
for name in ["abs", "sign", "sgn", "exp", "exp2", "expm1", "sin", "cos", "tan", "atan", "sinh", "cosh", "tanh", "asinh", "erf",
             "erfc", "sigmoid", "floor", "ceil", "round", "trunc", "frac", "square", "relu", "relu6", "selu", "silu", "mish",
             "hardsigmoid", "hardswish", "logSigmoid", "deg2rad", "rad2deg", "sinc", "isnan", "isinf", "isfinite", "isposinf",
             "isneginf", "isreal", "logicalNot", "i0", "ndtr", "logNdtr", "erfcx"]:
    c(name, x * 2, fn=F.logsigmoid if name == "logSigmoid" else F.relu6 if name == "relu6" else None)
for name in ["isnan", "isinf", "isfinite", "isposinf", "isneginf", "nanToNum"]:
    c(name, odd)
for name in ["log", "log2", "log10", "log1p", "sqrt", "rsqrt", "reciprocal", "lgamma", "digamma", "entr"]:
    c(name, p)
for name in ["asin", "acos", "atanh", "erfinv", "logit"]:
    c(name, w * 0.9)
c("acosh", p + 1)
c("logit", w, N(0.1))
c("nanToNum", odd, N(7.0), N(8.0), Null("Number"), fn=lambda a, b, d, e: torch.nan_to_num(a, b, d, e))
c("polygamma", p, L(1), fn=lambda a, n: torch.polygamma(n, a))
c("round", x * 10, L(1), fn=lambda a, n: torch.round(a, decimals=n))
c("addcmul", x, y, w)
c("addcmul", x, y, w, N(0.5), fn=lambda a, b, d, v: torch.addcmul(a, b, d, value=v))
c("addcdiv", x, y, q)
c("addcdiv", x, y, q, N(0.5), fn=lambda a, b, d, v: torch.addcdiv(a, b, d, value=v))
c("lerp", x, y, N(0.3))
c("lerp", x, y, w)
for name in ["maximum", "minimum", "fmax", "fmin", "hypot", "atan2", "logaddexp", "logaddexp2", "copysign", "nextafter", "eq", "ne", "lt", "le",
             "gt", "ge", "isclose"]:
    c(name, x, y)
for name in ["eq", "ne", "lt", "le", "gt", "ge", "copysign"]:
    c(name, x, N(-0.25))
c("isclose", x, x + 0.01, D(0.0), D(0.1), B(False))
c("ldexp", x, T([[1, 2, 3], [0, -1, 4]]))
c("gcd", i, j)
c("lcm", i, j)
c("xlogy", x, p)
c("xlog1py", x, p)
c("heaviside", x, y)
c("clamp", x, N(-0.5), N(0.5))
c("clamp", x, N(0))
c("clamp", x, Null("Number"), N(0.2))
c("clamp", x, -p, q)
c("clampMin", x, N(0.1))
c("clampMax", x, N(0.1))
c("clampMin", x, y)
c("clampMax", x, y)
c("equal", x, x)
c("equal", x, y)
c("isSameSize", x, y)
c("isNonzero", T([3.0]))
c("allclose", x, x + 1e-9)
c("allclose", x, y, D(1e-5), D(1e-8), B(True))
for name in ["logicalAnd", "logicalOr", "logicalXor"]:
    c(name, bx, by)
for name in ["bitwiseAnd", "bitwiseOr", "bitwiseXor"]:
    c(name, i, j)
    c(name, i, N(6))
c("bitwiseNot", i)
for name in ["bitwiseLeftShift", "bitwiseRightShift"]:
    c(name, i, T([[1, 2, 1], [2, 1, 0]]))
    c(name, i, N(1))
c("leakyRelu", x, fn=F.leaky_relu)
c("leakyRelu", x, N(0.2), fn=F.leaky_relu)
c("elu", x, fn=F.elu)
c("elu", x, N(0.7), N(1), N(1), fn=torch.ops.aten.elu)
c("celu", x)
c("celu", x, N(0.5))
c("gelu", x, fn=F.gelu)
c("gelu", x, S("tanh"), fn=lambda a, k: F.gelu(a, approximate=k))
c("hardtanh", x, fn=F.hardtanh)
c("hardtanh", x, N(-0.3), N(0.4), fn=F.hardtanh)
c("hardshrink", x)
c("hardshrink", x, N(0.2))
c("softshrink", x, fn=F.softshrink)
c("softshrink", x, N(0.2), fn=F.softshrink)
c("softplus", x, fn=F.softplus)
c("softplus", x, N(2), N(1), fn=F.softplus)
c("threshold", x, N(0.1), N(-7))
c("prelu", x, T([0.3]))
c("rrelu", x)
c("rrelu", x, N(0.1), N(0.4), B(True))
c("glu", rn(2, 4), fn=F.glu)
c("glu", rn(4, 3), L(0), fn=F.glu)
c("where", x, mask, y, fn=lambda a, m, b: torch.where(m, a, b), function=False)
c("where", x, mask, N(0), fn=lambda a, m, b: torch.where(m, a, b), function=False)
s("where", mask, x, y)
s("where", mask, x, N(2))
s("where", mask, N(2), x)
s("where", mask, N(2.0), N(3.0))
c("maskedFill", x, mask, N(9))
c("maskedFill", x, mask, T(9.0))
c("fill_", x, N(3))
c("fill_", x, T(3.0))
c("fillDiagonal_", x, N(5))
c("zero_", x)
c("copy_", x, y.double())
c("copy_", x, y, B(False))
for name in ["real", "imag", "angle", "conj", "conjPhysical", "resolveConj", "viewAsReal", "abs", "sgn"]:
    c(name, z, twin=False)
c("viewAsComplex", rn(3, 2))
s("complex", p, q)
s("polar", p, q)

# --- reductions
r3 = rn(2, 3, 4)
for name in ["sum", "mean", "prod", "std", "var", "max", "min", "amax", "amin", "argmax", "argmin", "norm", "median", "logsumexp", "nansum",
             "nanmean", "nanmedian", "countNonzero"]:
    c(name, r3, *([Ls(0, 1, 2)] if name in ("amax", "amin", "logsumexp") else []))
c("all", mask)
c("any", mask)
c("all", mask, L(1))
c("any", mask, L(1), B(True))
c("all", mask, Ls(0, 1), B(False), fn=torch.all)
c("any", mask, Ls(0, 1), B(True), fn=torch.any)
for name in ["sum", "mean"]:
    c(name, r3, Ls(0, 2))
    c(name, r3, Ls(-1), B(True))
    c(name, r3, Ls(1), B(False), DT(torch.float64), fn=lambda a, d, k, t, n=name: getattr(torch, n)(a, d, k, dtype=t))
c("sumAs", i, DT(torch.float32), fn=lambda a, t: a.sum(dtype=t))
c("sumToSize", r3, Ls(3, 1), fn=lambda a, size: a.sum_to_size(size))
nans = T([[1.0, float("nan"), 3.0], [4.0, 5.0, float("nan")]])
c("nansum", nans, Ls(1), B(True))
c("nanmean", nans, Ls(0), B(False))
c("nanmedian", nans, L(1))
c("prod", r3, L(1))
c("prod", r3, L(1), B(True), DT(torch.float64), fn=lambda a, d, k, t: torch.prod(a, d, k, dtype=t))
for name in ["std", "var"]:
    c(name, r3, B(False))
    c(name, r3, Ls(0, 2), B(True))
    c(name, r3, Ls(1), N(0), B(True), fn=lambda a, d, k, e, n=name: getattr(torch, n)(a, d, correction=k, keepdim=e))
    c(name, r3, Ls(2), Null("Number"), B(False), fn=lambda a, d, k, e, n=name: getattr(torch, n)(a, d, correction=1))
c("stdMean", r3, Ls(1))
c("varMean", r3, Ls(1, 2), N(0), B(True), fn=lambda a, d, k, e: torch.var_mean(a, d, correction=k, keepdim=e))
for name in ["max", "min", "median", "mode", "argmax", "argmin"]:
    c(name, r3, L(1))
    c(name, r3, L(-1), B(True))
c("amax", r3, Ls(1, 2), B(True))
c("amin", r3, Ls(0), B(False))
c("aminmax", r3, fn=lambda a: torch.aminmax(a))
c("aminmax", r3, N(1), B(True), fn=lambda a, d, k: torch.aminmax(a, dim=d, keepdim=k))
c("countNonzero", mask, Ls(1))
c("logsumexp", r3, Ls(1), B(True))
c("norm", r3, N(1))
c("norm", r3, N(3), Ls(1, 2), B(True))
c("dist", x, y)
c("dist", x, y, N(1))
c("kthvalue", r3, L(2))
c("kthvalue", r3, L(2), L(1), B(True))
c("cumsum", r3, L(1))
c("cumprod", r3, L(2))
c("cumsum", i, L(1), DT(torch.float64), fn=lambda a, d, t: torch.cumsum(a, d, dtype=t), twin=False)
c("cummax", r3, L(1))
c("cummin", r3, L(1))
c("logcumsumexp", r3, L(1))
c("quantile", r3, D(0.3))
c("quantile", r3, D(0.3), N(1), B(True), S("nearest"), fn=lambda a, v, d, k, n: torch.quantile(a, v, d, k, interpolation=n))
c("quantile", x, T([0.2, 0.7]), N(1))
c("nanquantile", nans, D(0.5), N(1))
c("diff", x)
c("diff", x, L(2), L(1))
c("trapezoid", x, fn=lambda a: torch.trapezoid(a))
c("histc", x.reshape(-1), L(4), N(-1), N(1))
c("cov", x)
c("corrcoef", x)

# --- indexing
index = T([2, 0])
c("select", x, L(1), L(2))
c("narrow", x, L(1), L(1), L(2))
c("slice", r3, L(2), N(1), Null("Number"), L(2), fn=lambda a, d, b, e, st: a[:, :, b::st])
c("indexSelect", x, L(1), index)
gi = T([[0, 2, 1], [1, 1, 0]])
c("gather", x, L(1), gi)
c("gather", x, L(1), gi, B(False), fn=lambda a, d, n, sg: torch.gather(a, d, n, sparse_grad=sg))
c("scatter", x, L(1), gi, y)
c("scatter", x, L(1), gi, N(7))
c("scatter", x, L(1), T([[0], [2]]), y, S("add"), fn=lambda a, d, n, v, r: torch.scatter(a, d, n, v, reduce=r))
c("scatterAdd", x, L(1), gi, y)
c("scatterReduce", x, L(1), gi, y, S("amax"))
c("scatterReduce", x, L(1), gi, y, S("mean"), B(False), fn=lambda a, d, n, v, r, k: torch.scatter_reduce(a, d, n, v, r, include_self=k))
c("indexAdd", x, L(1), index, y[:, :2])
c("indexAdd", x, L(1), index, y[:, :2], N(2), fn=lambda a, d, n, v, k: torch.index_add(a, d, n, v, alpha=k))
c("indexReduce", x, L(1), index, y[:, :2], S("amin"))
c("indexCopy", x, L(1), index, y[:, :2])
c("indexFill", x, L(1), index, N(3))
c("indexFill", x, L(1), index, T(3.0))
c("maskedSelect", x, mask)
c("maskedScatter", x, mask, y.reshape(-1))
c("take", x, T([0, 5, 2]))
c("put", x, T([1, 1]), T([5.0, 6.0]), B(True))
c("put", x, T([1, 4]), T([5.0, 6.0]))
c("takeAlongDim", x, gi, L(1), fn=lambda a, n, d: torch.take_along_dim(a, n, d))
c("selectScatter", x, T([8.0, 9.0]), L(1), L(0))
c("sliceScatter", x, T([[8.0], [9.0]]), L(1), N(1), N(2), L(1))
c("diagonalScatter", x, T([8.0, 9.0]))
c("nonzero", mask)
c("argwhere", mask)
c("topk", r3, L(2))
c("topk", r3, L(2), L(1), B(False), B(True))
c("sort", x)
c("sort", x, L(0), B(True))
c("sort", T([3, 1, 3, 1]), L(0), B(True), B(True), fn=lambda a, d, k, st: torch.sort(a, dim=d, descending=k, stable=st))
c("argsort", x)
c("argsort", x, L(0), B(True))
c("msort", x)
edges = T([1.0, 3.0, 5.0])
c("searchsorted", edges, T([0.0, 3.0, 6.0]))
c("searchsorted", edges, T([0.0, 3.0, 6.0]), B(True), B(True), fn=lambda a, v, o, r: torch.searchsorted(a, v, out_int32=o, right=r))
c("bucketize", T([0.0, 3.0, 6.0]), edges)
c("bucketize", T([0.0, 3.0]), edges, B(False), B(True), fn=lambda a, v, o, r: torch.bucketize(a, v, out_int32=o, right=r))
c("bincount", T([1, 3, 1]))
c("bincount", T([1, 3, 1]), T([0.5, 1.0, 2.0]), L(6))
c("isin", i, T([5, 7]))
c("isin", i, T([5, 7]), B(False), B(True), fn=lambda a, b, u, v: torch.isin(a, b, assume_unique=u, invert=v))
s("oneHot", T([0, 2]), L(4), fn=F.one_hot)
c("unique", T([3, 1, 3, 2]), B(True), B(True), B(True), fn=lambda a, st, ri, rc: torch._unique2(a, st, ri, rc))
c("uniqueDim", T([[1, 2], [0, 1], [1, 2]]), L(0), B(True), B(True), B(True), fn=lambda a, *r: torch.ops.aten.unique_dim(a, *r))
c("uniqueConsecutive", T([3, 3, 1, 3]), B(True), B(True), fn=lambda a, ri, rc: torch.ops.aten.unique_consecutive(a, ri, rc))

# --- linear algebra
a3, b3 = rn(2, 3, 4), rn(2, 4, 5)
m, n2 = rn(3, 3), rn(3, 4)
pd = m @ m.t() + 3 * torch.eye(3)
v3, u3 = rn(3), rn(3)
c("matmul", a3, b3)
c("mm", m, n2)
c("bmm", a3, b3)
c("mv", m, v3)
c("dot", v3, u3)
c("vdot", z, z * 2)
c("inner", m, v3)
c("outer", v3, u3)
c("addmm", rn(3, 4), m, n2)
c("addmm", rn(3, 4), m, n2, N(0.5), N(2), fn=lambda t, a, b, k, l: torch.addmm(t, a, b, beta=k, alpha=l))
c("addmv", v3, m, u3)
c("addbmm", rn(3, 5), a3, b3)
c("baddbmm", rn(2, 3, 5), a3, b3)
c("addr", m, v3, u3)
c("cdist", m, n2.t())
c("cdist", m, n2.t(), D(1.0))
c("pdist", m, fn=F.pdist)
c("cross", m, rn(3, 3), fn=torch.linalg.cross)
c("tensordot", a3, b3, Ls(2), Ls(1), fn=lambda a, b, d, e: torch.tensordot(a, b, (d, e)))
c("trace", m)
c("det", m)
c("logdet", pd)
c("inverse", m)
c("matrixPower", m, L(3))
c("matrixExp", m * 0.3)
c("pinverse", n2)
c("kron", x, y)
c("renorm", m, N(2), L(0), N(1))
c("adjoint", n2.to(torch.complex64))
s("einsum", S("ij,jk->ik"), [m, n2], fn=lambda e, ts: torch.einsum(e, *ts))
s("chainMatmul", [m, m, n2], fn=lambda ts: torch.chain_matmul(*ts))
s("linalgMultiDot", [m, m, n2])
c("linalgVectorNorm", x)
c("linalgVectorNorm", x, N(1))
c("linalgVectorNorm", r3, N(3), Ls(1, 2), B(True))
c("linalgMatrixNorm", m)
c("linalgMatrixNorm", a3, S("nuc"))
c("linalgMatrixNorm", m, N(1))
c("linalgNorm", x)
c("linalgNorm", x, N(2))
c("linalgQr", n2)
c("linalgSvd", pd, signs=True)
c("linalgSvdvals", n2)
c("linalgEigh", pd, signs=True)
c("linalgEigvalsh", pd)
c("linalgEigvalsh", pd, S("U"))
c("linalgEig", T([[2.0, 0.0], [0.0, 3.0]]))
c("linalgCholesky", pd)
c("linalgCholesky", pd, B(True), fn=lambda a, u: torch.linalg.cholesky(a, upper=u))
c("linalgSolve", pd, n2)
c("linalgSolveTriangular", m.tril() + 2 * torch.eye(3), n2, B(False), fn=lambda a, b, u: torch.linalg.solve_triangular(a, b, upper=u))
c("linalgLstsq", rn(5, 3), rn(5, 2))
c("linalgInv", m)
c("linalgPinv", n2)
c("linalgDet", m)
c("linalgSlogdet", m)
c("linalgMatrixRank", n2)
c("linalgCond", m)
c("linalgLu", m)

# --- shape
c("view", x, Ls(3, 2))
c("viewAs", x, rn(3, 2))
c("view", x, DT(torch.int32))
c("reshape", x, Ls(-1))
c("reshapeAs", x, rn(6))
c("flatten", r3)
c("flatten", r3, L(1))
c("unflatten", r3, L(2), Ls(2, 2))
c("ravel", r3)
one = rn(1, 3, 1)
c("squeeze", one)
c("squeeze", one, L(0))
c("squeeze", one, Ls(0, 2))
c("unsqueeze", x, L(-1))
c("transpose", r3, L(0), L(2))
c("swapaxes", r3, L(0), L(1))
c("t", x)
c("mT", r3, fn=lambda a: a.mT)
c("mH", z.reshape(1, 3), fn=lambda a: a.mH)
c("permute", r3, Ls(2, 0, 1))
c("movedim", r3, L(0), L(2))
c("movedim", r3, Ls(0, 1), Ls(1, 2))
c("expand", one, Ls(2, 3, 4))
c("expandAs", one, rn(2, 3, 4))
c("broadcastTo", one, Ls(2, 3, 4))
c("repeat", x, Ls(2, 2))
c("tile", x, Ls(2))
c("repeatInterleave", x, L(2), L(1))
c("repeatInterleave", x, L(2))
c("repeatInterleave", x, T([1, 2]), N(0))
c("flip", r3, Ls(0, 2))
c("fliplr", x)
c("flipud", x)
c("roll", x, Ls(1, 1), Ls(0, 1))
c("rot90", x, L(1), Ls(0, 1))
c("split", r3, L(3), L(2), fn=lambda a, k, d: torch.split(a, k, d))
c("split", r3, Ls(1, 3), L(2), fn=lambda a, k, d: torch.split(a, k, d))
c("chunk", r3, L(2), L(2))
c("tensorSplit", r3, L(3), L(2))
c("tensorSplit", r3, Ls(1, 2), L(2))
c("unbind", x)
c("unbind", x, L(1))
c("contiguous", x.t())
c("contiguous", rn(1, 2, 2, 2), MF(torch.channels_last), fn=lambda a, f: a.contiguous(memory_format=f))
c("clone", x)
c("clone", rn(1, 2, 2, 2), MF(torch.channels_last), fn=lambda a, f: a.clone(memory_format=f))
c("alias", x, fn=lambda a: a)
c("detach", x)
c("detach_", x)
c("to", x, DT(torch.float64))
c("to", x, DT(torch.int64), B(False), B(True))
c("to", x, Dev("cpu"))
c("to", x, Dev("cpu"), B(False), B(True), fn=lambda a, d, nb, k: a.to(d, non_blocking=nb, copy=k))
c("to", x, Dev("cpu"), DT(torch.float64))
c("to", rn(1, 2, 2, 2), MF(torch.channels_last), fn=lambda a, f: a.to(memory_format=f))
c("to", x, T(1, dtype=torch.int16))
c("typeAs", x, T(1, dtype=torch.int16))
c("cpu", x, fn=lambda a: a.cpu())
for name, t in [("half", "half"), ("bfloat16", "bfloat16"), ("float32", "float"), ("float64", "double"), ("int32", "int"), ("int64", "long"), ("bool", "bool")]:
    c(name, x, fn=lambda a, t=t: getattr(a, t)())
c("toSparse", x)
c("toDense", x, fn=lambda a: a)
c("coalesce", x, sparse=True, fn=lambda a: a)
c("tril", m)
c("tril", m, L(1))
c("triu", m)
c("triu", m, L(-1))
c("diag", v3)
c("diag", m, L(1))
c("diagonal", r3)
c("diagonal", r3, L(1), L(1), L(2))
c("diagEmbed", x)
c("diagflat", x)
c("unfold", x, L(1), L(2), L(1))
c("asStrided", x, Ls(2, 2), Ls(1, 2), N(1))
s("cat", [x, y])
s("cat", [x, y], L(1))
s("stack", [x, y])
s("stack", [x, y], L(2))
s("hstack", [x, y])
s("vstack", [x, y])
s("dstack", [x, y])
s("columnStack", [v3, u3])
s("blockDiag", [x, y], fn=lambda ts: torch.block_diag(*ts))
s("meshgrid", [v3, u3], S("ij"), fn=lambda ts, k: torch.meshgrid(*ts, indexing=k))
s("cartesianProd", [v3, u3], fn=lambda ts: torch.cartesian_prod(*ts))
s("broadcastTensors", [one, rn(2, 3, 4)], fn=lambda ts: torch.broadcast_tensors(*ts))
s("combinations", v3)
s("combinations", v3, L(2), B(True))
s("vander", v3)
s("vander", v3, N(2), B(True), fn=lambda a, k, r: torch.vander(a, k, increasing=r))
c("atleast1d", T(1.0), fn=torch.atleast_1d)
c("atleast2d", v3, fn=torch.atleast_2d)
c("atleast3d", v3, fn=torch.atleast_3d)

# --- random: the same stream
for name in ["uniform_", "normal_", "exponential_", "random_", "cauchy_", "logNormal_"]:
    c(name, torch.zeros(2, 9))
c("uniform_", torch.zeros(20), D(-1.0), D(1.0))
c("normal_", torch.zeros(20), D(1.0), D(2.0))
c("bernoulli_", torch.zeros(20))
c("bernoulli_", torch.zeros(20), D(0.3))
c("bernoulli_", torch.zeros(6), ru(6))
c("geometric_", torch.zeros(9), D(0.3))
c("random_", torch.zeros(9), L(10))
c("random_", torch.zeros(9), L(5), L(10))
c("exponential_", torch.zeros(9), D(2.0))
c("bernoulli", ru(20), twin=False)
c("poisson", p * 5)
c("multinomial", T([0.2, 0.3, 0.5]), L(2))
c("multinomial", T([0.2, 0.3, 0.5]), L(6), B(True))
c("newZeros", x, Ls(2, 2), fn=lambda a, k: a.new_zeros(k))
c("newOnes", i, Ls(2), fn=lambda a, k: a.new_ones(k))
c("newEmpty", x, Ls(0, 2), fn=lambda a, k: a.new_empty(k))
c("newFull", x, Ls(2), N(3))
c("newZeros", x, Ls(2), O(torch.int64), fn=lambda a, k, o: a.new_zeros(k, dtype=o))

# --- factories
for name in ["zeros", "ones", "rand", "randn"]:
    s(name, Ls(2, 3))
    s(name, Ls(2, 3), O(torch.float64), fn=lambda k, o, n=name: getattr(torch, n)(k, dtype=o))
    if name[0] != "r":
        s(name, Ls(2, 3), DT(torch.int64), fn=lambda k, o, n=name: getattr(torch, n)(k, dtype=o))
s("rand", Ls(2), Null("Generator"), O(torch.float64), fn=lambda k, gen, o: torch.rand(k, dtype=o))
s("randn", Ls(2), Null("Generator"), fn=lambda k, gen: torch.randn(k))
s("empty", Ls(0, 3))
s("empty", Ls(0), DT(torch.int8), fn=lambda k, o: torch.empty(k, dtype=o))
s("empty", Ls(0), O(torch.int8), fn=lambda k, o: torch.empty(k, dtype=o))
s("emptyStrided", Ls(0, 2), Ls(1, 1))
s("full", Ls(2), N(3))
s("full", Ls(2), N(3.5))
s("full", Ls(2), N(3), DT(torch.float64), fn=lambda k, v, o: torch.full(k, v, dtype=o))
s("full", Ls(2), N(3), O(torch.int8), fn=lambda k, v, o: torch.full(k, v, dtype=o))
s("eye", L(3))
s("eye", L(2), O(torch.int64), fn=lambda k, o: torch.eye(k, dtype=o))
s("eye", L(2), L(3))
s("arange", N(5))
s("arange", N(2.5))
s("arange", N(5), O(torch.float64), fn=lambda k, o: torch.arange(k, dtype=o))
s("arange", N(1), N(4))
s("arange", N(1), N(4), N(2))
s("arange", N(0), N(1), N(0.25), O(torch.float64), fn=lambda a, b, d, o: torch.arange(a, b, d, dtype=o))
s("linspace", N(0), N(1), L(5))
s("logspace", N(0), N(2), L(3))
s("logspace", N(0), N(2), L(3), D(2.0))
s("trilIndices", L(3), L(3))
s("triuIndices", L(3), L(3), L(1))
s("randint", L(5), L(10), Ls(5))
s("randint", L(5), L(10), Ls(5), O(torch.float32), fn=lambda a, b, k, o: torch.randint(a, b, k, dtype=o))
s("randint", L(5), L(10), Ls(5), Null("Generator"), fn=lambda a, b, k, gen: torch.randint(a, b, k))
s("randperm", L(9))
s("randperm", L(9), Null("Generator"), fn=lambda k, gen: torch.randperm(k))
s("normal", x, p)
s("normal", x, D(0.5))
s("normal", D(0.5), p)
s("normal", D(0.5), D(2.0), Ls(5))
for name in ["zerosLike", "onesLike", "randLike", "randnLike"]:
    s(name, x)
    s(name, x, O(torch.float64), fn=lambda a, o, n=name: getattr(torch, snake(n))(a, dtype=o))
s("emptyLike", torch.zeros(0, 2))
s("emptyLike", torch.zeros(0, 2), O(torch.int8), fn=lambda a, o: torch.empty_like(a, dtype=o))
s("fullLike", x, N(3))
s("fullLike", x, N(3), O(torch.int8), fn=lambda a, v, o: torch.full_like(a, v, dtype=o))
s("randintLike", x, L(1), L(5))
for name in ["hannWindow", "hammingWindow", "blackmanWindow", "bartlettWindow"]:
    s(name, L(6))
    s(name, L(6), B(False))

# --- neural
NT = Null("Tensor")
img, seq, vol = rn(2, 4, 6, 5), rn(2, 4, 7), rn(1, 2, 4, 4, 4)
aten = torch.ops.aten
c("linear", x, rn(4, 3), fn=F.linear)
c("linear", x, rn(4, 3), rn(4), fn=F.linear)
c("bilinear", x, y, rn(4, 3, 3), fn=F.bilinear)
c("conv1d", seq, rn(3, 4, 2), rn(3), Ls(1), Ls(1), Ls(1), L(1))
c("conv2d", img, rn(4, 2, 3, 3), NT, Ls(2, 1), Ls(1, 0), Ls(1, 1), L(2))
c("conv3d", vol, rn(2, 2, 2, 2, 2), rn(2), Ls(1, 1, 1), Ls(0, 0, 0), Ls(1, 1, 1), L(1))
c("conv1d", seq, rn(3, 4, 3), rn(3), Ls(1), S("same"), Ls(1), L(1))
c("conv2d", img, rn(2, 4, 3, 3), NT, Ls(1, 1), S("same"), Ls(1, 1), L(1))
c("conv3d", vol, rn(2, 2, 3, 3, 3), NT, Ls(1, 1, 1), S("valid"), Ls(1, 1, 1), L(1))
c("convTranspose1d", seq, rn(4, 3, 2), NT, Ls(2), Ls(0), Ls(1), L(1), Ls(1), fn=torch.conv_transpose1d)
c("convTranspose2d", img, rn(4, 3, 2, 2), rn(3), Ls(2, 2), Ls(0, 0), Ls(0, 0), L(1), Ls(1, 1), fn=torch.conv_transpose2d)
c("convTranspose3d", vol, rn(2, 2, 2, 2, 2), NT, Ls(1, 1, 1), Ls(0, 0, 0), Ls(0, 0, 0), L(1), Ls(1, 1, 1), fn=torch.conv_transpose3d)
c("maxPool1d", seq, Ls(2), Ls(2), Ls(0), Ls(1), B(False), fn=torch.max_pool1d)
c("maxPool2d", img, Ls(2, 2), Ls(2, 2), Ls(0, 0), Ls(1, 1), B(True), fn=torch.max_pool2d)
c("maxPool3d", vol, Ls(2, 2, 2), Ls(2, 2, 2), Ls(0, 0, 0), Ls(1, 1, 1), B(False), fn=torch.max_pool3d)
c("maxPool1dWithIndices", seq, Ls(2), Ls(2), Ls(0), Ls(1), B(False), fn=torch.max_pool1d_with_indices)
c("maxPool2dWithIndices", img, Ls(2, 2), Ls(2, 2), Ls(0, 0), Ls(1, 1), B(False), fn=aten.max_pool2d_with_indices)
c("maxPool3dWithIndices", vol, Ls(2, 2, 2), Ls(2, 2, 2), Ls(0, 0, 0), Ls(1, 1, 1), B(False), fn=aten.max_pool3d_with_indices)
pooled, where2 = aten.max_pool2d_with_indices(img, [2, 2]); pooled3, where3 = aten.max_pool3d_with_indices(vol, [2, 2, 2])
c("maxUnpool2d", pooled, where2, Ls(6, 5), fn=aten.max_unpool2d)
c("maxUnpool3d", pooled3, where3, Ls(4, 4, 4), Ls(2, 2, 2), Ls(0, 0, 0), fn=aten.max_unpool3d)
c("fractionalMaxPool2d", img, Ls(2, 2), Ls(3, 3), ru(2, 4, 2), fn=aten.fractional_max_pool2d)
c("fractionalMaxPool3d", vol, Ls(2, 2, 2), Ls(2, 2, 2), ru(1, 2, 3), fn=aten.fractional_max_pool3d)
c("avgPool1d", seq, Ls(2), Ls(2), Ls(1), B(False), B(True), fn=torch.avg_pool1d)
c("avgPool2d", img, Ls(2, 2), Ls(2, 2), Ls(1, 1), B(False), B(False), Null("Number"), fn=aten.avg_pool2d)
c("avgPool2d", img, Ls(2, 2), Ls(2, 2), Ls(0, 0), B(True), B(True), N(3), fn=aten.avg_pool2d)
c("avgPool3d", vol, Ls(2, 2, 2), Ls(2, 2, 2), Ls(0, 0, 0), B(False), B(True), Null("Number"), fn=aten.avg_pool3d)
c("adaptiveAvgPool1d", seq, Ls(3), fn=torch.adaptive_avg_pool1d)
c("adaptiveAvgPool2d", img, Ls(3, 2), fn=aten.adaptive_avg_pool2d)
c("adaptiveAvgPool3d", vol, Ls(2, 1, 3), fn=aten.adaptive_avg_pool3d)
c("adaptiveMaxPool1d", seq, Ls(3), fn=aten.adaptive_max_pool1d)
c("adaptiveMaxPool2d", img, Ls(3, 2), fn=aten.adaptive_max_pool2d)
c("adaptiveMaxPool3d", vol, Ls(2, 1, 3), fn=aten.adaptive_max_pool3d)
c("batchNorm", img, rn(4), rn(4), rn(4), ru(4), B(False), D(0.1), D(1e-5), B(True), fn=torch.batch_norm)
c("batchNorm", img, NT, NT, NT, NT, B(True), D(0.1), D(1e-5), B(True), fn=torch.batch_norm)
c("layerNorm", img, Ls(6, 5), rn(6, 5), rn(6, 5), D(1e-5), fn=F.layer_norm)
c("groupNorm", img, L(2), rn(4), rn(4), D(1e-5), fn=F.group_norm)
c("instanceNorm", img, NT, NT, NT, NT, B(True), D(0.1), D(1e-5), B(True), fn=torch.instance_norm)
c("rmsNorm", img, Ls(5), rn(5), N(1e-6), fn=F.rms_norm)
c("rmsNorm", img, Ls(5), NT, Null("Number"), fn=F.rms_norm)
ids = T([[0, 2], [4, 1]])
c("embedding", rn(5, 3), ids, L(-1), B(False), B(False), fn=torch.embedding)
c("embeddingRenorm_", rn(5, 3) * 3, ids, D(1.0), D(2.0), fn=torch.embedding_renorm_)
c("embeddingBag", rn(5, 3), T([0, 2, 4, 1]), T([0, 2]), B(False), L(0), B(False), NT, B(False), Null("Number"), fn=torch.embedding_bag)
for name in ["dropout", "featureDropout", "alphaDropout", "featureAlphaDropout"]:
    c(name, img, D(0.4), B(True))
    c(name, img, D(0.4), B(False))
c("softmax", x, L(-1))
c("softmax", x, L(0), DT(torch.float64))
c("logSoftmax", x, L(1))
c("logSoftmax", x, L(0), DT(torch.float64))
for d, t, k in [(1, seq, (1, 2)), (2, img, (1, 2, 0, 1)), (3, vol, (1, 2, 0, 1, 1, 1))]:
    c(f"reflectionPad{d}d", t, Ls(*k), fn=getattr(aten, f"reflection_pad{d}d"))
    c(f"replicationPad{d}d", t, Ls(*k), fn=getattr(aten, f"replication_pad{d}d"))
c("constantPadNd", img, Ls(1, 0, 2, 1), N(3))
c("constantPadNd", x, Ls(1, 1))
c("pad", img, Ls(1, 0), S("constant"), N(2.0), fn=F.pad)
c("pad", seq, Ls(1, 1), S("circular"), Null("Number"), fn=F.pad)
qkv = [rn(2, 2, 3, 4) for _ in range(3)]
c("scaledDotProductAttention", *qkv, NT, D(0.0), B(True), Null("Number"), B(False), fn=lambda a, b, d, mk, dp, ca, sc, e: F.scaled_dot_product_attention(a, b, d, mk, dp, ca, scale=sc, enable_gqa=e))
c("scaledDotProductAttention", *qkv, rn(3, 3), D(0.0), B(False), N(0.3), B(False), fn=lambda a, b, d, mk, dp, ca, sc, e: F.scaled_dot_product_attention(a, b, d, mk, dp, ca, scale=sc, enable_gqa=e))
logits, classes, pm = rn(4, 3), T([0, 2, 1, 2]), T([1.0, -1.0, 1.0])
lp = torch.log_softmax(logits, 1)
c("nllLoss", lp, classes, NT, L(1), L(-100), fn=aten.nll_loss_nd)
c("crossEntropyLoss", logits, classes, ru(3), L(1), L(2), D(0.1), fn=aten.cross_entropy_loss)
c("crossEntropyLoss", logits, torch.softmax(rn(4, 3), 1), NT, L(0), L(-100), D(0.0), fn=aten.cross_entropy_loss)
c("mseLoss", x, y, L(1), fn=aten.mse_loss)
c("l1Loss", x, y, L(2), fn=aten.l1_loss)
c("smoothL1Loss", x, y, L(0), D(0.5), fn=aten.smooth_l1_loss)
c("huberLoss", x, y, L(1), D(0.5), fn=aten.huber_loss)
c("binaryCrossEntropy", w, mask.float(), NT, L(1), fn=aten.binary_cross_entropy)
c("binaryCrossEntropyWithLogits", x, mask.float(), NT, T([2.0]), L(1), fn=aten.binary_cross_entropy_with_logits)
c("ctcLoss", torch.log_softmax(rn(6, 2, 4), 2), T([[1, 2, 1], [3, 2, 1]]), T([6, 5]), T([3, 2]), L(0), L(1), B(False), fn=torch.ctc_loss)
c("poissonNllLoss", x, p * 3, B(True), B(True), D(1e-8), L(1), fn=torch.poisson_nll_loss)
c("softMarginLoss", v3, pm, L(1), fn=aten.soft_margin_loss)
c("multiMarginLoss", logits, classes, N(1), N(1), NT, L(1), fn=aten.multi_margin_loss)
c("multilabelMarginLoss", logits, T([[0, 2, -1], [1, -1, 0], [2, 1, 0], [0, -1, -1]]), L(1), fn=aten.multilabel_margin_loss)
c("marginRankingLoss", v3, u3, pm, D(0.5), L(1), fn=torch.margin_ranking_loss)
c("hingeEmbeddingLoss", v3, pm, D(1.0), L(1), fn=torch.hinge_embedding_loss)
c("cosineEmbeddingLoss", x, y, T([1.0, -1.0]), D(0.1), L(1), fn=torch.cosine_embedding_loss)
c("tripletMarginLoss", x, y, w, D(1.0), D(2.0), D(1e-6), B(True), L(1), fn=torch.triplet_margin_loss)
c("klDiv", lp, torch.softmax(rn(4, 3), 1), L(1), B(False), fn=lambda a, b, r, k: aten.kl_div(a, b, r, log_target=k))
c("pairwiseDistance", x, y)
c("pairwiseDistance", x, y, D(1.0), D(1e-6), B(True), fn=F.pairwise_distance)
c("cosineSimilarity", x, y)
c("cosineSimilarity", x, y, L(0), D(1e-6))
c("pixelShuffle", img, L(2))
c("pixelUnshuffle", rn(1, 1, 4, 4), L(2))
c("channelShuffle", img, L(2))
c("im2col", img, Ls(2, 2), Ls(1, 1), Ls(0, 0), Ls(1, 1), fn=aten.im2col)
c("col2im", rn(1, 4, 4), Ls(3, 3), Ls(2, 2), Ls(1, 1), Ls(0, 0), Ls(1, 1), fn=aten.col2im)
theta = rn(2, 2, 3)
c("affineGridGenerator", theta, Ls(2, 4, 3, 3), B(False), fn=torch.affine_grid_generator)
c("gridSampler", img, torch.affine_grid_generator(theta, [2, 4, 3, 3], False), L(0), L(1), B(False), fn=torch.grid_sampler)
for d, t, k in [(1, seq, (9,)), (2, img, (9, 8)), (3, vol, (5, 6, 3))]:
    c(f"upsampleNearest{d}d", t, Ls(*k), fn=getattr(aten, f"upsample_nearest{d}d"))
    c(f"upsampleNearestExact{d}d", t, Ls(*k), fn=getattr(aten, f"_upsample_nearest_exact{d}d"))
c("upsampleLinear1d", seq, Ls(9), B(True), fn=aten.upsample_linear1d)
c("upsampleBilinear2d", img, Ls(9, 8), B(False), fn=aten.upsample_bilinear2d)
c("upsampleTrilinear3d", vol, Ls(5, 6, 3), B(False), fn=aten.upsample_trilinear3d)
c("upsampleBicubic2d", img, Ls(9, 8), B(False), fn=aten.upsample_bicubic2d)
c("upsampleBilinear2dAa", img, Ls(3, 4), B(False), fn=aten._upsample_bilinear2d_aa)
c("upsampleBicubic2dAa", img, Ls(3, 4), B(False), fn=aten._upsample_bicubic2d_aa)
c("upsampleBilinear2d", img, Ls(12, 10), B(False), N(2.0), N(2.0), fn=aten.upsample_bilinear2d)
s("weightNorm", rn(3, 4), ru(3, 1), fn=torch._weight_norm)
s("weightNorm", rn(3, 4), ru(1, 4), L(1), fn=torch._weight_norm)
steps = rn(5, 2, 3)


def params(gates):
    return [rn(gates * 4, 3), rn(gates * 4, 4), rn(gates * 4), rn(gates * 4)]


h0, c0, hc = rn(1, 2, 4), rn(1, 2, 4), rn(2, 4)
flags = [B(True), L(1), D(0.0), B(False), B(False)]
packed = torch.nn.utils.rnn.pack_padded_sequence(steps, T([5, 3]))
for name, gates in [("lstm", 4), ("gru", 3), ("rnnTanh", 1), ("rnnRelu", 1)]:
    weights, hidden = params(gates), [h0, c0] if name == "lstm" else h0
    c(name, steps, hidden, weights, *flags, B(False), fn=getattr(torch, snake(name)))
    c(name, packed.data, packed.batch_sizes, hidden, weights, *flags, fn=getattr(torch, snake(name)))
c("lstmCell", x, [hc, hc], *params(4))
c("gruCell", x, hc, *params(3))
c("rnnTanhCell", x, hc, *params(1))
c("rnnReluCell", x, hc, *params(1)[:2], NT, NT)
c("packPaddedSequence", steps, T([5, 3]), B(False), fn=torch._pack_padded_sequence)
c("padPackedSequence", packed.data, packed.batch_sizes, B(False), N(0.0), L(0), fn=torch._pad_packed_sequence)
s("padSequence", [rn(2, 3), rn(4, 3), rn(1, 3)], fn=torch.nn.utils.rnn.pad_sequence)
s("padSequence", [rn(2), rn(3)], B(True), D(7.5), S("left"), fn=torch.nn.utils.rnn.pad_sequence)
c("nativeChannelShuffle", img, L(2), fn=torch.native_channel_shuffle)
s("sparseCooTensor", T([[0, 1], [1, 0]]), rn(2), Ls(2, 3), B(False), fn=lambda i, v, size, _: torch.sparse_coo_tensor(i, v, size))
s("sparseCsrTensor", T([0, 1, 2]), T([1, 0]), rn(2), Ls(2, 3), fn=torch.sparse_csr_tensor)
s("sparseCscTensor", T([0, 1, 2, 2]), T([1, 0]), rn(2), Ls(2, 3), fn=torch.sparse_csc_tensor)
s("sparseBsrTensor", T([0, 1, 2]), T([1, 0]), rn(2, 2, 2), Ls(4, 4), fn=torch.sparse_bsr_tensor)
s("sparseBscTensor", T([0, 1, 2]), T([1, 0]), rn(2, 2, 2), Ls(4, 4), fn=torch.sparse_bsc_tensor)
tall = rn(4, 3).double()
c("geqrf", tall, fn=torch.geqrf)
c("linalgHouseholderProduct", *torch.geqrf(tall), fn=torch.linalg.householder_product)
s("normExceptDim", rn(2, 3, 4), L(2), L(1), fn=torch.norm_except_dim)
c("convTbc", rn(5, 2, 3), rn(2, 3, 4), rn(4), L(1), fn=torch.conv_tbc)

print(json.dumps({"torch": torch.__version__, "seed": SEED, "cases": cases}, separators=(",", ":")))
