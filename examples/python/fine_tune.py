"""Trains a network on half of the digits, replaces its last layer, and trains it on all of them, as FineTune.java does in the
same steps.

usage, from the project's root:  python3 examples/python/fine_tune.py STEPS
"""
import csv
import gzip
import sys

import torch
from torch import nn
from torch.nn import functional as F
from torch.optim.lr_scheduler import LinearLR
from torch.utils.data import DataLoader, RandomSampler, TensorDataset

DIGITS = "models/src/main/resources/org/jtorch/models/digits.csv.gz"
STEPS = int(sys.argv[1])


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1)
        self.conv2 = nn.Conv2d(8, 16, 3, padding=1)
        self.head = nn.Linear(64, 5)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x.view(-1, 1, 8, 8))), 2)
        return self.head(F.max_pool2d(F.relu(self.conv2(x)), 2).flatten(1))


def train(name, images, labels, optimizer, scheduler, steps):
    data = TensorDataset(images, labels)
    loader = DataLoader(data, batch_size=32, sampler=RandomSampler(data, num_samples=32 * steps))
    for step, (x, y) in enumerate(loader, 1):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()
        scheduler.step()
        print(f"{name} {step}  loss {loss.item():.9f}")


torch.manual_seed(0)
with gzip.open(DIGITS, "rt") as rows:
    digits = torch.tensor([[float(cell) for cell in row] for row in csv.reader(rows)])
images, labels = digits[:, :64] / 16, digits[:, 64].long()
few = labels < 5

net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, nesterov=True)
train("before", images[few], labels[few], optimizer, LinearLR(optimizer), STEPS)

net.head = nn.Linear(64, 10)
net.conv1.requires_grad_(False)
optimizer = torch.optim.SGD([{"params": net.conv2.parameters(), "lr": 0.01}, {"params": net.head.parameters()}], lr=0.1,
                            momentum=0.9, weight_decay=1e-4)
train("after", images, labels, optimizer, LinearLR(optimizer), STEPS)
print(f"accuracy {(net(images).argmax(1) == labels).float().mean():.3f}")
