"""Writes a program in the two layouts of archives of older PyTorch, and checks that the present one still reads them.

usage: python3 parity/record/graphs_older.py PROGRAM.pt2 FOLDER
"""
import io
import json
import sys
import warnings
import zipfile

import torch

warnings.filterwarnings("ignore")


def saved(value):
    out = io.BytesIO()
    torch.save(value, out)
    return out.getvalue()


def write(path, entries):
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)


def main():
    program, folder = sys.argv[1:]
    read = torch.export.load(program)
    with zipfile.ZipFile(program) as archive:
        entries = {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}
    model = json.loads(entries["models/model.json"])
    model.pop("guards_code")                                     # fields that PyTorch 2.6 did not write
    for node in model["graph_module"]["graph"]["nodes"]:
        node.pop("name"), node.pop("is_hop_single_tensor_return")
        for argument in node["inputs"]:
            argument.pop("kind")
    model["graph_module"]["graph"].pop("sym_float_values")
    model["schema_version"] = {"major": 8, "minor": 2}
    old = json.dumps(model).encode()
    state, constants = saved(read.state_dict), saved(dict(read.constants))
    write(f"{folder}/layout_2_6.pt2", {
        "version": "8.2", "serialized_exported_program.json": old, "serialized_state_dict.pt": state,
        "serialized_constants.pt": constants, "serialized_example_inputs.pt": entries["data/sample_inputs/model.pt"],
        "extra_files/note.txt": "written by hand"})
    kept = {f"m/{name}": data for name, data in entries.items() if not name.startswith(("data/weights", "data/constants"))}
    write(f"{folder}/layout_2_8.pt2", {**kept, "m/models/model.json": old, "m/data/weights/model.pt": state,
                                       "m/data/constants/model.pt": constants, "m/extra/note.txt": "written by hand"})
    x = torch.ones(2, 8)
    for name in ("layout_2_6", "layout_2_8"):
        other = torch.export.load(f"{folder}/{name}.pt2")
        assert torch.equal(other.module()(x), read.module()(x)), name
        print(name, "is read by PyTorch", torch.__version__)


if __name__ == "__main__":
    main()
