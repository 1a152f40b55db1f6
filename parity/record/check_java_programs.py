"""Loads programs that jtorch wrote with the real PyTorch: runs, differentiates, trains and saves them again.

usage: python3 check_java_programs.py FOLDER      (NAME.pt2 with NAME.safetensors: input.N, output.N, grad.KEY)

Each program is called with the inputs and compared with the outputs and gradients; one step of SGD is done if it has parameters;
and it is saved by torch.export.save, loaded and called again. Prints a line for each one that differs, and last
"N read, M differ".
"""
import io
import pathlib
import sys
import traceback
import warnings

import torch
from safetensors.torch import load_file
from torch.utils import _pytree as pytree

try:
    import transformers.modeling_outputs  # noqa: F401 (outputs of its models)
except ImportError:
    pass

warnings.filterwarnings("ignore")


def numbered(tensors, kind):
    found = []
    while f"{kind}.{len(found)}" in tensors:
        found.append(tensors[f"{kind}.{len(found)}"])
    return found


def arguments(program, inputs):
    """The arguments: the tensors in order, and the constants with which the program was recorded."""
    tensors = iter(inputs)
    leaves = []
    for spec in program.graph_signature.input_specs:
        if spec.kind == torch.export.graph_signature.InputKind.USER_INPUT:
            if isinstance(spec.arg, torch.export.graph_signature.ConstantArgument):
                leaves.append(spec.arg.value)
            else:
                leaves.append(next(tensors).clone())
    return pytree.tree_unflatten(leaves, program.call_spec.in_spec)


def outputs(value):
    return [x for x in pytree.tree_leaves(value) if isinstance(x, torch.Tensor)]


def check_close(what, actual, expected, loose=1):
    if actual.shape != expected.shape or actual.dtype != expected.dtype:
        raise AssertionError(f"{what}: {actual.dtype} {list(actual.shape)}, Java {expected.dtype} {list(expected.shape)}")
    if actual.numel() == 0:
        return
    if actual.is_floating_point() or actual.is_complex():
        tolerance = {torch.float64: 1e-7, torch.float32: 2e-4}.get(actual.dtype, 2e-2) * loose
        torch.testing.assert_close(actual, expected, rtol=tolerance, atol=tolerance, equal_nan=True, msg=lambda m: f"{what}: {m}")
    elif not torch.equal(actual, expected):
        raise AssertionError(f"{what}: other values")


def called(program, inputs):
    module = program.module()
    args, kwargs = arguments(program, inputs)
    torch.manual_seed(0)
    return module, outputs(module(*args, **kwargs))


def loss_of(results):
    return sum(y.square().mean() for y in results if y.is_floating_point() and y.requires_grad)


def check(path):
    tensors = load_file(str(path.with_suffix(".safetensors")))
    inputs, expected = numbered(tensors, "input"), numbered(tensors, "output")
    program = torch.export.load(str(path))
    module, results = called(program, inputs)
    if len(results) != len(expected):
        raise AssertionError(f"{len(results)} outputs, Java {len(expected)}")
    for i, (actual, wanted) in enumerate(zip(results, expected)):
        check_close(f"output {i}", actual.detach(), wanted)

    loss = loss_of(results)
    parameters = {k: p for k, p in module.named_parameters() if p.requires_grad}
    if isinstance(loss, torch.Tensor) and parameters:
        optimizer = torch.optim.SGD(parameters.values(), lr=1e-3)
        loss.backward()
        # tied weights are two parameters over one memory, of which the graph uses one
        gradients = {p.data_ptr(): p.grad for p in parameters.values() if p.grad is not None}
        wanted = {k[5:]: t for k, t in tensors.items() if k.startswith("grad.")}
        for k, t in wanted.items():
            gradient = gradients.get(parameters[k].data_ptr())
            if gradient is None:
                raise AssertionError(f"gradient of {k} is missing")
            check_close(f"gradient of {k}", gradient.to_dense(), t, 10)
        optimizer.step()
        args, kwargs = arguments(program, inputs)
        loss_of(outputs(module(*args, **kwargs)))

    # a fresh one, since a call may have changed buffers
    again = torch.export.load(str(path))
    copy = io.BytesIO()
    torch.export.save(again, copy)
    copy.seek(0)
    _, results = called(torch.export.load(copy), inputs)
    for i, (actual, wanted) in enumerate(zip(results, expected)):
        check_close(f"output {i} after PyTorch saved it", actual.detach(), wanted)

    other = 0
    while f"other.{other}.output.0" in tensors:
        _, results = called(torch.export.load(str(path)), numbered(tensors, f"other.{other}.input"))
        for i, (actual, wanted) in enumerate(zip(results, numbered(tensors, f"other.{other}.output"))):
            check_close(f"output {i} of other sizes", actual.detach(), wanted)
        other += 1
    if bool(other) != bool(program.range_constraints):
        raise AssertionError(f"{other} examples of other sizes, but range constraints {program.range_constraints}")


def main(folder):
    differ = 0
    files = sorted(pathlib.Path(folder).glob("*.pt2"))
    for path in files:
        try:
            check(path)
        except Exception as e:
            differ += 1
            text = str(e).strip().splitlines()
            place = traceback.extract_tb(e.__traceback__)[-1]
            print(f"{path.stem}: {type(e).__name__}: {' / '.join(text[:3])[:600]} ({pathlib.Path(place.filename).name}:{place.lineno})")
    print(f"{len(files)} read, {differ} differ")
    return differ


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1]) else 0)
