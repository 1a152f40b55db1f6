"""Records what PyTorch's state dicts do: keys, metadata, messages, the order of hooks, what assign keeps.

Usage: in the repository's root, with PyTorch: python3 parity/record/state_dict.py
Each scenario stands in StateDictReplayTest under the same name.
"""

import collections
import json

import torch
from torch import nn

OUT = "nn/src/test/resources/org/jtorch/nn/state_dict.json"
scenarios = {}


def scenario(f):
    events = []
    scenarios[f.__name__] = None
    result = f(events)
    if events:
        result = {**(result or {}), "events": events}
    scenarios[f.__name__] = result


class Leaf(nn.Module):
    """One parameter of ones, (2)."""

    def __init__(self, value=1.0):
        super().__init__()
        self.w = nn.Parameter(torch.full((2,), value))


class Node(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.ones(2))
        self.a = Leaf()
        self.b = Leaf()


class Root(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.ones(2))
        self.node = Node()
        self.c = Leaf()


class Rich(nn.Module):
    """Everything that a state dict may or may not have."""

    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.ones(2))
        self.register_parameter("none", None)
        self.register_buffer("kept", torch.zeros(1))
        self.register_buffer("lost", torch.zeros(1), persistent=False)
        self.register_buffer("no_buffer", None)
        self.register_module("absent", None)
        self.one = Leaf()
        self.two = self.one
        self.three = Leaf()
        self.three.w = self.w


class Extra(nn.Module):
    def __init__(self, state=None):
        super().__init__()
        self.w = nn.Parameter(torch.ones(2))
        self.register_buffer("b", torch.zeros(1))
        self.inner = Leaf()
        self.state = state

    def get_extra_state(self):
        return self.state

    def set_extra_state(self, state):
        self.state = state


class Versioned(nn.Module):
    """Version 3 of a layer whose weight was called kernel in version 1, and was half as large before version 3."""

    _version = 3

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(2))
        self.inner = Leaf()
        self.seen = []

    def _load_from_state_dict(self, state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs):
        version = local_metadata.get("version", None)
        self.seen.append([prefix, version, strict, list(state_dict), sorted(local_metadata)])
        if version is None or version < 2:
            if prefix + "kernel" in state_dict:
                state_dict[prefix + "weight"] = state_dict.pop(prefix + "kernel")
        if (version is None or version < 3) and prefix + "weight" in state_dict:
            state_dict[prefix + "weight"] = state_dict[prefix + "weight"] * 2
        if version == 4:
            error_msgs.append("version 4 is not known")
        super()._load_from_state_dict(state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs)
        self.seen.append(self.weight.detach().tolist())

    def _save_to_state_dict(self, destination, prefix, keep_vars):
        super()._save_to_state_dict(destination, prefix, keep_vars)
        destination[prefix + "more"] = torch.ones(1)


def named(state_dict):
    return {"keys": list(state_dict), "metadata": {k: dict(v) for k, v in state_dict._metadata.items()}}


def load(module, state_dict, **kwargs):
    try:
        keys = module.load_state_dict(state_dict, **kwargs)
        return {"missing": list(keys.missing_keys), "unexpected": list(keys.unexpected_keys), "text": repr(keys)}
    except RuntimeError as e:
        return {"error": str(e)}


def values(module):
    return {k: v.tolist() for k, v in module.state_dict().items() if isinstance(v, torch.Tensor)}


# --- saving ---


@scenario
def save_rich(events):
    return named(Rich().state_dict())


@scenario
def save_rich_with_prefix(events):
    return named(Rich().state_dict(prefix="model."))


@scenario
def save_with_a_prefix_without_dot(events):
    return named(Root().state_dict(prefix="model"))


@scenario
def save_into_a_destination(events):
    d = Leaf().state_dict(prefix="first.")
    same = Node().state_dict(destination=d, prefix="second.")
    return {**named(d), "same": same is d}


@scenario
def save_keep_vars(events):
    m = Rich()
    plain, kept = m.state_dict(), m.state_dict(keep_vars=True)
    return {
        "plain": {k: [v.requires_grad, isinstance(v, nn.Parameter)] for k, v in plain.items()},
        "kept": {k: [v.requires_grad, isinstance(v, nn.Parameter)] for k, v in kept.items()},
        "same": kept["w"] is m.w and kept["kept"] is m.kept and kept["three.w"] is m.w,
    }


