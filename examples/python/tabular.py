"""Predicts the occupation of a person from a CSV file, as Tabular.java does in the same steps.

usage, from the project's root:  python3 examples/python/tabular.py EPOCHS
"""
import csv
import sys

import torch
from torch import nn
from torch.nn import functional as F
from torch.optim.lr_scheduler import CosineAnnealingLR
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.data import DataLoader, TensorDataset, random_split

FILE = "examples/src/main/resources/org/jtorch/examples/wages.csv"
EPOCHS = int(sys.argv[1])
NUMBERS = ["education", "experience", "wage", "age"]
GENDERS, SECTORS = ["female", "male"], ["construction", "manufacturing", "other"]
OCCUPATIONS = ["clerical", "management", "other", "professional", "sales", "service"]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.gender = nn.Embedding(2, 2)
        self.sector = nn.Embedding(3, 2)
        self.norm = nn.BatchNorm1d(4)
        self.layers = nn.Sequential(nn.Linear(8, 64), nn.SiLU(), nn.Dropout(0.1), nn.Linear(64, 6))

    def forward(self, numbers, gender, sector):
        return self.layers(torch.cat([self.norm(numbers), self.gender(gender), self.sector(sector)], 1))


torch.manual_seed(0)
rows = list(csv.DictReader(open(FILE)))
data = TensorDataset(torch.tensor([[float(row[name]) for name in NUMBERS] for row in rows]),
                     torch.tensor([GENDERS.index(row["gender"]) for row in rows]),
                     torch.tensor([SECTORS.index(row["sector"]) for row in rows]),
                     torch.tensor([OCCUPATIONS.index(row["occupation"]) for row in rows]))
train, test = random_split(data, [0.8, 0.2])
loader = DataLoader(train, batch_size=32, shuffle=True, drop_last=True)
model = Net()
average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.98), use_buffers=True)
optimizer = torch.optim.RAdam(model.parameters(), lr=1e-2, weight_decay=1e-4)
scheduler = CosineAnnealingLR(optimizer, 60)

step = 0
for epoch in range(EPOCHS):
    model.train()
    for numbers, gender, sector, occupation in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(numbers, gender, sector), occupation, label_smoothing=0.05)
        loss.backward()
        optimizer.step()
        average.update_parameters(model)
        step += 1
        print(f"step {step}  loss {loss.item():.9f}")
    scheduler.step()
average.eval()
numbers, gender, sector, occupation = test[:]
print(f"accuracy {(average(numbers, gender, sector).argmax(1) == occupation).float().mean():.3f}")
