"""Records torchvision's models: the keys of all variants, and what tiny models compute.

keys.json.gz has for each variant its state dict's keys with their shapes, in their order. Each tiny model has a folder NAME with
config.json in jtorch's form and expected.safetensors: input, output, the digest of each gradient of the mean of the output's squares in
eval mode (grad.KEY), and, for some, the output in training mode (train.output) and the digests of the buffers after it (buffer.KEY).

The weights are not recorded: "noise" and "weights" below compute them from the keys, and the test in Java does the same.

usage, from the project's root:  python3 parity/record/vision_families.py models/src/test/resources/vision [NAME ...]
"""
import gzip
import json
import math
import pathlib
import sys
import zlib

import torch
from safetensors.torch import save_file
from torchvision import models, ops
from torchvision.models import convnext, efficientnet, mobilenetv2, mobilenetv3, resnet, swin_transformer, vision_transformer

VARIANTS = """resnet18 resnet34 resnet50 resnet101 resnet152 resnext50_32x4d resnext101_32x8d resnext101_64x4d wide_resnet50_2
wide_resnet101_2 mobilenet_v2 mobilenet_v3_small mobilenet_v3_large efficientnet_b0 efficientnet_b1 efficientnet_b2 efficientnet_b3
efficientnet_b4 efficientnet_b5 efficientnet_b6 efficientnet_b7 efficientnet_v2_s efficientnet_v2_m efficientnet_v2_l convnext_tiny
convnext_small convnext_base convnext_large vit_b_16 vit_b_32 vit_l_16 vit_l_32 vit_h_14 swin_t swin_s swin_b swin_v2_t swin_v2_s
swin_v2_b""".split()


def noise(name, count):
    """Numbers in [-1, 1) that depend on a name and a position."""
    x = (torch.arange(count) * 2654435761 + zlib.crc32(name.encode())) & 0xFFFFFFFF
    for _ in range(2):
        x = ((x ^ (x >> 16)) * 0x45D9F3B) & 0xFFFFFFFF
    x = x ^ (x >> 16)
    return x.double() / 2**31 - 1


def weights(key, shape):
    """The weight of a key: of variance 2 / fan in for matrices, around 1 for factors, around 0 for summands."""
    x = noise(key, math.prod(shape))
    if len(shape) > 1 and math.prod(shape[1:]) > 1:
        x = x * math.sqrt(6 / math.prod(shape[1:]))
    elif key.endswith(("weight", "var", "scale")):
        x = 1 + 0.3 * x
    else:
        x = 0.2 * x
    return x.float().reshape(shape)


def fill(model):
    """Sets parameters and running statistics, but not counts and tables."""
    with torch.no_grad():
        for key, value in model.state_dict().items():
            if value.is_floating_point() and not key.endswith("_table") or key.endswith("bias_table"):
                value.copy_(weights(key, value.shape))


def digest(key, x):
    """The norm, a product with noise, and the first elements."""
    x = x.detach().double().flatten()
    return torch.cat([x.norm()[None], (x * noise("digest." + key, x.numel())).sum()[None], x[:6]])


# --- tiny models: the configuration, and torchvision's model -----------------------------------------------------

def resnet_case(block, layers, **more):
    config = dict(block=block, layers=layers, num_classes=5, **more)
    return "ResNet", "torchvision_resnet", config, lambda: resnet.ResNet(getattr(resnet, block), layers, num_classes=5, **more)


def mobilenet_v2_case():
    config = dict(num_classes=5, width_mult=0.35, inverted_residual_setting=[[1, 16, 1, 1], [6, 24, 2, 2], [4, 32, 1, 1]],
                  round_nearest=4, dropout=0.1)
    return "MobileNetV2", "torchvision_mobilenet_v2", config, lambda: mobilenetv2.MobileNetV2(**config)


