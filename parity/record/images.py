"""Writes images, configurations of image processors and tiny classifiers, and what Python makes of them.

Python is Pillow, transformers with the processors that use Pillow, and torchvision.

Large results are recorded as the SHA-256 of their bytes, since they must be equal to the bit.

usage, from the project's root:  python3 parity/record/images.py models/src/test/resources/images
"""
import hashlib
import json
import pathlib
import sys

import numpy as np
import torch
import transformers as t
from PIL import Image, ImageOps
from safetensors.torch import save_file
from torchvision.transforms import InterpolationMode
from torchvision.transforms._presets import ImageClassification

from families import randomize

FILTERS = ["NEAREST", "BOX", "BILINEAR", "HAMMING", "BICUBIC", "LANCZOS"]
SIZES = {(17, 23): [(8, 11), (30, 40), (17, 9), (9, 23), (1, 1), (5, 64)], (1, 9): [(3, 4), (1, 20)], (9, 1): [(4, 3), (20, 1)],
         (1, 1): [(3, 5)], (40, 33): [(7, 7), (13, 5), (41, 34), (30, 28), (31, 28)]}
BOXED = (17, 23)
BOXES = [((6, 7), (1.5, 2.25, 20.75, 15.1)), ((17, 23), (0, 3, 23, 17)), ((30, 23), (0.3, 0, 22.1, 16.9)),
         ((5, 30), (2.5, 6, 20, 12.75))]


def noise(rng, height, width):
    """Strong noise, so that sums go below 0 and above 255."""
    shape = (height, width, 3)
    return Image.fromarray((rng.integers(0, 3, shape) * 100 + rng.integers(0, 56, shape)).astype(np.uint8))


def planes(image):
    return torch.from_numpy(np.array(image.convert("RGB")).transpose(2, 0, 1).copy())


def sha(tensor):
    return hashlib.sha256(tensor.contiguous().numpy().tobytes()).hexdigest()


def resizes(root, rng):
    tensors, cases = {}, []
    for (height, width), targets in SIZES.items():
        image = noise(rng, height, width)
        tensors[f"{height}x{width}"] = planes(image)
        boxes = [(target, None) for target in targets] + (BOXES if (height, width) == BOXED else [])
        for target, box in boxes:
            for name in FILTERS:
                resized = image.resize(target[::-1], Image.Resampling[name], box=box)
                cases.append({"image": f"{height}x{width}", "height": target[0], "width": target[1], "filter": name, "box": box,
                              "sha256": sha(planes(resized))})
                if not box and target in [(8, 11), (30, 40)]:
                    tensors[f"{height}x{width} {target[0]}x{target[1]} {name}"] = planes(resized)
    save_file(tensors, root / "resized.safetensors")
    return cases


def files(root, rng):
    """JPEGs, whose decoders differ, and one for each orientation."""
    y, x = np.mgrid[0:48, 0:64]
    smooth = np.stack([127 + 120 * np.sin(x / 9 + c) * np.cos(y / (7 + c)) for c in range(3)], -1)
    photo = Image.fromarray(np.clip(smooth + rng.normal(0, 12, smooth.shape), 0, 255).astype(np.uint8))
    photo.save(root / "photo.jpg", quality=85)
    tensors = {"photo.jpg": planes(Image.open(root / "photo.jpg"))}
    small = photo.crop((5, 5, 21, 15))
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        exif[0x010F] = "a maker"
        name = f"turned_{orientation}.jpg"
        small.save(root / name, quality=95, subsampling=0, exif=exif)
        tensors[name] = planes(ImageOps.exif_transpose(Image.open(root / name)))
    image = noise(rng, 21, 30)
    image.save(root / "noise.png")
    tensors["noise.png"] = planes(image)
    save_file(tensors, root / "files.safetensors")


# --- processors ---------------------------------------------------------------------------------------------

PROCESSORS = {
    "vit": (t.ViTImageProcessorPil, {}),
    "deit": (t.DeiTImageProcessorPil, {}),
    "bit": (t.BitImageProcessorPil, {}),
    "clip": (t.CLIPImageProcessorPil, {}),
    "siglip": (t.SiglipImageProcessorPil, {}),
    "convnext": (t.ConvNextImageProcessorPil, {}),
    "efficientnet": (t.EfficientNetImageProcessorPil, {}),
    "vit_small": (t.ViTImageProcessorPil, dict(size=12, resample=3)),
    "vit_sides": (t.ViTImageProcessorPil, dict(size=[9, 14], do_center_crop=True, resample=1,
                                               crop_size={"height": 11, "width": 11})),
    "vit_levels": (t.ViTImageProcessorPil, dict(size=10, do_normalize=False, resample=0)),
    "vit_bytes": (t.ViTImageProcessorPil, dict(size=10, do_rescale=False, resample=4,
                                               image_mean=[120.5, 110, 100], image_std=[60, 61, 62.5])),
    "vit_whole": (t.ViTImageProcessorPil, dict(do_resize=False)),
    "bit_shortest": (t.BitImageProcessorPil, dict(size=16, crop_size=13, resample=5)),
    "bit_padded": (t.BitImageProcessorPil, dict(size={"shortest_edge": 9}, crop_size={"height": 20, "width": 12})),
    "bit_uncropped": (t.BitImageProcessorPil, dict(size={"shortest_edge": 9}, do_center_crop=False)),
    "convnext_cropped": (t.ConvNextImageProcessorPil, dict(size={"shortest_edge": 13}, crop_pct=0.875)),
    "convnext_other": (t.ConvNextImageProcessorPil, dict(size=13, crop_pct=0.95, resample=2)),
    "efficientnet_offset": (t.EfficientNetImageProcessorPil,
                            dict(size=12, rescale_offset=True, rescale_factor=1 / 127.5, crop_size=9, do_center_crop=True,
                                 image_std=[0.47853944, 0.4732864, 0.47434163])),
    "efficientnet_base": (t.EfficientNetImageProcessorPil, dict(size=12, include_top=False, resample=0)),
}


