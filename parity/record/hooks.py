"""Records what happens, in which order, where modules have hooks. Usage: in the repository's root, with PyTorch:
python3 parity/record/hooks.py

Each function named s_… is a scenario; the test of the same name builds it again in Java and compares the log line by line."""

import warnings

import torch
from torch import nn
from torch.nn.modules import module as everywhere

OUT = "nn/src/test/resources/org/jtorch/nn/hooks.txt"
LOG = []
warnings.simplefilter("ignore")


def log(line):
    LOG.append(line)


def text(value):
    """Tensors by their elements, tuples by their entries."""
    if isinstance(value, torch.Tensor):
        return "[" + " ".join(repr(float(v)) for v in value.detach().flatten().tolist()) + "]"
    if isinstance(value, (tuple, list)):
        return "(" + ", ".join(text(v) for v in value) + ")"
    return str(value)


def show(name, value):
    log(f"{name} {text(value)}")


def attempt(body, message=True):
    try:
        body()
        log("no error")
    except Exception as e:
        log(f"raised {str(e.args[0]).splitlines()[0]}" if message else "raised")


def fail(*_):
    raise ValueError("boom")


def leaf(*values):
    return torch.tensor(values, requires_grad=True)


# --- modules ------------------------------------------------------------------------------------------------


class Base(nn.Module):
    def __init__(self, name, w=None):
        super().__init__()
        self.name = name
        if w is not None:
            self.w = nn.Parameter(torch.tensor(w))


class Scale(Base):
    def forward(self, x):
        log(f"forward {self.name} {text(x)}")
        return x * self.w


class Square(Base):
    def forward(self, x):
        log(f"forward {self.name} {text(x)}")
        return x * x


class Pair(Base):
    """(a, b) to ((a + b) w, a b)."""

    def forward(self, a, b):
        log(f"forward {self.name} {text((a, b))}")
        return (a + b) * self.w, a * b


class First(Base):
    """Takes two, uses one."""

    def forward(self, a, b):
        log(f"forward {self.name} {text((a, b))}")
        return a * self.w


class Power(Base):
    """An argument that is no tensor."""

    def forward(self, x, exponent):
        log(f"forward {self.name} {text((x, exponent))}")
        return x**exponent


class Select(Base):
    def forward(self, x, index):
        log(f"forward {self.name} {text((x, index))}")
        return x.index_select(0, index), index


class Same(Base):
    def forward(self, x):
        log(f"forward {self.name} {text(x)}")
        return x


class Fails(Base):
    def forward(self, x):
        log(f"forward {self.name} {text(x)}")
        raise ValueError("boom")


class Detached(Base):
    def forward(self, x):
        log(f"forward {self.name} {text(x)}")
        return x.detach() * 2


class InPlace(Base):
    def forward(self, x):
        log(f"forward {self.name} {text(x)}")
        return x.mul_(2)


class Net(Base):
    def __init__(self, name, a, b):
        super().__init__(name)
        self.a = a
        self.b = b

    def forward(self, x):
        log(f"forward {self.name} {text(x)}")
        return self.b(self.a(x))


class Twice(Base):
    def __init__(self, name, a):
        super().__init__(name)
        self.a = a

    def forward(self, x):
        log(f"forward {self.name} {text(x)}")
        return self.a(self.a(x))


class Unrecorded(Base):
    def __init__(self, name, a):
        super().__init__(name)
        self.a = a

    def forward(self, x):
        log(f"forward {self.name} {text(x)}")
        with torch.no_grad():
            y = self.a(x)
        return x * y


def net():
    return Net("net", Scale("a", 2.0), Scale("b", 3.0))


# --- hooks: each logs, and returns what its function makes of what it may replace -----------------------------


def pre(name, change=None):
    def hook(m, args):
        log(f"pre {name} of {m.name} {text(args)}")
        return None if change is None else change(*args)

    return hook


def hook(name, change=None):
    def h(m, args, out):
        log(f"hook {name} of {m.name} {text(args)} gave {text(out)}")
        return None if change is None else change(out)

    return h


