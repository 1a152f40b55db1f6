"""What ResNet18Test compares with: torchvision's resnet18 with random weights under a seed.

usage, from the project's root:  python3 examples/python/resnet18.py FOLDER
writes resnet18.pt (45 MB: the weights, with statistics of batch normalisation that are not those of a new model),
resnet18_keys.pt (keys, shapes and dtypes, without values) and resnet18.json (logits)
"""
import json
import sys

import torch
import torchvision

folder = sys.argv[1]
torch.manual_seed(0)
model = torchvision.models.resnet18()
x = torch.randn(2, 3, 64, 64)
state = model.state_dict()
fresh = model.eval()(x)[:, :8].tolist()
model.train()(x)
model.train()(x * 2)
torch.save(model.state_dict(), f"{folder}/resnet18.pt")
trained = model.eval()(x)[:, :8].tolist()
with torch.device("meta"):
    torch.save(torchvision.models.resnet18().state_dict(), f"{folder}/resnet18_keys.pt")
with open(f"{folder}/resnet18.json", "w") as out:
    json.dump({"fresh": fresh, "after_two_batches": trained}, out, indent=1)
    out.write("\n")
