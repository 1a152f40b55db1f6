"""Writes the files that the tests of org.jtorch.data.sources read, and what Python reads from them.
Usage: in the repository's root, with PyTorch, torchvision, numpy and Pillow: python3 parity/record/sources.py"""

import csv
import gzip
import json
import os
import shutil
import struct

import numpy as np
import torch
from PIL import Image
from torchvision.datasets import ImageFolder
from torchvision.datasets.folder import default_loader
from torchvision.datasets.mnist import read_sn3_pascalvincent_tensor
from torchvision.transforms.functional import pil_to_tensor

OUT = "data/src/test/resources/org/jtorch/data/sources"
shutil.rmtree(f"{OUT}/images", ignore_errors=True)
os.makedirs(OUT, exist_ok=True)
rng = np.random.default_rng(7)
read = {}

# --- CSV ----------------------------------------------------------------------------------------------------

NUMBERS = ["1", "-2.5", "1e-3", "6.02214076e23", "0.1", " 7 ", "1.", ".5", "+4", "1E5", "nan", "inf", "-Infinity", "3.0",
           "0.30000000000000004", "1e-320", "1e400", "123456789012345678"]
ROWS = [{"name": n, "number": v, "note": t, "label": l} for n, v, t, l in zip(
    [f"row {i}" for i in range(len(NUMBERS))], NUMBERS,
    ["plain", 'with "quotes"', "two\nlines", "two\r\nlines", "a, comma", "", "ümlaut €", " spaces ", "tab\t", "x", "y", "z",
     '"', ",", "a;b", "\n", "", "end"],
    ["cat", "dog", "bird"] * 6)]


def write_csv(name, encoding="utf-8", opener=open, **options):
    with opener(f"{OUT}/{name}", "wt", encoding=encoding, newline="") as out:
        writer = csv.DictWriter(out, ["name", "number", "note", "label"], **options)
        writer.writeheader()
        writer.writerows(ROWS)


write_csv("plain.csv", lineterminator="\n")
write_csv("crlf.csv")
write_csv("bom.csv", encoding="utf-8-sig")
write_csv("semicolon.csv", delimiter=";", quotechar="'", quoting=csv.QUOTE_ALL)
write_csv("windows.csv", encoding="cp1252")
write_csv("plain.csv.gz", opener=gzip.open)
write_csv("utf16.csv", encoding="utf-16")
with open(f"{OUT}/plain.csv", encoding="utf-8", newline="") as source:
    rows = list(csv.DictReader(source))
assert rows == ROWS
read["csv"] = [{**row, "float": repr(float(row["number"])), "float32": repr(torch.tensor(float(row["number"])).item())}
               for row in rows]

# --- JSON lines ---------------------------------------------------------------------------------------------

OBJECTS = [
    {"text": "ümlaut \u2028 \U0001f600", "x": 0.1, "n": 3, "flag": True, "values": [1, 2.5, -3e-5], "label": "a"},
    {"text": "line\nbreak", "x": 1e300, "n": -(2**63), "flag": False, "values": [], "label": "b", "extra": {"a": [1, None]}},
    {"text": "", "x": float("nan"), "n": 2**63 - 1, "flag": None, "values": [float("inf")], "label": "a"},
    {"text": None, "x": 5, "n": 7.0, "values": None, "label": "b"},
]
with open(f"{OUT}/objects.jsonl", "w", encoding="utf-8", newline="\n") as out:
    for i, item in enumerate(OBJECTS):
        out.write(json.dumps(item, ensure_ascii=i % 2 == 0) + ("\r\n" if i == 1 else "\n\n" if i == 2 else "\n"))
with open(f"{OUT}/objects.jsonl", "rb") as source, gzip.open(f"{OUT}/objects.jsonl.gz", "wb") as out:
    out.write(source.read())
with open(f"{OUT}/objects.jsonl", encoding="utf-8", newline="\n") as source:
    read["json"] = [
        {"line": number, "x": repr(float(item["x"])), "n": str(int(item["n"])), "text": item["text"],
         "values": item["values"] and [repr(torch.tensor(float(v)).item()) for v in item["values"]]}
        for number, item in ((number, json.loads(line)) for number, line in enumerate(source, 1) if line.strip())]

# --- images -------------------------------------------------------------------------------------------------

W, H = 13, 9
rgb = rng.integers(0, 256, (H, W, 3), dtype=np.uint8)
grey = rng.integers(0, 256, (H, W), dtype=np.uint8)
smooth = np.stack([np.add.outer(np.arange(32) * a, np.arange(40) * b) % 256 for a, b in ((3, 2), (1, 4), (5, 1))], 2)
smooth = np.clip(smooth, 0, 255).astype(np.uint8)
palette = Image.fromarray(rgb).quantize(11)


def save(path, image, **options):
    full = f"{OUT}/images/{path}"
    os.makedirs(os.path.dirname(full), exist_ok=True)
    image.save(full, **options)


