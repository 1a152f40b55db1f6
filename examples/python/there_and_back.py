"""A training run that moves from Java to Python and back: the same as ThereAndBack.java, in the same steps.

usage, from the project's root:  python3 examples/python/there_and_back.py FILE STEPS
"""
import csv
import gzip
import os
import sys

import torch
from torch import nn
from torch.nn import functional as F

DIGITS = "models/src/main/resources/org/jtorch/models/digits.csv.gz"


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 32)
        self.drop = nn.Dropout(0.1)
        self.fc2 = nn.Linear(32, 10)

    def forward(self, x):
        return self.fc2(self.drop(F.relu(self.fc1(x))))


file, steps = sys.argv[1], int(sys.argv[2])

torch.manual_seed(0)
net = Net()
optimizer = torch.optim.AdamW(net.parameters(), lr=1e-2, fused=True)    # jtorch's AdamW is the fused one
step = 0
if os.path.exists(file):
    run = torch.load(file, weights_only=True)
    net.load_state_dict(run["model"])
    optimizer.load_state_dict(run["optimizer"])
    optimizer.param_groups[0]["fused"] = True
    step = run["step"]
    torch.set_rng_state(run["random"])

with gzip.open(DIGITS, "rt") as rows:
    digits = torch.tensor([[float(cell) for cell in row] for row in csv.reader(rows)])
all_images, all_labels = digits[:, :64] / 16, digits[:, 64].long()

for step in range(step, step + steps):
    batch = torch.randint(0, len(digits), (32,))
    images, labels = all_images[batch], all_labels[batch]
    optimizer.zero_grad()
    loss = F.cross_entropy(net(images), labels)
    loss.backward()
    optimizer.step()
    print(f"Python  step {step + 1:3d}  loss {loss.item():.10f}")

torch.save({"model": net.state_dict(), "optimizer": optimizer.state_dict(), "step": step + 1,
            "random": torch.get_rng_state()}, file)