def processors(image, tall):
    cases = {}
    for name, (kind, values) in PROCESSORS.items():
        processor = kind(**values)
        outputs = [torch.as_tensor(np.array(processor(each, return_tensors="np")["pixel_values"])) for each in (image, tall)]
        no_levels = {"do_rescale": False, "do_normalize": False} | ({"include_top": False} if "efficient" in name else {})
        crude = kind(**values | no_levels)
        pixels = [torch.as_tensor(np.array(crude(each, return_tensors="np")["pixel_values"]))[0] for each in (image, tall)]
        assert all(each.dtype == torch.uint8 for each in pixels) and all(each.dtype == torch.float32 for each in outputs)
        given = {"image_processor_type": kind.__name__.removesuffix("Pil")} | values
        cases[name] = {"given": given, "written": json.loads(processor.to_json_string()),
                       "shapes": [list(o.shape) for o in outputs], "pixels": [sha(each) for each in pixels],
                       "values": [sha(each) for each in outputs]}
    return cases


PRESETS = {
    "standard": {},
    "convnext_tiny": {"resize_size": 236},
    "swin_t": {"resize_size": 232, "interpolation": "BICUBIC"},
    "padded": {"resize_size": 9, "crop_size": 12},
    "odd": {"resize_size": 16, "crop_size": 13},
    "even": {"resize_size": 15, "crop_size": 10},
    "other": {"resize_size": 10, "crop_size": 9, "mean": [0.5, 0.4, 0.3], "std": [0.5, 0.25, 0.3], "interpolation": "LANCZOS"},
}


def presets(image, tall):
    cases = {}
    for name, given in PRESETS.items():
        values = {"crop_size": 224} | given | {"interpolation": InterpolationMode[given.get("interpolation", "BILINEAR")]}
        outputs = [ImageClassification(**values)(each)[None] for each in (image, tall)]
        cases[name] = {"given": given, "shapes": [list(o.shape) for o in outputs], "values": [sha(each) for each in outputs]}
    return cases


# --- classifiers --------------------------------------------------------------------------------------------

TINY = dict(hidden_size=16, num_hidden_layers=1, num_attention_heads=2, image_size=12, patch_size=4,
            id2label={0: "cat", 1: "dog", 2: "bird"}, label2id={"cat": 0, "dog": 1, "bird": 2})


def classifier(folder, model, processor, files):
    randomize(model)
    model.eval()
    model.save_pretrained(folder)
    processor.save_pretrained(folder)
    expected = {}
    for problem in ["single_label_classification", "multi_label_classification"]:
        model.config.problem_type = problem
        pipe = t.pipeline("image-classification", model=model, image_processor=processor)
        expected[problem] = {file.name: pipe(str(file)) for file in files}
    return expected


def main():
    root = pathlib.Path(sys.argv[1])
    root.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(5)
    torch.manual_seed(0)
    recorded = {"pillow": Image.__version__, "transformers": t.__version__, "resize": resizes(root, rng)}
    files(root, rng)
    image, tall = Image.open(root / "noise.png"), Image.open(root / "noise.png").transpose(Image.Transpose.ROTATE_90)
    recorded["processors"] = processors(image, tall)
    recorded["presets"] = presets(image, tall)
    paths = [root / "noise.png", root / "photo.jpg", root / "turned_6.jpg"]
    recorded["classifiers"] = {
        "vit": classifier(root / "vit", t.ViTForImageClassification(t.ViTConfig(**TINY, intermediate_size=24)),
                          t.ViTImageProcessorPil(size={"height": 12, "width": 12}), paths),
        "dinov2": classifier(root / "dinov2", t.Dinov2ForImageClassification(t.Dinov2Config(**TINY, mlp_ratio=2)),
                             t.BitImageProcessorPil(size={"shortest_edge": 14}, crop_size=12), paths)}
    (root / "recorded.json").write_text(json.dumps(recorded, indent=1) + "\n")
    print(len(recorded["resize"]), "resizes", json.dumps(recorded["classifiers"]["vit"]))


if __name__ == "__main__":
    main()
