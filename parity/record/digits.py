"""The digits recipe in Python, step for step what `jtorch train` does in Java.

usage, from the project's root:
    python3 parity/record/digits.py record FOLDER     train with PyTorch; write losses.json, digits_python.pt and logits.json
    python3 parity/record/digits.py check FILE [LOGITS]
        load what Java wrote, strictly, and print accuracy and logits as JSON; LOGITS is what
        `jtorch predict FILE --logits LOGITS` wrote: its logits must equal PyTorch's to 1e-6
"""
import csv, gzip, json, os, sys
import torch
from safetensors.torch import load_file
from torch import nn

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DATA = os.path.join(ROOT, "models/src/main/resources/org/jtorch/models/digits.csv.gz")
TRAIN, BATCH, EPOCHS = 1437, 32, 30


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 128)
        self.act = nn.ReLU()
        self.drop = nn.Dropout(0.1)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x):
        return self.fc2(self.drop(self.act(self.fc1(x))))


def digits():
    with gzip.open(DATA, "rt") as f:
        rows = [[float(v) for v in row] for row in csv.reader(f)]
    table = torch.tensor(rows)
    return table[:, :64] / 16, table[:, 64].long()


def split(images, labels):
    torch.manual_seed(0)
    order = torch.randperm(len(images))
    train, test = order[:TRAIN], order[TRAIN:]
    return images[train], labels[train], images[test], labels[test]


def accuracy(model, images, labels):
    model.eval()
    with torch.inference_mode():
        logits = model(images)
    return int((logits.argmax(1) == labels).sum()), logits


def record(folder):
    train_x, train_y, test_x, test_y = split(*digits())
    model = Mlp()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    loss_fn = nn.CrossEntropyLoss()
    losses = []
    for _ in range(EPOCHS):
        model.train()
        order = torch.randperm(TRAIN)
        for start in range(0, TRAIN, BATCH):
            batch = order[start:start + BATCH]
            optimizer.zero_grad()
            loss = loss_fn(model(train_x[batch]), train_y[batch])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    correct, logits = accuracy(model, test_x, test_y)
    torch.save(model.state_dict(), os.path.join(folder, "digits_python.pt"))
    with open(os.path.join(folder, "losses.json"), "w") as f:
        json.dump({"torch": torch.__version__, "losses": losses[:200], "correct": correct, "total": len(test_y)}, f)
    with open(os.path.join(folder, "logits.json"), "w") as f:
        json.dump({"logits": logits[:8].double().tolist()}, f)
    print(f"{correct} of {len(test_y)}")


def check(file, java_logits=None):
    _, _, test_x, test_y = split(*digits())
    model = Mlp()
    print(model.load_state_dict(torch.load(file, weights_only=True), strict=True), file=sys.stderr)
    correct, logits = accuracy(model, test_x, test_y)
    print(json.dumps({"correct": correct, "total": len(test_y), "logits": logits[:8].double().tolist()}))
    if java_logits:
        worst = (load_file(java_logits)["logits"] - logits).abs().max().item()
        print(f"greatest difference of {logits.numel()} logits: {worst:.2e}")
        if not worst <= 1e-6 * logits.abs().max().item():
            sys.exit("the logits differ")


if __name__ == "__main__":
    {"record": record, "check": check}[sys.argv[1]](*sys.argv[2:])
