"""Records what the tests of functional calls, parametrizations and weight norms compare with.

Usage: in the repository's root, with PyTorch: python3 parity/record/parametrize.py
"""

import warnings

import torch
from torch import nn
from torch.func import functional_call
from torch.nn.utils import parametrizations as P
from torch.nn.utils import parametrize

warnings.simplefilter("ignore")
OUT = "nn/src/test/resources/org/jtorch/nn"
entries = []


def t(tensor):
    """A tensor's shape and its values."""
    return str(list(tensor.shape)) + " " + " ".join(repr(float(v)) for v in tensor.detach().flatten())


def put(key, value):
    if isinstance(value, torch.Tensor):
        value = t(value)
    elif isinstance(value, (list, tuple)):
        value = "\n".join(value)
    entries.append((key, str(value)))


def fails(key, function):
    try:
        function()
    except Exception as e:
        message = e.args[0] if e.args else ""
        put(key, f"{type(e).__name__}: {message}")
    else:
        raise AssertionError(f"{key} did not fail")


def keys(module):
    return list(module.state_dict().keys())


def write(name):
    with open(f"{OUT}/{name}", "w", encoding="utf-8") as out:
        for key, text in entries:
            out.write(f"## {key}\n{text}\n")
    entries.clear()


def grid(*shape):
    """The same values as the tests make: 1/4, -1/2, 3/4, ..."""
    n = 1
    for s in shape:
        n *= s
    i = torch.arange(1, n + 1, dtype=torch.float32)
    return (torch.sin(i) + i / (2 * n)).reshape(shape)


# --- functional calls ---------------------------------------------------------------------------------------


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.foo = nn.Parameter(grid(2))
        self.foo_tied = self.foo
        self.register_buffer("bar", torch.ones(2))

    def forward(self, x):
        self.bar.add_(1)
        return x * self.foo + self.foo_tied * self.bar


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 2)
        self.bn = nn.BatchNorm1d(2)
        self.out = nn.Linear(2, 2, bias=False)

    def forward(self, x):
        return self.out(self.bn(torch.tanh(self.fc(x))))


x = grid(4, 3)
torch.manual_seed(0)
net = Net()
given = {"fc.weight": grid(2, 3).requires_grad_(), "out.weight": grid(2, 2).requires_grad_(), "bn.running_mean": torch.zeros(2)}
y = functional_call(net, given, x)
put("net", y)
put("net running_mean given", given["bn.running_mean"])
put("net running_mean own", net.bn.running_mean)
put("net num_batches_tracked own", net.bn.num_batches_tracked)
first = torch.autograd.grad((y * y * y).sum(), [given["fc.weight"], given["out.weight"]], create_graph=True)
put("net grad fc", first[0])
put("net grad out", first[1])
second = torch.autograd.grad((first[0] ** 2).sum() + (first[1] ** 2).sum(), [given["fc.weight"], given["out.weight"]])
put("net grad grad fc", second[0])
put("net grad grad out", second[1])
put("absent bias given", functional_call(nn.Linear(2, 2, bias=False).requires_grad_(False), {"weight": grid(2, 2), "bias": grid(2)}, grid(3, 2)))
put("bias taken away", functional_call(nn.Linear(2, 2), {"weight": grid(2, 2), "bias": None}, grid(3, 2)))