def back_pre(name, change=None):
    def h(m, grad_out):
        log(f"backward pre {name} of {m.name} {text(grad_out)}")
        return None if change is None else change(grad_out)

    return h


def back(name, change=None):
    def h(m, grad_in, grad_out):
        log(f"backward {name} of {m.name} {text(grad_in)} from {text(grad_out)}")
        return None if change is None else change(grad_in)

    return h


def watch_all(*modules):
    for m in modules:
        m.register_forward_pre_hook(pre("p"))
        m.register_forward_hook(hook("f"))
        m.register_full_backward_pre_hook(back_pre("bp"))
        m.register_full_backward_hook(back("b"))


# --- forward scenarios --------------------------------------------------------------------------------------


def s_pre_order():
    a = Scale("a", 2.0)
    a.register_forward_pre_hook(pre("1"))
    a.register_forward_pre_hook(pre("2"))
    show("y", a(leaf(1.0, 2.0)))


def s_pre_prepend():
    a = Scale("a", 2.0)
    a.register_forward_pre_hook(pre("1"))
    a.register_forward_pre_hook(pre("2"), prepend=True)
    a.register_forward_pre_hook(pre("3"), prepend=True)
    show("y", a(leaf(1.0, 2.0)))


def s_pre_global_first():
    a = Scale("a", 2.0)
    a.register_forward_pre_hook(pre("1"))
    with everywhere.register_module_forward_pre_hook(pre("g1")), everywhere.register_module_forward_pre_hook(pre("g2")):
        a.register_forward_pre_hook(pre("2"), prepend=True)
        show("y", a(leaf(1.0, 2.0)))
    show("y", a(leaf(1.0, 2.0)))


def s_pre_replaces():
    a = Scale("a", 2.0)
    a.register_forward_pre_hook(pre("1", lambda x: x + 1))
    a.register_forward_pre_hook(pre("2"))
    a.register_forward_pre_hook(pre("3", lambda x: x * 10))
    a.register_forward_hook(hook("4"))
    x = leaf(1.0, 2.0)
    y = a(x)
    show("y", y)
    y.sum().backward()
    show("x.grad", x.grad)
    show("w.grad", a.w.grad)


def s_pre_global_replaces():
    n = net()
    with everywhere.register_module_forward_pre_hook(pre("g", lambda x: x + 1)):
        show("y", n(leaf(1.0, 2.0)))


def s_pre_replaces_several():
    p = Pair("p", 2.0)
    p.register_forward_pre_hook(pre("1", lambda a, b: (b, a * 2)))
    p.register_forward_pre_hook(pre("2"))
    show("y", p(leaf(1.0, 2.0), leaf(3.0, 4.0)))


def s_pre_throws():
    a = Scale("a", 2.0)
    a.register_forward_pre_hook(pre("1", fail))
    a.register_forward_pre_hook(pre("2"))
    a.register_forward_hook(hook("3"))
    attempt(lambda: a(leaf(1.0, 2.0)))


def s_hook_order():
    a = Scale("a", 2.0)
    a.register_forward_hook(hook("1"))
    a.register_forward_hook(hook("2"))
    show("y", a(leaf(1.0, 2.0)))


def s_hook_prepend():
    a = Scale("a", 2.0)
    a.register_forward_hook(hook("1"))
    a.register_forward_hook(hook("2"), prepend=True)
    show("y", a(leaf(1.0, 2.0)))


def s_hook_global_first():
    a = Scale("a", 2.0)
    a.register_forward_hook(hook("1"))
    with everywhere.register_module_forward_hook(hook("g1")), everywhere.register_module_forward_hook(hook("g2")):
        a.register_forward_hook(hook("2"), prepend=True)
        show("y", a(leaf(1.0, 2.0)))
    show("y", a(leaf(1.0, 2.0)))


def s_hook_replaces():
    a = Scale("a", 2.0)
    a.register_forward_hook(hook("1", lambda y: y + 1))
    a.register_forward_hook(hook("2"))
    a.register_forward_hook(hook("3", lambda y: y * 10))
    x = leaf(1.0, 2.0)
    y = a(x)
    show("y", y)
    y.sum().backward()
    show("x.grad", x.grad)