@scenario
def save_extra_state(events):
    m = nn.Sequential(Extra("text"), Leaf(), Extra({"a": 1}), Extra(None))
    d = m.state_dict()
    return {**named(d), "extra": {k: v for k, v in d.items() if not isinstance(v, torch.Tensor)}}


@scenario
def save_extra_state_tensor(events):
    d = Extra(torch.ones(3)).state_dict()
    return {**named(d), "is_tensor": isinstance(d["_extra_state"], torch.Tensor)}


@scenario
def save_versioned(events):
    return named(nn.Sequential(Versioned(), nn.BatchNorm2d(1)).state_dict(prefix="m."))


@scenario
def save_a_module_twice(events):
    one = Leaf()
    return named(nn.Sequential(one, nn.Sequential(one, one)).state_dict())


def hook_all(root, events):
    for name, m in root.named_modules():
        label = name or "root"
        m.register_state_dict_pre_hook(lambda mod, prefix, keep, label=label: events.append(f"pre {label} '{prefix}' {keep}"))
        m.register_state_dict_post_hook(
            lambda mod, d, prefix, meta, label=label: events.append(f"post {label} '{prefix}' {len(d)} {meta['version']}") or None
        )


@scenario
def save_hook_order(events):
    m = Root()
    hook_all(m, events)
    m.state_dict()
    m.node.state_dict(prefix="x.", keep_vars=True)


@scenario
def save_hooks_change_the_result(events):
    m = Root()

    def post(mod, d, prefix, meta):
        d[prefix + "added"] = d.pop(prefix + "w")
        meta["note"] = "changed"

    def pre(mod, prefix, keep):
        with torch.no_grad():
            mod.w.fill_(5)

    m.node.register_state_dict_post_hook(post)
    m.c.register_state_dict_pre_hook(pre)
    d = m.state_dict()
    return {**named(d), "c": d["c.w"].tolist()}


@scenario
def save_hooks_removed(events):
    m = Leaf()
    first = m.register_state_dict_pre_hook(lambda mod, p, k: events.append("first"))
    second = m.register_state_dict_pre_hook(lambda mod, p, k: events.append("second"))
    m.state_dict()
    first.remove()
    first.remove()
    m.state_dict()
    second.remove()
    m.state_dict()
    events.append("end")


@scenario
def save_hook_twice(events):
    m = Leaf()
    labels = iter(range(100))
    hook = lambda mod, p, k: events.append(f"a{next(labels)}")
    m.register_state_dict_pre_hook(hook)
    m.register_state_dict_pre_hook(lambda mod, p, k: events.append("b"))
    m.register_state_dict_pre_hook(hook).remove()
    m.state_dict()


# --- consume_prefix ---


@scenario
def strip_prefix(events):
    d = Root().state_dict(prefix="module.")
    d._metadata = collections.OrderedDict([("", {"version": 7}), *d._metadata.items()])
    nn.modules.utils.consume_prefix_in_state_dict_if_present(d, "module.")
    return named(d)


@scenario
def strip_prefix_where_only_some_have_it(events):
    d = nn.Sequential(Leaf(), Leaf()).state_dict()
    nn.modules.utils.consume_prefix_in_state_dict_if_present(d, "0.")
    return {"keys": sorted(d)}


# --- messages ---


@scenario
def load_odd_keys(events):
    d = Rich().state_dict()
    for key in ("", ".", "w.", ".w", "w.deep", "one", "one.w.deep", "a..b", "one..w", "absent.w", "none", "lost", "no_buffer",
                "absent", "absentee.w", "kept.x", "two.x", "one.x", "three.x.y"):
        d[key] = torch.ones(2)
    return load(Rich(), d)


@scenario
def load_values_that_are_no_tensors(events):
    d = Root().state_dict()
    for key, value in zip(list(d), ("text", 3, 2.5, [1], {"a": 1})):
        d[key] = value
    d["other"] = None
    return load(Root(), d)