save("png/rgb.png", Image.fromarray(rgb))
save("png/grey.png", Image.fromarray(grey))
save("png/rgba.png", Image.fromarray(rng.integers(0, 256, (H, W, 4), dtype=np.uint8), "RGBA"))
save("png/grey_alpha.png", Image.fromarray(rng.integers(0, 256, (H, W, 2), dtype=np.uint8), "LA"))
save("png/palette.png", palette)
save("png/palette_transparent.png", palette, transparency=3)
save("png/palette_alphas.png", palette, transparency=bytes(range(0, 220, 20)))
save("png/palette_2.png", Image.fromarray(rgb).quantize(2), bits=1)
save("png/bilevel.png", Image.fromarray(grey > 128))
save("png/grey_16.png", Image.fromarray(rng.integers(0, 1000, (H, W)).astype(np.uint16)))
save("png/rgb_transparent.png", Image.fromarray(rgb), transparency=(1, 2, 3))
save("png/profile.png", Image.fromarray(grey), icc_profile=None, gamma=0.5)
exif = Image.Exif()
exif[0x0112] = 6
save("png/turned.png", Image.fromarray(rgb), exif=exif)
save("bmp/rgb.bmp", Image.fromarray(rgb))
save("bmp/grey.BMP", Image.fromarray(grey))
save("bmp/palette.bmp", palette)
save("tiff/rgb.tif", Image.fromarray(rgb))
save("tiff/lzw.tiff", Image.fromarray(rgb), compression="tiff_lzw")
save("tiff/grey.tif", Image.fromarray(grey))
save("jpeg/more/rgb.jpg", Image.fromarray(smooth), quality=90)
save("jpeg/more/full.jpg", Image.fromarray(smooth), quality=95, subsampling=0)
save("jpeg/grey.jpeg", Image.fromarray(smooth[:, :, 0]), quality=80)
save("jpeg/turned.jpg", Image.fromarray(smooth), quality=85, exif=exif)
save("jpeg/progressive.jpg", Image.fromarray(smooth), quality=85, progressive=True)
save("jpeg/a-b/rgb.jpg", Image.fromarray(smooth[:20]), quality=75)
open(f"{OUT}/images/jpeg/notes.txt", "w").write("not an image\n")


def png_16(path, colour, channels):
    """A PNG of 16 bits with alpha or colours, which Pillow reads but does not write."""
    import zlib
    data = rng.integers(0, 65536, (H, W, channels)).astype(">u2")

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    with open(f"{OUT}/images/{path}", "wb") as out:
        out.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", W, H, 16, colour, 0, 0, 0))
                  + chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row.tobytes() for row in data))) + chunk(b"IEND", b""))


def png_grey(path, bits):
    """A grey PNG of 2 or 4 bits, in rows that are whole bytes."""
    import zlib
    data = rng.integers(0, 256, (H, 3), dtype=np.uint8)

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    with open(f"{OUT}/images/{path}", "wb") as out:
        out.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 24 // bits, H, bits, 0, 0, 0, 0))
                  + chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row.tobytes() for row in data))) + chunk(b"IEND", b""))


png_16("png/rgb_16.png", 2, 3)
png_16("png/rgba_16.png", 6, 4)
png_16("png/grey_alpha_16.png", 4, 2)
png_grey("png/grey_2.png", 2)
png_grey("png/grey_4.png", 4)

folder = ImageFolder(f"{OUT}/images")
read["images"] = {
    "classes": folder.classes,
    "samples": [[os.path.relpath(path, f"{OUT}/images"), target] for path, target in folder.samples],
    "pixels": [pil_to_tensor(default_loader(path)).numpy().tobytes().hex() for path, _ in folder.samples],
    "shapes": [list(pil_to_tensor(default_loader(path)).shape) for path, _ in folder.samples],
}
empty = f"{OUT}/images/empty"
os.makedirs(empty)
try:
    ImageFolder(f"{OUT}/images")
except FileNotFoundError as e:
    read["images"]["empty"] = str(e)
os.rmdir(empty)

# --- IDX ----------------------------------------------------------------------------------------------------

TYPES = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
read["idx"] = {}


def write_idx(name, code, array, opener=open):
    with opener(f"{OUT}/{name}", "wb") as out:
        out.write(bytes([0, 0, code, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes())


for code, dtype in TYPES.items():
    shape = {8: (2, 3, 4), 13: (5,)}.get(code, (3, 2))
    values = rng.integers(0, 100, shape) if code == 8 else rng.normal(0, 40, shape)
    write_idx(f"type{code}.idx", code, values.astype(dtype))
    tensor = read_sn3_pascalvincent_tensor(f"{OUT}/type{code}.idx")
    read["idx"][str(code)] = {"dtype": str(tensor.dtype), "shape": list(tensor.shape),
                              "values": tensor.double().flatten().tolist()}
images, labels = rng.integers(0, 256, (4, 5, 3)), rng.integers(0, 10, (4,))
write_idx("images-idx3-ubyte.gz", 8, images.astype(np.uint8), gzip.open)
write_idx("labels-idx1-ubyte", 8, labels.astype(np.uint8))
read["idx"]["images"] = images.flatten().tolist()
read["idx"]["labels"] = labels.tolist()

json.dump(read, open(f"{OUT}/read_by_python.json", "w", encoding="utf-8"), indent=0)