def s_hook_throws():
    a = Scale("a", 2.0)
    a.register_forward_hook(hook("1"))
    a.register_forward_hook(hook("2", fail))
    a.register_forward_hook(hook("3"))
    attempt(lambda: a(leaf(1.0, 2.0)))


def s_hook_sees_tree():
    p = Pair("p", 2.0)
    p.register_forward_hook(hook("1", lambda y: (y[1], y[0] * 2)))
    p.register_forward_hook(hook("2"))
    show("y", p(leaf(1.0, 2.0), leaf(3.0, 4.0)))


def s_nested_order():
    n = net()
    for m in (n, n.a, n.b):
        m.register_forward_pre_hook(pre("p"))
        m.register_forward_hook(hook("f"))
    show("y", n(leaf(1.0, 2.0)))


def s_nested_global():
    n = net()
    with everywhere.register_module_forward_pre_hook(pre("g")), everywhere.register_module_forward_hook(hook("g")):
        show("y", n(leaf(1.0, 2.0)))


def s_always_call_forward_fails():
    a = Fails("a")
    a.register_forward_hook(hook("1"))
    a.register_forward_hook(hook("2"), always_call=True)
    attempt(lambda: a(leaf(1.0, 2.0)))


def s_always_call_pre_hook_fails():
    a = Scale("a", 2.0)
    a.register_forward_pre_hook(pre("1", lambda x: x + 1))
    a.register_forward_pre_hook(pre("2", fail))
    a.register_forward_hook(hook("3"), always_call=True)
    attempt(lambda: a(leaf(1.0, 2.0)))


def s_always_call_hook_fails():
    a = Scale("a", 2.0)
    a.register_forward_hook(hook("1", lambda y: y + 1))
    a.register_forward_hook(hook("2"), always_call=True)
    a.register_forward_hook(hook("3", fail))
    a.register_forward_hook(hook("4"), always_call=True)
    a.register_forward_hook(hook("5"))
    attempt(lambda: a(leaf(1.0, 2.0)))


def s_always_call_fails_itself():
    a = Scale("a", 2.0)
    a.register_forward_hook(hook("1", fail), always_call=True)
    a.register_forward_hook(hook("2"), always_call=True)
    attempt(lambda: a(leaf(1.0, 2.0)))


def s_always_call_fails_too():
    def other(*_):
        raise ValueError("another")

    a = Fails("a")
    a.register_forward_hook(hook("1", other), always_call=True)
    a.register_forward_hook(hook("2"), always_call=True)
    attempt(lambda: a(leaf(1.0, 2.0)))


def s_always_call_replaces():
    a = Fails("a")
    a.register_forward_hook(hook("1", lambda y: torch.ones(1)), always_call=True)
    a.register_forward_hook(hook("2"), always_call=True)
    attempt(lambda: a(leaf(1.0, 2.0)))


def s_always_call_global():
    a = Fails("a")
    a.register_forward_hook(hook("1"), always_call=True)
    with everywhere.register_module_forward_hook(hook("g1"), always_call=True):
        with everywhere.register_module_forward_hook(hook("g2")):
            a.register_forward_hook(hook("2"), always_call=True, prepend=True)
            attempt(lambda: a(leaf(1.0, 2.0)))


def s_always_call_without_failure():
    a = Scale("a", 2.0)
    a.register_forward_hook(hook("1"), always_call=True)
    a.register_forward_hook(hook("2"))
    show("y", a(leaf(1.0, 2.0)))


def s_always_call_nested():
    n = Net("net", Scale("a", 2.0), Fails("b"))
    for m in (n, n.a, n.b):
        m.register_forward_hook(hook("f"), always_call=True)
    attempt(lambda: n(leaf(1.0, 2.0)))