@scenario
def load_none_and_bool(events):
    d = Node().state_dict()
    d["w"], d["a.w"] = None, True
    return load(Node(), d, strict=False)


@scenario
def load_from_meta(events):
    d = Node().state_dict()
    d["w"] = torch.ones(2, device="meta")
    d["b.w"] = torch.ones(3)
    d["x"] = torch.ones(2)
    del d["a.w"]
    return load(Node(), d)


@scenario
def load_into_an_expanded_tensor(events):
    m = Node()
    m.a.w = nn.Parameter(torch.ones(1).expand(2))
    return load(m, Node().state_dict())


@scenario
def load_not_strict(events):
    d = Root().state_dict()
    del d["node.a.w"]
    d["node.x.w"] = torch.ones(1)
    d["z"] = torch.ones(1)
    return load(Root(), d, strict=False)


@scenario
def load_one_element_into_a_scalar(events):
    m = nn.Module()
    m.register_buffer("s", torch.tensor(1.0))
    result = load(m, {"s": torch.tensor([4.0])})
    assigned = load(m, {"s": torch.tensor([5.0])}, assign=True)
    return {**result, "value": m.s.item(), "shape": list(m.s.shape), "assigned": assigned["text"]}


@scenario
def load_a_shared_module(events):
    one = Leaf()
    m = nn.Sequential(one, nn.Sequential(one, Leaf()))
    d = m.state_dict()
    return [load(m, {}), load(m, {"0.w": torch.full((2,), 3.0), "1.0.w": torch.full((2,), 4.0)}, strict=False), values(m)]


# --- extra state ---


@scenario
def load_extra_state(events):
    m = nn.Sequential(Extra("old"), Leaf(), Extra("old"))
    d = nn.Sequential(Extra("new"), Leaf(), Extra({"a": 1})).state_dict()
    return {**load(m, d), "states": [m[0].state, m[2].state]}


@scenario
def load_extra_state_missing(events):
    m = nn.Sequential(Extra("old"), Leaf())
    d = m.state_dict()
    del d["0._extra_state"]
    del d["0.b"]
    return [load(m, d), load(m, d, strict=False), m[0].state]


@scenario
def load_extra_state_unexpected(events):
    m = nn.Sequential(Leaf(), Leaf())
    d = m.state_dict()
    d["0.y"] = torch.ones(1)
    d["0._extra_state"] = 3
    d["_extra_state"] = "x"
    d["0._extra_state.deep"] = torch.ones(1)
    return load(m, d)


# --- hooks of loading ---


def hook_loading(root, events):
    for name, m in root.named_modules():
        label = name or "root"

        def pre(mod, d, prefix, meta, strict, missing, unexpected, errors, label=label):
            events.append(f"pre {label} '{prefix}' {list(d)} {sorted(meta.items())} {strict} {missing} {unexpected} {errors}")

        def post(mod, keys, label=label):
            events.append(f"post {label} {keys.missing_keys} {keys.unexpected_keys}")

        m.register_load_state_dict_pre_hook(pre)
        m.register_load_state_dict_post_hook(post)


@scenario
def load_hook_order(events):
    m = Root()
    hook_loading(m, events)
    d = Root().state_dict()
    del d["node.a.w"]
    d["node.x"] = torch.ones(1)
    d["c.w"] = torch.ones(3)
    return load(m, d)


@scenario
def load_hook_order_assign(events):
    m = Node()
    hook_loading(m, events)
    d = collections.OrderedDict(Node().state_dict())
    return load(m, d, assign=True)


@scenario
def load_pre_hook_renames(events):
    m = Root()

    def pre(mod, d, prefix, meta, strict, missing, unexpected, errors):
        for key in list(d):
            if key.startswith(prefix + "old."):
                d[prefix + "a." + key[len(prefix) + 4:]] = d.pop(key)

    m.node.register_load_state_dict_pre_hook(pre)
    d = Root().state_dict()
    d["node.old.w"] = torch.full((2,), 9.0)
    del d["node.a.w"]
    return {**load(m, d), "values": values(m)}