tied = Tied()
put("tied", functional_call(tied, {"foo": torch.tensor([3.0, 4.0])}, torch.tensor([1.0, 2.0])))
put("tied by the other name", functional_call(tied, {"foo_tied": torch.tensor([3.0, 4.0])}, torch.tensor([1.0, 2.0])))
put("untied", functional_call(tied, {"foo": torch.tensor([3.0, 4.0])}, torch.tensor([1.0, 2.0]), tie_weights=False))
one = torch.tensor([5.0, 6.0])
put("tied twice", functional_call(tied, {"foo": one, "foo_tied": one}, torch.tensor([1.0, 2.0])))
put("several", functional_call(tied, ({"foo": one}, {"bar": torch.zeros(2)}), torch.tensor([1.0, 2.0])))
put("unknown key", functional_call(tied, {"baz": one, "foo": one, "bar": torch.zeros(2)}, torch.tensor([1.0, 2.0])))
put("strict", functional_call(tied, {"foo": one, "bar": torch.zeros(2)}, torch.tensor([1.0, 2.0]), strict=True))
fails("tied apart", lambda: functional_call(tied, {"foo": one, "foo_tied": torch.zeros(2)}, one))
fails("strict missing and unexpected", lambda: functional_call(tied, {"foo": one, "baz": one, "a.b": one}, one, strict=True))
fails("strict missing", lambda: functional_call(tied, {}, one, strict=True))
fails("repeated", lambda: functional_call(tied, ({"foo": one, "bar": one}, {"foo": one}), one))
fails("no such module", lambda: functional_call(net, {"head.weight": one}, x))
put("own after", [t(tied.foo), t(tied.foo_tied)])
write("functional.txt")


# --- parametrizations ---------------------------------------------------------------------------------------


class Symmetric(nn.Module):
    def forward(self, x):
        return x.triu() + x.triu(1).T

    def right_inverse(self, a):
        return a.triu()


class Scale(nn.Module):
    def __init__(self, by):
        super().__init__()
        self.by = nn.Parameter(torch.tensor(by))

    def forward(self, x):
        return x * self.by

    def right_inverse(self, y):
        return y / self.by


class Plus(nn.Module):
    def forward(self, x):
        return x + 1


class RankOne(nn.Module):
    def forward(self, x, y):
        return x.unsqueeze(-1) @ y.unsqueeze(-2)

    def right_inverse(self, z):
        return z[:, 0].clone(), z[0].clone()


class Wider(nn.Module):
    def forward(self, x):
        return torch.cat([x, x])


class Double(nn.Module):
    def forward(self, x):
        return x.double()


class DoubleInverse(Plus):
    def right_inverse(self, y):
        return y.double()


class WiderInverse(Plus):
    def right_inverse(self, y):
        return torch.cat([y, y])