def s_remove_itself():
    a = Scale("a", 2.0)
    handles = []
    handles.append(a.register_forward_pre_hook(pre("1", lambda x: handles[0].remove())))
    a.register_forward_pre_hook(pre("2"))
    a(leaf(1.0, 2.0))
    a(leaf(1.0, 2.0))


def s_remove_a_later_one():
    a = Scale("a", 2.0)
    handles = []
    a.register_forward_hook(hook("1", lambda y: handles[0].remove()))
    handles.append(a.register_forward_hook(hook("2")))
    a(leaf(1.0, 2.0))
    a(leaf(1.0, 2.0))


def s_remove_in_an_earlier_stage():
    a = Scale("a", 2.0)
    handles = []
    a.register_forward_pre_hook(pre("1", lambda x: handles[0].remove()))
    handles.append(a.register_forward_hook(hook("2")))
    a.register_forward_hook(hook("3"))
    a(leaf(1.0, 2.0))


def s_remove_twice():
    a = Scale("a", 2.0)
    handle = a.register_forward_hook(hook("1"))
    a.register_forward_hook(hook("2"))
    handle.remove()
    handle.remove()
    with handle:
        a(leaf(1.0, 2.0))


def s_same_hook_twice():
    a = Scale("a", 2.0)
    h = hook("1", lambda y: y + 1)
    first = a.register_forward_hook(h)
    a.register_forward_hook(h)
    show("y", a(leaf(1.0, 2.0)))
    first.remove()
    show("y", a(leaf(1.0, 2.0)))


def s_hook_adds_hooks():
    a = Scale("a", 2.0)

    def add(x):
        a.register_forward_pre_hook(pre("new"))
        a.register_forward_hook(hook("new"))

    handle = a.register_forward_pre_hook(pre("1", add))
    a(leaf(1.0, 2.0))
    handle.remove()
    a(leaf(1.0, 2.0))


def s_forward_hook_adds_hook():
    a = Scale("a", 2.0)

    def add(y):
        a.register_forward_hook(hook("new"))

    handle = a.register_forward_hook(hook("1", add))
    a(leaf(1.0, 2.0))
    handle.remove()
    a(leaf(1.0, 2.0))


def s_called_twice():
    n = Twice("net", Scale("a", 2.0))
    watch_all(n, n.a)
    x = leaf(1.0, 2.0)
    n(x).sum().backward()
    show("x.grad", x.grad)
    show("w.grad", n.a.w.grad)


def s_called_inside_a_hook():
    a = Scale("a", 2.0)
    other = Scale("other", 3.0)
    a.register_forward_pre_hook(pre("1", lambda x: other(x)))
    a.register_forward_hook(hook("2", lambda y: other(y)))
    other.register_forward_hook(hook("3"))
    x = leaf(1.0, 2.0)
    y = a(x)
    show("y", y)
    y.sum().backward()
    show("x.grad", x.grad)


def s_called_inside_its_own_hook():
    a = Scale("a", 2.0)
    a.register_forward_hook(hook("1", lambda y: a(y) if y.sum().item() < 20 else None))
    show("y", a(leaf(1.0, 2.0)))


def s_no_grad():
    n = net()
    watch_all(n, n.a, n.b)
    with torch.no_grad():
        y = n(leaf(1.0, 2.0))
    show("y", y)
    log(f"requires grad {y.requires_grad}")


def s_inference_mode():
    n = net()
    watch_all(n, n.a, n.b)
    with torch.inference_mode():
        y = n(leaf(1.0, 2.0))
        show("y", y)
    log(f"requires grad {y.requires_grad}")


def s_no_grad_inside():
    n = Unrecorded("net", Scale("a", 2.0))
    watch_all(n, n.a)
    x = leaf(1.0, 2.0)
    n(x).sum().backward()
    show("x.grad", x.grad)
    log(f"w.grad {n.a.w.grad}")


# --- backward scenarios -------------------------------------------------------------------------------------


def s_back_order():
    a = Scale("a", 2.0)
    a.register_full_backward_hook(back("1"))
    a.register_full_backward_hook(back("2"))
    a.register_full_backward_pre_hook(back_pre("3"))
    a.register_full_backward_pre_hook(back_pre("4"))
    x = leaf(1.0, 2.0)
    a(x).sum().backward()
    show("x.grad", x.grad)
    show("w.grad", a.w.grad)