def mobilenet_v3_case():
    rows = [[16, 3, 16, 16, True, "RE", 1, 1], [16, 3, 72, 24, False, "RE", 2, 1], [24, 5, 96, 40, True, "HS", 2, 2],
            [40, 5, 120, 40, True, "HS", 1, 2]]
    config = dict(inverted_residual_setting=rows, last_channel=24, num_classes=5, dropout=0.0)
    setting = [mobilenetv3.InvertedResidualConfig(*row, 1.0) for row in rows]
    return "MobileNetV3", "torchvision_mobilenet_v3", config, lambda: mobilenetv3.MobileNetV3(setting, 24, 5, dropout=0.0)


def efficientnet_case(rows, last_channel, eps):
    kinds = {"MBConv": efficientnet.MBConvConfig, "FusedMBConv": efficientnet.FusedMBConvConfig}
    config = dict(inverted_residual_setting=rows, dropout=0.3, num_classes=5, last_channel=last_channel, norm_eps=eps)
    setting = [kinds[row[0]](*row[1:]) for row in rows]
    return "EfficientNet", "torchvision_efficientnet", config, lambda: efficientnet.EfficientNet(
        setting, 0.3, num_classes=5, last_channel=last_channel, norm_layer=lambda n: torch.nn.BatchNorm2d(n, eps=eps))


def convnext_case():
    rows = [[8, 16, 1], [16, 24, 2], [24, None, 1]]
    config = dict(block_setting=rows, stochastic_depth_prob=0.2, num_classes=5)
    return "ConvNeXt", "torchvision_convnext", config, lambda: convnext.ConvNeXt(
        [convnext.CNBlockConfig(*row) for row in rows], 0.2, num_classes=5)


def vit_case(stem=None, **more):
    config = dict(image_size=32, patch_size=8, num_layers=2, num_heads=4, hidden_dim=16, mlp_dim=24, num_classes=5, **more)
    configs = None if stem is None else [vision_transformer.ConvStemConfig(*row) for row in stem]
    made = dict(config, conv_stem_configs=stem) if stem else config
    return "VisionTransformer", "torchvision_vit", made, lambda: vision_transformer.VisionTransformer(
        **config, conv_stem_configs=configs)


def swin_case(version):
    config = dict(patch_size=[4, 2], embed_dim=12, depths=[2, 3], num_heads=[3, 6], window_size=[4, 3], mlp_ratio=2.5,
                  stochastic_depth_prob=0.2, num_classes=5)
    more = {} if version == 1 else dict(block=swin_transformer.SwinTransformerBlockV2,
                                        downsample_layer=swin_transformer.PatchMergingV2)
    return "SwinTransformer", "torchvision_swin", config | dict(version=version), lambda: swin_transformer.SwinTransformer(
        **config, **more)


CASES = {
    "resnet_basic": (resnet_case("BasicBlock", [2, 1, 1, 1]), (64, 64), True),
    "resnet_bottleneck": (resnet_case("Bottleneck", [1, 2, 1, 1], groups=4, width_per_group=8,
                                      replace_stride_with_dilation=[False, True, True]), (32, 40), True),
    "mobilenet_v2": (mobilenet_v2_case(), (32, 32), False),
    "mobilenet_v3": (mobilenet_v3_case(), (40, 32), True),
    "efficientnet": (efficientnet_case([["MBConv", 1, 3, 1, 16, 8, 1], ["MBConv", 6, 5, 2, 8, 16, 2]], None, 1e-5), (32, 32), False),
    "efficientnet_v2": (efficientnet_case([["FusedMBConv", 1, 3, 1, 8, 8, 2], ["FusedMBConv", 4, 3, 2, 8, 16, 2],
                                           ["MBConv", 4, 3, 2, 16, 24, 2]], 40, 1e-3), (32, 32), False),
    "convnext": (convnext_case(), (64, 48), False),
    "vit": (vit_case(), (32, 32), False),
    "vit_stem": (vit_case([[8, 3, 2], [12, 3, 2], [16, 3, 2]], representation_size=12), (32, 32), False),
    "swin": (swin_case(1), (44, 30), False),
    "swin_v2": (swin_case(2), (44, 30), False),
}


