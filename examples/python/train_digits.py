"""Trains on handwritten digits, as TrainDigits.java does in the same steps.

usage, from the project's root:  python3 examples/python/train_digits.py EPOCHS
"""
import csv
import gzip
import sys

import torch
from torch import nn
from torch.nn import functional as F
from torch.optim.lr_scheduler import OneCycleLR
from torch.utils.data import DataLoader, TensorDataset, random_split

DIGITS = "models/src/main/resources/org/jtorch/models/digits.csv.gz"
EPOCHS = int(sys.argv[1])

torch.manual_seed(0)
with gzip.open(DIGITS, "rt") as rows:
    digits = torch.tensor([[float(cell) for cell in row] for row in csv.reader(rows)])
train, test = random_split(TensorDataset(digits[:, :64] / 16, digits[:, 64].long()), [0.8, 0.2])
loader = DataLoader(train, batch_size=32, shuffle=True)

model = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Dropout(0.1), nn.Linear(128, 10))
optimizer = torch.optim.AdamW(model.parameters(), fused=True)           # jtorch's AdamW is the fused one
scheduler = OneCycleLR(optimizer, max_lr=1e-2, total_steps=20 * len(loader))

step = 0
for epoch in range(EPOCHS):
    model.train()
    for images, labels in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        scheduler.step()
        step += 1
        print(f"step {step}  loss {loss.item():.9f}")
    model.eval()
    images, labels = test[:]
    accuracy = (model(images).argmax(1) == labels).float().mean()
    print(f"epoch {epoch + 1}  accuracy {accuracy:.3f}")