def s_back_prepend():
    a = Scale("a", 2.0)
    a.register_full_backward_hook(back("1"))
    a.register_full_backward_hook(back("2"), prepend=True)
    a.register_full_backward_pre_hook(back_pre("3"))
    a.register_full_backward_pre_hook(back_pre("4"), prepend=True)
    a(leaf(1.0, 2.0)).sum().backward()


def s_back_global_first():
    a = Scale("a", 2.0)
    a.register_full_backward_hook(back("1"))
    a.register_full_backward_pre_hook(back_pre("2"))
    with everywhere.register_module_full_backward_hook(back("g")):
        with everywhere.register_module_full_backward_pre_hook(back_pre("g")):
            a.register_full_backward_hook(back("3"), prepend=True)
            y = a(leaf(1.0, 2.0))
    y.sum().backward()


def s_back_global_nested():
    n = net()
    x = leaf(1.0, 2.0)
    with everywhere.register_module_full_backward_hook(back("g", lambda g: (g[0] * 10,))):
        y = n(x)
    y.sum().backward()
    show("x.grad", x.grad)


def s_back_replaces():
    a = Scale("a", 2.0)
    a.register_full_backward_hook(back("1", lambda g: (g[0] + 1,)))
    a.register_full_backward_hook(back("2"))
    a.register_full_backward_hook(back("3", lambda g: (g[0] * 10,)))
    x = leaf(1.0, 2.0)
    a(x).sum().backward()
    show("x.grad", x.grad)
    show("w.grad", a.w.grad)


def s_back_pre_replaces():
    a = Scale("a", 2.0)
    a.register_full_backward_pre_hook(back_pre("1", lambda g: (g[0] + 1,)))
    a.register_full_backward_pre_hook(back_pre("2"))
    a.register_full_backward_pre_hook(back_pre("3", lambda g: (g[0] * 10,)))
    a.register_full_backward_hook(back("4"))
    x = leaf(1.0, 2.0)
    a(x).sum().backward()
    show("x.grad", x.grad)
    show("w.grad", a.w.grad)


def s_back_pre_replaces_by_none():
    p = Pair("p", 2.0)
    p.register_full_backward_pre_hook(back_pre("1", lambda g: (g[0], None)))
    p.register_full_backward_hook(back("2"))
    a, b = leaf(1.0, 2.0), leaf(3.0, 4.0)
    y, z = p(a, b)
    (y + z).sum().backward()
    show("a.grad", a.grad)


def s_back_replaces_by_none():
    p = Pair("p", 2.0)
    p.register_full_backward_hook(back("1", lambda g: (g[0], None)))
    p.register_full_backward_hook(back("2"))
    a, b = leaf(1.0, 2.0), leaf(3.0, 4.0)
    y, z = p(a, b)
    (y + z).sum().backward()
    show("a.grad", a.grad)
    show("b.grad", b.grad)


def s_back_nested():
    n = net()
    watch_all(n, n.a, n.b)
    x = leaf(1.0, 2.0)
    n(x).sum().backward()
    show("x.grad", x.grad)


def s_back_input_without_grad():
    n = net()
    watch_all(n, n.a, n.b)
    n(torch.tensor([1.0, 2.0])).sum().backward()
    show("w.grad", n.a.w.grad)


def s_back_input_without_grad_replaced():
    a = Scale("a", 2.0)
    a.register_full_backward_hook(back("1", lambda g: (torch.ones(2),)))
    attempt(lambda: a(torch.tensor([1.0, 2.0])).sum().backward())


def s_back_input_without_grad_nones():
    a = Scale("a", 2.0)
    a.register_full_backward_hook(back("1", lambda g: (None,)))
    a.register_full_backward_hook(back("2"))
    a(torch.tensor([1.0, 2.0])).sum().backward()
    show("w.grad", a.w.grad)