def record(name, folder):
    (architecture, kind, config, make), size, train = CASES[name]
    folder.mkdir(parents=True, exist_ok=True)
    values = dict(model_type=kind, architectures=[architecture]) | config
    (folder / "config.json").write_text(json.dumps(values, indent=1) + "\n")
    torch.manual_seed(0)
    model = make()
    fill(model)
    x = noise("input", 2 * 3 * size[0] * size[1]).float().reshape(2, 3, *size)
    model.eval()
    output = model(x)
    output.square().mean().backward()
    tensors = {"input": x, "output": output.detach()}
    tensors |= {f"grad.{k}": digest(k, p.grad) for k, p in model.named_parameters()}
    if train:
        model.train()
        tensors["train.output"] = model(x).detach()
        tensors |= {f"buffer.{k}": digest(k, b) for k, b in model.named_buffers()}
    save_file({k: v.contiguous() for k, v in tensors.items()}, folder / "expected.safetensors")
    print(name, sum(p.numel() for p in model.parameters()), output.tolist(), flush=True)


# --- keys, and operators -----------------------------------------------------------------------------------------

def record_keys(file):
    keys = {}
    for name in VARIANTS:
        with torch.device("meta"):
            keys[name] = [[key, list(value.shape)] for key, value in getattr(models, name)().state_dict().items()]
        print(name, len(keys[name]), flush=True)
    with gzip.GzipFile(file, "wb", mtime=0) as out:
        out.write(json.dumps(keys, separators=(",", ":")).encode())


def boxes(name, count, size=20):
    """Boxes of positive width and height."""
    corners = (noise(name, 4 * count).float().reshape(count, 4) + 1) * size / 2
    return torch.cat([corners[:, :2].minimum(corners[:, 2:]), corners[:, :2].maximum(corners[:, 2:]) + 1], 1)


def record_ops(file):
    a, b = boxes("a", 40), boxes("b", 7)
    scores = noise("scores", 40).float()
    labels = torch.arange(40) % 3
    image = noise("image", 2 * 3 * 24 * 20).float().reshape(2, 3, 24, 20).requires_grad_()
    rois = torch.cat([(torch.arange(7) % 2)[:, None].float(), b], 1)
    tensors = dict(a=a, b=b, scores=scores, labels=labels, image=image.detach(), rois=rois)
    tensors["box_iou"] = ops.box_iou(a, b)
    for threshold in (0.1, 0.3, 0.7):
        tensors[f"nms.{threshold}"] = ops.nms(a, scores, threshold)
        tensors[f"batched_nms.{threshold}"] = ops.batched_nms(a, scores, labels, threshold)
    c, many = boxes("c", 1100, 100), noise("many", 1100).float()
    tensors |= dict(c=c, many=many, all_nms=ops.batched_nms(c, many, torch.arange(1100) % 5, 0.3))
    tensors["edge.nms"] = ops.nms(torch.tensor([[0, 0, 10, 1], [0, 0, 3, 1.0]]), torch.tensor([0.9, 0.8]), 0.3)
    for aligned in (False, True):
        for ratio in (-1, 2):
            name = f"roi_align.{str(aligned).lower()}.{ratio}"
            result = ops.roi_align(image, rois, (3, 5), 0.8, ratio, aligned)
            image.grad = None
            result.square().sum().backward()
            tensors[name] = result.detach()
            tensors[name + ".grad"] = digest("image", image.grad)
    save_file({k: v.contiguous() for k, v in tensors.items()}, file)


def main():
    root = pathlib.Path(sys.argv[1])
    root.mkdir(parents=True, exist_ok=True)
    for name in CASES:
        if not sys.argv[2:] or name in sys.argv[2:]:
            record(name, root / name)
    if not sys.argv[2:] or "ops" in sys.argv[2:]:
        record_ops(root / "ops.safetensors")
    if not sys.argv[2:] or "keys" in sys.argv[2:]:
        record_keys(root / "keys.json.gz")


if __name__ == "__main__":
    main()
