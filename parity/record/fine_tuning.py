"""Records the losses of 50 steps in which transformers' BERT classifier and a ResNet of torchvision are trained further.

usage, from the project's root:  python3 parity/record/fine_tuning.py models/src/test/resources
"""
import json
import pathlib
import sys

import torch
import torchvision
import transformers as t

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from vision_families import fill, noise  # noqa: E402

STEPS = 50


def bert(folder):
    """With dropout, two groups with and without decay, a warm-up, and clipping: the usual recipe."""
    model = t.AutoModelForSequenceClassification.from_pretrained(folder).train()
    decayed = [p for n, p in model.named_parameters() if p.ndim > 1]
    others = [p for n, p in model.named_parameters() if p.ndim <= 1]
    optimizer = torch.optim.AdamW([{"params": decayed}, {"params": others, "weight_decay": 0.0}], lr=5e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1, (step + 1) / 10) * (1 - step / (2 * STEPS)))
    torch.manual_seed(0)
    for step in range(STEPS):
        ids = (torch.arange(8 * 12).reshape(8, 12) * 7 + step * 13) % 50 + 5
        mask = (torch.arange(12)[None] < 6 + (torch.arange(8)[:, None] + step) % 7).long()
        labels = ids[:, 0] % 3
        loss = model(input_ids=ids, attention_mask=mask, labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        yield loss.item()


def resnet(dtype, lr):
    """In float32 the rounding of a processor's kernels grows with the steps, by as much as the rate lets it: at a rate of 0.001 PyTorch
    differs from itself by 9e-4 (AVX2 and AVX-512), at 0.0002 by 2e-6. In float64 any rate gives equal losses."""
    model = torchvision.models.resnet.ResNet(torchvision.models.resnet.BasicBlock, [2, 1, 1, 1], num_classes=10)
    fill(model)
    model.to(dtype).train()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9, weight_decay=1e-4)
    for step in range(STEPS):
        images = noise(f"images {step % 5}", 4 * 3 * 64 * 64).to(dtype).reshape(4, 3, 64, 64)
        labels = (torch.arange(4) * 3 + step % 5) % 10
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        yield loss.item()


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1])
    losses = {"bert": list(bert(root / "families" / "bert_classifier")), "resnet": list(resnet(torch.float32, 2e-4)),
              "resnet_float64": list(resnet(torch.float64, 1e-3))}
    (root / "fine_tuning.json").write_text(json.dumps(losses))
    for name, values in losses.items():
        print(name, values[0], values[-1])