def s_back_nothing_needs_grad():
    s = Square("s")
    watch_all(s)
    y = s(torch.tensor([1.0, 2.0]))
    log(f"requires grad {y.requires_grad}")


def s_back_one_input_without_grad():
    p = Pair("p", 2.0)
    watch_all(p)
    a, b = leaf(1.0, 2.0), torch.tensor([3.0, 4.0])
    y, z = p(a, b)
    (y + z).sum().backward()
    show("a.grad", a.grad)


def s_back_none_replaced():
    p = Pair("p", 2.0)
    p.register_full_backward_hook(back("1", lambda g: (g[0], torch.ones(2))))
    y, z = p(leaf(1.0, 2.0), torch.tensor([3.0, 4.0]))
    attempt(lambda: (y + z).sum().backward())


def s_back_one_output_used():
    p = Pair("p", 2.0)
    watch_all(p)
    a, b = leaf(1.0, 2.0), leaf(3.0, 4.0)
    y, z = p(a, b)
    z.sum().backward()
    show("a.grad", a.grad)
    log(f"w.grad {p.w.grad}")


def s_back_outputs_one_by_one():
    p = Pair("p", 2.0)
    watch_all(p)
    a, b = leaf(1.0, 2.0), leaf(3.0, 4.0)
    y, z = p(a, b)
    y.sum().backward(retain_graph=True)
    show("a.grad", a.grad)
    z.sum().backward()
    show("a.grad", a.grad)


def s_back_unused_input():
    f = First("f", 2.0)
    watch_all(f)
    a, b = leaf(1.0, 2.0), leaf(3.0, 4.0)
    f(a, b).sum().backward()
    show("a.grad", a.grad)
    show("b.grad", b.grad)


def s_back_only_input_unused():
    f = First("f", 2.0)
    watch_all(f)
    b = leaf(3.0, 4.0)
    f(torch.tensor([1.0, 2.0]), b).sum().backward()
    log(f"b.grad {b.grad}")
    show("w.grad", f.w.grad)


def s_back_same_input_twice():
    p = Pair("p", 2.0)
    watch_all(p)
    a = leaf(1.0, 2.0)
    y, z = p(a, a)
    (y + z).sum().backward()
    show("a.grad", a.grad)


def s_back_argument_no_tensor():
    p = Power("p")
    args = []
    p.register_forward_pre_hook(lambda m, a: args.extend(a))

    def tensors(grads):  # PyTorch has a None for each argument that is none
        return tuple(g for g, a in zip(grads, args) if isinstance(a, torch.Tensor))

    p.register_full_backward_hook(lambda m, i, o: back("b")(m, tensors(i), o))
    x = leaf(1.0, 2.0)
    p(x, 2.0).sum().backward()
    show("x.grad", x.grad)


def s_back_wrong_number():
    a = Scale("a", 2.0)
    a.register_full_backward_hook(back("1", lambda g: (g[0], g[0])))
    attempt(lambda: a(leaf(1.0, 2.0)).sum().backward())


def s_back_pre_wrong_number():
    a = Scale("a", 2.0)
    a.register_full_backward_pre_hook(back_pre("1", lambda g: (g[0], g[0])))
    attempt(lambda: a(leaf(1.0, 2.0)).sum().backward())


def s_back_wrong_size():
    a = Scale("a", 2.0)
    a.register_full_backward_hook(back("1", lambda g: (torch.ones(3),)))
    attempt(lambda: a(leaf(1.0, 2.0)).sum().backward(), message=False)


def s_back_pre_wrong_size():
    a = Scale("a", 2.0)
    a.register_full_backward_pre_hook(back_pre("1", lambda g: (torch.ones(3),)))
    attempt(lambda: a(leaf(1.0, 2.0)).sum().backward(), message=False)


def s_back_throws():
    n = net()
    n.a.register_full_backward_hook(back("1", fail))
    n.a.register_full_backward_hook(back("2"))
    n.b.register_full_backward_hook(back("3"))
    x = leaf(1.0, 2.0)
    attempt(lambda: n(x).sum().backward())
    log(f"x.grad {x.grad}")
    show("b.w.grad", n.b.w.grad)