@scenario
def load_pre_hook_at_the_root_is_seen_below(events):
    m = Root()

    def pre(mod, d, prefix, meta, strict, missing, unexpected, errors):
        d["node.a.w"] = torch.full((2,), 8.0)
        d.pop("stray")
        d["node.b.extra"] = torch.ones(1)

    m.register_load_state_dict_pre_hook(pre)
    d = Root().state_dict()
    d["stray"] = torch.ones(1)
    before = list(d)
    return {**load(m, d), "unchanged": list(d) == before}


@scenario
def load_pre_hook_of_a_child_is_not_seen_beside_it(events):
    m = Root()

    def pre(mod, d, prefix, meta, strict, missing, unexpected, errors):
        d["c.w"] = torch.full((2,), 8.0)
        d["c.extra"] = torch.ones(1)
        d["zzz"] = torch.ones(1)

    m.node.register_load_state_dict_pre_hook(pre)
    return {**load(m, Root().state_dict()), "values": values(m)}


@scenario
def load_pre_hook_reports(events):
    m = Root()

    def pre(mod, d, prefix, meta, strict, missing, unexpected, errors):
        missing.append("made.up")
        unexpected.append("also.made.up")
        errors.append("this will not do")

    m.node.a.register_load_state_dict_pre_hook(pre)
    d = Root().state_dict()
    d["c.x"] = torch.ones(1)
    return load(m, d)


@scenario
def load_post_hook_forgives(events):
    m = Root()
    m.node.register_load_state_dict_post_hook(lambda mod, keys: keys.missing_keys.clear())
    m.register_load_state_dict_post_hook(lambda mod, keys: keys.unexpected_keys.remove("stray"))
    d = Root().state_dict()
    del d["node.a.w"]
    d["stray"] = torch.ones(1)
    return load(m, d)


@scenario
def load_post_hook_adds(events):
    m = Root()
    m.c.register_load_state_dict_post_hook(lambda mod, keys: keys.missing_keys.append("c.never"))
    m.c.register_load_state_dict_post_hook(lambda mod, keys: keys.unexpected_keys.append("c.odd"))
    return [load(m, Root().state_dict()), load(m, Root().state_dict(), strict=False)]


@scenario
def load_post_hook_sees_the_values(events):
    m = Root()
    m.node.a.register_load_state_dict_post_hook(lambda mod, keys: events.append(str(mod.w.tolist())))
    d = {k: torch.full((2,), 6.0) for k in Root().state_dict()}
    load(m, d)


@scenario
def load_hooks_removed(events):
    m = Leaf()
    pre = m.register_load_state_dict_pre_hook(lambda *a: events.append("pre"))
    post = m.register_load_state_dict_post_hook(lambda *a: events.append("post"))
    d = Leaf().state_dict()
    m.load_state_dict(d)
    pre.remove()
    m.load_state_dict(d)
    post.remove()
    m.load_state_dict(d)
    events.append("end")


@scenario
def load_extra_state_order(events):
    class Told(Extra):
        def set_extra_state(self, state):
            events.append(f"extra {state} {self.w.tolist()}")

    m = nn.Sequential(Told(1), Told(2))
    hook_loading(m, events)
    load(m, m.state_dict())


# --- migration ---


@scenario
def load_version_none(events):
    m = nn.Sequential(Versioned())
    d = {"0.kernel": torch.ones(2), "0.inner.w": torch.ones(2)}
    return {**load(m, d), "seen": m[0].seen, "values": values(m)}


@scenario
def load_version_2(events):
    m = Versioned()
    d = m.state_dict()
    d._metadata[""]["version"] = 2
    d["weight"] = torch.ones(2)
    del d["more"]
    return {**load(m, d), "seen": m.seen}


@scenario
def load_version_3_assign(events):
    m = nn.Sequential(Versioned())
    d = nn.Sequential(Versioned()).state_dict()
    return {**load(m, d, assign=True), "seen": m[0].seen}


@scenario
def load_version_4(events):
    m = Versioned()
    d = Versioned().state_dict()
    d._metadata[""]["version"] = 4
    return load(m, d)