class Holder(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("mean", grid(3))

    def forward(self, x):
        return x * self.mean


def linear():
    m = nn.Linear(3, 3)
    with torch.no_grad():
        m.weight.copy_(grid(3, 3))
        m.bias.copy_(grid(3))
    return m


register = parametrize.register_parametrization
x = grid(2, 3)

m = register(linear(), "weight", Symmetric())
put("symmetric repr", repr(m))
put("symmetric keys", keys(m))
put("symmetric parameters", [n for n, _ in m.named_parameters()])
put("symmetric weight", m.weight)
put("symmetric original", m.parametrizations.weight.original)
put("symmetric y", m(x))
m(x).pow(2).sum().backward()
put("symmetric grad", m.parametrizations.weight.original.grad)
put("symmetric bias grad", m.bias.grad)
original = m.parametrizations.weight.original
g = torch.autograd.grad(m(x).pow(3).sum(), original, create_graph=True)[0]
put("symmetric grad grad", torch.autograd.grad(g.pow(2).sum(), original)[0])
m.weight = torch.ones(3, 3)
put("symmetric set", original)
put("symmetric functional original", functional_call(m, {"parametrizations.weight.original": grid(3, 3)}, x))
fails("symmetric load", lambda: m.load_state_dict({"weight": grid(3, 3)}))
register(m, "weight", Scale(2.0))
register(m, "bias", Plus())
put("stacked repr", repr(nn.Sequential(m, nn.ReLU())))
put("stacked keys", keys(m))
put("stacked weight", m.weight)
put("stacked bias", m.bias)
fails("stacked set", lambda: setattr(m, "bias", torch.zeros(3)))
m.weight = 4 * torch.ones(3, 3)
put("stacked original", original)
parametrize.remove_parametrizations(m, "weight")
put("removed keys", keys(m))
put("removed repr", repr(m))
put("removed same", m.weight is original)
put("removed weight", m.weight)
parametrize.remove_parametrizations(m, "bias", leave_parametrized=False)
put("all removed keys", keys(m))
put("all removed repr", repr(m))
put("all removed bias", m.bias)
fails("not parametrized", lambda: parametrize.remove_parametrizations(m, "bias"))

m = register(linear(), "weight", RankOne())
put("rank one repr", repr(m))
put("rank one keys", keys(m))
put("rank one weight", m.weight)
m(x).sum().backward()
put("rank one grad0", m.parametrizations.weight.original0.grad)
put("rank one grad1", m.parametrizations.weight.original1.grad)
m.weight = grid(3, 3) + 1
put("rank one set0", m.parametrizations.weight.original0)
fails("rank one leave", lambda: parametrize.remove_parametrizations(m, "weight", leave_parametrized=False))
parametrize.remove_parametrizations(m, "weight")
put("rank one removed", m.weight)
put("rank one removed keys", keys(m))

m = register(Holder(), "mean", Plus())
put("buffer repr", repr(m))
put("buffer keys", keys(m))
put("buffer y", m(x))
parametrize.remove_parametrizations(m, "mean")
put("buffer removed keys", keys(m))
put("buffer removed", m.mean)

m = nn.Sequential()
m = linear()
register(m, "weight", Plus())
register(m, "weight", Plus())
put("repeated repr", repr(m))
register(m, "bias", Wider(), unsafe=True)
put("unsafe bias", m.bias)

fails("no tensor", lambda: register(nn.Linear(3, 3), "wight", Plus()))
fails("shape", lambda: register(linear(), "weight", Wider()))
fails("dtype", lambda: register(linear(), "weight", Double()))
fails("inverse dtype", lambda: register(linear(), "weight", DoubleInverse()))
fails("second shape", lambda: register(register(linear(), "weight", Plus()), "weight", Wider()))
fails("second dtype", lambda: register(register(linear(), "weight", Plus()), "weight", Double()))
fails("second inverse dtype", lambda: register(register(linear(), "weight", Plus()), "weight", DoubleInverse()))
fails("second inverse shape", lambda: register(register(linear(), "weight", Plus()), "weight", WiderInverse()))
fails("empty list", lambda: parametrize.ParametrizationList([], torch.ones(1)))

source = register(register(linear(), "weight", Symmetric()), "bias", Plus())
target = nn.Linear(3, 3)
parametrize.transfer_parametrizations_and_params(source, target)
put("transferred keys", keys(target))
put("transferred weight", target.weight)
put("transferred same", target.parametrizations.weight.original is source.parametrizations.weight.original)
holder = Holder()
parametrize.transfer_parametrizations_and_params(source, holder, "weight")
put("transferred new keys", keys(holder))
write("parametrize.txt")


# --- norms --------------------------------------------------------------------------------------------------


def conv(in_channels=2, out_channels=3):
    m = nn.Conv2d(in_channels, out_channels, 2)
    with torch.no_grad():
        m.weight.copy_(grid(*m.weight.shape))
        m.bias.copy_(grid(*m.bias.shape))
    return m


def rect(in_features, out_features):
    m = nn.Linear(in_features, out_features)
    with torch.no_grad():
        m.weight.copy_(grid(*m.weight.shape))
        m.bias.copy_(grid(*m.bias.shape))
    return m


image = grid(1, 2, 3, 3)


def learn(key, m, x):
    """The output, every parameter's gradient, and the gradient of the gradients' length."""
    y = m(x)
    put(f"{key} y", y)
    named = list(m.named_parameters())
    first = torch.autograd.grad((y * y * y).sum(), [p for _, p in named], create_graph=True)
    for (name, _), g in zip(named, first):
        put(f"{key} grad {name}", g)
    second = torch.autograd.grad(sum((g * g).sum() for g in first), [p for _, p in named])
    for (name, _), g in zip(named, second):
        put(f"{key} grad grad {name}", g)


for key, make in [
    ("old weight_norm", lambda: nn.utils.weight_norm(linear())),
    ("old weight_norm conv", lambda: nn.utils.weight_norm(conv(), dim=1)),
    ("old weight_norm all", lambda: nn.utils.weight_norm(linear(), dim=None)),
    ("old weight_norm both", lambda: nn.utils.weight_norm(nn.utils.weight_norm(linear()), "bias")),
    ("weight_norm", lambda: P.weight_norm(linear())),
    ("weight_norm conv", lambda: P.weight_norm(conv(), dim=1)),
    ("weight_norm all", lambda: P.weight_norm(linear(), dim=None)),
]:
    m = make()
    put(f"{key} repr", repr(m))
    put(f"{key} keys", keys(m))
    learn(key, m, image if "conv" in key else x)
    with torch.no_grad():
        for p in m.parameters():
            p.mul_(1.5).add_(0.25)
    put(f"{key} changed", m(image if "conv" in key else x))
    if key.startswith("old"):
        nn.utils.remove_weight_norm(m)
    else:
        parametrize.remove_parametrizations(m, "weight")
    put(f"{key} removed keys", keys(m))
    put(f"{key} removed weight", m.weight)

for key, make, at in [
    ("old spectral_norm", lambda: nn.utils.spectral_norm(rect(3, 2)), x),
    ("old spectral_norm conv", lambda: nn.utils.spectral_norm(conv(), n_power_iterations=2, eps=1e-6, dim=1), image),
    ("spectral_norm", lambda: P.spectral_norm(rect(3, 2)), x),
    ("spectral_norm conv", lambda: P.spectral_norm(conv(), n_power_iterations=2, eps=1e-6, dim=1), image),
    ("spectral_norm bias", lambda: P.spectral_norm(rect(3, 2), "bias"), x),
]:
    torch.manual_seed(5)
    m = make()
    put(f"{key} repr", repr(m))
    put(f"{key} keys", keys(m))
    for name, b in m.named_buffers():
        put(f"{key} made {name}", b)
    learn(key, m, at)
    for name, b in m.named_buffers():
        put(f"{key} trained {name}", b)
    (m(at).sum() - m(at * 2).sum()).backward()
    for name, p in m.named_parameters():
        put(f"{key} two passes {name}", p.grad)
    m.eval()
    put(f"{key} eval y", m(at))
    put(f"{key} eval again", m(at))
    for name, b in m.named_buffers():
        put(f"{key} eval {name}", b)
    if key.startswith("old"):
        nn.utils.remove_spectral_norm(m)
    else:
        parametrize.remove_parametrizations(m, key.split()[1] if "bias" in key else "weight")
    put(f"{key} removed keys", keys(m))
    put(f"{key} removed weight", m.weight)

for n, k in [(3, 3), (4, 2), (2, 4)]:
    for orthogonal_map in ["matrix_exp", "cayley", "householder"]:
        for trivial in [True, False]:
            key = f"orthogonal {n} {k} {orthogonal_map} {trivial}"
            torch.manual_seed(7)
            m = rect(k, n)
            torch.manual_seed(8)
            P.orthogonal(m, "weight", orthogonal_map, use_trivialization=trivial)
            put(f"{key} keys", keys(m))
            put(f"{key} start", m.weight)
            with torch.no_grad():
                m.parametrizations.weight.original.add_(0.1 * grid(n, k))
            if orthogonal_map == "householder":
                y = m(grid(2, k))
                put(f"{key} y", y)
                put(f"{key} grad", torch.autograd.grad((y * y * y).sum(), m.parametrizations.weight.original)[0])
            else:
                # in double precision: PyTorch's own kernels differ by 0.2% in these second derivatives in single
                learn(key, m.double(), grid(2, k).double())
                m.float()
            if trivial:
                torch.manual_seed(9)
                m.weight = m.weight.detach().clone()
                put(f"{key} set", m.weight)
put("orthogonal repr", repr(P.orthogonal(rect(3, 3))))
put("orthogonal default wide", repr(P.orthogonal(rect(3, 2)).parametrizations.weight[0].orthogonal_map))
m = P.orthogonal(rect(3, 3))
q = m.weight.detach().clone()
m.weight = q
put("orthogonal kept", m.weight - q)

fails("old weight_norm twice", lambda: nn.utils.weight_norm(nn.utils.weight_norm(linear())))
fails("old weight_norm none", lambda: nn.utils.remove_weight_norm(linear()))
fails("old spectral_norm twice", lambda: nn.utils.spectral_norm(nn.utils.spectral_norm(linear())))
fails("old spectral_norm none", lambda: nn.utils.remove_spectral_norm(linear(), "bias"))
fails("old spectral_norm iterations", lambda: nn.utils.spectral_norm(linear(), n_power_iterations=0))
fails("old spectral_norm absent", lambda: nn.utils.spectral_norm(nn.Linear(2, 2, bias=False), "bias"))
fails("spectral_norm iterations", lambda: P.spectral_norm(linear(), n_power_iterations=0))
fails("spectral_norm dim", lambda: P.spectral_norm(linear(), dim=2))
fails("spectral_norm no tensor", lambda: P.spectral_norm(linear(), "wight"))
fails("orthogonal no tensor", lambda: P.orthogonal(linear(), "wight"))
fails("orthogonal vector", lambda: P.orthogonal(linear(), "bias"))
fails("orthogonal map", lambda: P.orthogonal(linear(), orthogonal_map="qr"))
write("norms.txt")


# --- what older state dicts become ---------------------------------------------------------------------------


def spectral():
    """A layer with old spectral norm, its estimate settled by a few forwards; more outputs than inputs make v unique."""
    torch.manual_seed(3)
    m = nn.utils.spectral_norm(rect(2, 4))
    for _ in range(20):
        m(grid(3, 2))
    return m


def old_spectral(without=()):
    """What PyTorch before 1.0 wrote: the weight as a buffer, no v, no version."""
    m = spectral()
    old = {k: v.clone() for k, v in m.state_dict().items()}
    del old["weight_v"]
    old["weight"] = m.eval().weight.detach()
    for key in without:
        del old[key]
    return old


def show(key, state):
    for name, value in state.items():
        put(f"{key} {name}", value)


metadata = nn.Sequential(nn.utils.spectral_norm(nn.utils.spectral_norm(linear()), "bias")).state_dict()._metadata["0"]
put("spectral metadata", [f"{k} {v}" for k, v in metadata["spectral_norm"].items()])
fresh = nn.utils.spectral_norm(rect(2, 4))
show("spectral old", old_spectral())
fresh.load_state_dict(old_spectral())
show("spectral loaded", fresh.state_dict())
put("spectral loaded y", fresh.eval()(grid(3, 2)))
put("spectral missing", str(fresh.load_state_dict(old_spectral(["weight_u"]), strict=False)))
fails("spectral missing strict", lambda: fresh.load_state_dict(old_spectral(["weight_u", "weight"])))
unmarked = dict(spectral().state_dict())
put("spectral unmarked", str(nn.utils.spectral_norm(rect(2, 4)).load_state_dict(unmarked)))
nested = nn.Sequential(nn.utils.spectral_norm(rect(2, 4)))
nested.load_state_dict({f"0.{k}": v for k, v in old_spectral().items()})
put("spectral nested weight_v", nested[0].weight_v)
removed = nn.utils.remove_spectral_norm(nn.utils.spectral_norm(rect(2, 4)))
put("spectral removed metadata", str(dict(removed.state_dict()._metadata[""])))

old = {k: v.clone() * 1.5 for k, v in nn.utils.weight_norm(conv(), dim=1).state_dict().items()}
m = P.weight_norm(conv(), dim=1)
show("weight old", old)
m.load_state_dict(old)
show("weight loaded", m.state_dict())
put("weight loaded y", m(image))
nested = nn.Sequential(P.weight_norm(conv(), dim=1))
put("weight nested", str(nested.load_state_dict({f"0.{k}": v for k, v in old.items()})))
fails("weight half", lambda: P.weight_norm(conv(), dim=1).load_state_dict({k: v for k, v in old.items() if k != "weight_g"}))
parametrize.remove_parametrizations(m, "weight")
fails("weight removed", lambda: m.load_state_dict(old))
write("norm_migrations.txt")