def s_back_pre_throws():
    a = Scale("a", 2.0)
    a.register_full_backward_pre_hook(back_pre("1", fail))
    a.register_full_backward_hook(back("2"))
    attempt(lambda: a(leaf(1.0, 2.0)).sum().backward())


def s_back_retained():
    a = Scale("a", 2.0)
    watch_all(a)
    x = leaf(1.0, 2.0)
    y = a(x).sum()
    y.backward(retain_graph=True)
    y.backward()
    show("x.grad", x.grad)


def s_double_back():
    s = Square("s")
    watch_all(s)
    x = leaf(1.0, 2.0)
    y = s(x)
    (g,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    show("g", g)
    (gg,) = torch.autograd.grad((g * g).sum(), x)
    show("gg", gg)


def s_double_back_through_output():
    s = Square("s")
    watch_all(s)
    x = leaf(1.0, 2.0)
    y = s(x)
    (g,) = torch.autograd.grad((y * y).sum(), x, create_graph=True)
    show("g", g)
    (gg,) = torch.autograd.grad(g.sum(), x)
    show("gg", gg)


def s_double_back_replaced():
    s = Square("s")
    s.register_full_backward_hook(back("1", lambda g: (g[0] * 3,)))
    x = leaf(1.0, 2.0)
    (g,) = torch.autograd.grad(s(x).sum(), x, create_graph=True)
    show("g", g)
    (gg,) = torch.autograd.grad(g.sum(), x)
    show("gg", gg)


def s_double_back_nested():
    n = Net("net", Square("a"), Square("b"))
    watch_all(n, n.a, n.b)
    x = leaf(1.0, 2.0)
    (g,) = torch.autograd.grad(n(x).sum(), x, create_graph=True)
    show("g", g)
    g.sum().backward()
    show("x.grad", x.grad)


def s_grad_of_parameter():
    a = Scale("a", 2.0)
    watch_all(a)
    (g,) = torch.autograd.grad(a(leaf(1.0, 2.0)).sum(), a.w)
    show("g", g)


def s_grad_of_one_input():
    p = Pair("p", 2.0)
    watch_all(p)
    a, b = leaf(1.0, 2.0), leaf(3.0, 4.0)
    y, z = p(a, b)
    (g,) = torch.autograd.grad((y + z).sum(), b)
    show("g", g)


def s_back_removed_after_forward():
    a = Scale("a", 2.0)
    handle = a.register_full_backward_hook(back("1"))
    y = a(leaf(1.0, 2.0))
    handle.remove()
    y.sum().backward()


def s_back_added_after_forward():
    a = Scale("a", 2.0)
    y = a(leaf(1.0, 2.0))
    a.register_full_backward_hook(back("1"))
    y.sum().backward()
    a(leaf(1.0, 2.0)).sum().backward()


def s_back_added_in_pre_hook():
    a = Scale("a", 2.0)
    handles = []
    handles.append(
        a.register_forward_pre_hook(pre("1", lambda x: handles.append(a.register_full_backward_hook(back("2")))))
    )
    y = a(leaf(1.0, 2.0))
    handles[0].remove()
    y.sum().backward()
    a(leaf(1.0, 2.0)).sum().backward()


def s_back_removes_itself():
    a = Scale("a", 2.0)
    handles = []
    handles.append(a.register_full_backward_hook(back("1", lambda g: handles[0].remove())))
    a.register_full_backward_hook(back("2"))
    a(leaf(1.0, 2.0)).sum().backward()
    a(leaf(1.0, 2.0)).sum().backward()


def s_back_in_place():
    m = InPlace("m")
    m.register_full_backward_hook(back("1"))
    attempt(lambda: m(leaf(1.0, 2.0) * 1), message=False)


def s_back_integers():
    m = Select("m")
    watch_all(m)
    x = leaf(1.0, 2.0)
    y, i = m(x, torch.tensor([1]))
    y.sum().backward()
    show("x.grad", x.grad)


def s_back_detached():
    d = Detached("d")
    watch_all(d)
    x = leaf(1.0, 2.0)
    y = d(x)
    log(f"requires grad {y.requires_grad}")
    (x * y).sum().backward()
    show("x.grad", x.grad)


def s_back_same():
    s = Same("s")
    watch_all(s)
    x = leaf(1.0, 2.0)
    y = s(x)
    log(f"is the input {y is x}")
    (y * 3).sum().backward()
    show("x.grad", x.grad)


def s_back_forward_hook_replaces():
    a = Scale("a", 2.0)
    a.register_forward_hook(hook("1", lambda y: y * 5))
    a.register_full_backward_hook(back("2"))
    x = leaf(1.0, 2.0)
    a(x).sum().backward()
    show("x.grad", x.grad)


def s_back_pre_hook_replaces():
    a = Scale("a", 2.0)
    a.register_forward_pre_hook(pre("1", lambda x: x * 5))
    a.register_full_backward_hook(back("2", lambda g: (g[0] + 1,)))
    x = leaf(1.0, 2.0)
    a(x).sum().backward()
    show("x.grad", x.grad)


def s_back_calls_module():
    a = Scale("a", 2.0)
    other = Scale("other", 3.0)

    def call(g):
        show("other", other(g[0]))

    a.register_full_backward_hook(back("1", call))
    a(leaf(1.0, 2.0)).sum().backward()


# --- registration -------------------------------------------------------------------------------------------


def s_register_modules():
    def h(name):
        return lambda m, key, child: log(f"{name}: {key} in {m.name} is {child.name if child is not None else None}")

    n = Base("n")
    n.register_module("before", Base("x"))
    with everywhere.register_module_module_registration_hook(h("1")):
        with everywhere.register_module_module_registration_hook(h("2")):
            n.register_module("a", Base("a"))
            n.add_module("b", Base("b"))
            n.register_module("c", None)
            attempt(lambda: n.register_module("d.e", Base("d")))
        n.register_module("f", Base("f"))
    n.register_module("g", Base("g"))
    log(" ".join(k for k, _ in n.named_modules()))


def s_register_module_replaced():
    n = Base("n")
    with everywhere.register_module_module_registration_hook(lambda m, k, c: Base(c.name + "1")):
        with everywhere.register_module_module_registration_hook(lambda m, k, c: Base(c.name + "2")):
            n.register_module("a", Base("a"))
    log(n.get_submodule("a").name)


def s_register_parameters():
    n = Base("n")
    with everywhere.register_module_parameter_registration_hook(
        lambda m, key, p: log(f"{key} in {m.name} is {text(p)}")
    ):
        n.register_parameter("a", nn.Parameter(torch.ones(2)))
        attempt(lambda: n.register_parameter("", nn.Parameter(torch.ones(2))))
        n.register_parameter("b", nn.Parameter(torch.zeros(1)))
    with everywhere.register_module_parameter_registration_hook(lambda m, key, p: nn.Parameter(p.data * 3)):
        n.register_parameter("c", nn.Parameter(torch.ones(2)))
    for key, p in n.named_parameters():
        show(key, p)


def s_register_buffers():
    n = Base("n")
    with everywhere.register_module_buffer_registration_hook(
        lambda m, key, b: log(f"{key} in {m.name} is {text(b)}")
    ):
        n.register_buffer("a", torch.ones(2))
        n.register_buffer("b", None)
        n.register_buffer("c", torch.zeros(1), persistent=False)
    with everywhere.register_module_buffer_registration_hook(lambda m, key, b: b * 3):
        n.register_buffer("d", torch.ones(2))
    for key, b in n.named_buffers():
        show(key, b)
    log(" ".join(n.state_dict()))


# --- all ----------------------------------------------------------------------------------------------------

with open(OUT, "w", encoding="utf-8") as out:
    for name, scenario in list(globals().items()):
        if name.startswith("s_"):
            LOG.clear()
            scenario()
            out.write(f"## {name[2:]}\n" + "".join(line + "\n" for line in LOG))