@scenario
def load_batch_norm_versions(events):
    result = {}
    for version in (None, 1, 2):
        for tracked in (True, False):
            m = nn.Sequential(nn.BatchNorm2d(1, track_running_stats=tracked))
            if tracked:
                m[0].num_batches_tracked.fill_(7)
            d = nn.Sequential(nn.BatchNorm2d(1, track_running_stats=tracked)).state_dict()
            d.pop("0.num_batches_tracked", None)
            if version is None:
                d = collections.OrderedDict(d)
            else:
                d._metadata["0"]["version"] = version
            said = load(m, d)
            result[f"{version} {tracked}"] = [said, m[0].num_batches_tracked.item() if tracked else None]
    return result


@scenario
def load_instance_norm_of_old(events):
    result = {}
    for version in (None, 2):
        for tracked in (True, False):
            m = nn.Sequential(nn.InstanceNorm1d(1, track_running_stats=tracked))
            d = nn.Sequential(nn.InstanceNorm1d(1, track_running_stats=True)).state_dict()
            if version is None:
                d = collections.OrderedDict(d)
            result[f"{version} {tracked}"] = load(m, d)
    return result


# --- lazy modules ---


@scenario
def load_into_lazy(events):
    m = nn.Sequential(nn.LazyLinear(2), nn.LazyLinear(1, bias=False))
    hook_loading(m, events)
    d = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 1, bias=False)).state_dict()
    said = load(m, d)
    return {**said, "shapes": {k: list(v.shape) for k, v in m.state_dict().items()}}


@scenario
def load_lazy_into_lazy(events):
    m = nn.LazyLinear(2)
    said = load(m, nn.LazyLinear(2).state_dict())
    return {**said, "lazy": m.has_uninitialized_params()}


@scenario
def assign_to_lazy(events):
    m = nn.LazyLinear(2)
    said = load(m, nn.Linear(3, 2).state_dict(), assign=True)
    return {**said, "shape": list(m.weight.shape), "lazy": m.has_uninitialized_params(), "requires_grad": m.weight.requires_grad}


# --- assign ---


@scenario
def assign_keeps_requires_grad(events):
    m = Node()
    m.a.w.requires_grad_(False)
    m.w.grad = torch.ones(2)
    d = {"w": torch.ones(2, dtype=torch.float64), "a.w": nn.Parameter(torch.ones(2)), "b.w": torch.full((2,), 3.0, requires_grad=True) * 2}
    said = load(m, d, assign=True)
    p = dict(m.named_parameters())
    return {
        **said,
        "requires_grad": {k: v.requires_grad for k, v in p.items()},
        "dtype": {k: str(v.dtype) for k, v in p.items()},
        "grad": {k: v.grad is not None for k, v in p.items()},
        "leaf": {k: v.is_leaf for k, v in p.items()},
        "shares": {k: v.data_ptr() == d[k].data_ptr() for k, v in p.items()},
        "values": values(m),
    }


@scenario
def assign_integers(events):
    d = Node().state_dict()
    d["a.w"] = torch.ones(2, dtype=torch.int64)
    return load(Node(), d, assign=True)


@scenario
def assign_to_meta(events):
    with torch.device("meta"):
        m = nn.Sequential(nn.Linear(2, 1), nn.BatchNorm1d(1))
    d = nn.Sequential(nn.Linear(2, 1), nn.BatchNorm1d(1)).state_dict()
    said = load(m, d, assign=True)
    return {**said, "meta": {k: v.is_meta for k, v in m.state_dict().items()}}


@scenario
def assign_buffers(events):
    m = nn.Module()
    m.register_buffer("b", torch.zeros(2))
    d = {"b": torch.ones(2, dtype=torch.int64)}
    said = load(m, d, assign=True)
    return {**said, "dtype": str(m.b.dtype), "shares": m.b.data_ptr() == d["b"].data_ptr()}


@scenario
def assign_mismatch(events):
    d = Node().state_dict()
    d["a.w"] = torch.ones(3)
    d["x"] = torch.ones(1)
    del d["w"]
    return load(Node(), d, assign=True)


with open(OUT, "w", encoding="utf-8") as out:
    json.dump(scenarios, out, indent=1)
    out.write("\n")
print(len(scenarios), "scenarios")
