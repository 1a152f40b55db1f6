"""Records gradients through two differentiable steps of PyTorch's optimizers.

usage, from the project's root:  python3 parity/record/optimizers_differentiable.py optim/src/test/resources/org/jtorch/optim/differentiable.json
"""
import json
import sys

import torch

CASES = [("SGD", {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.1}), ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
         ("Adam", {"lr": 0.1, "weight_decay": 0.1}), ("Adam", {"lr": 0.1, "amsgrad": True}), ("AdamW", {"lr": 0.1}),
         ("RMSprop", {"lr": 0.1, "momentum": 0.9, "centered": True, "weight_decay": 0.1}), ("RMSprop", {"lr": 0.1}),
         ("Adagrad", {"lr": 0.1, "lr_decay": 0.1, "weight_decay": 0.1}), ("NAdam", {"lr": 0.1, "weight_decay": 0.1}),
         ("NAdam", {"lr": 0.1, "weight_decay": 0.1, "decoupled_weight_decay": True}), ("Adadelta", {"lr": 0.5, "weight_decay": 0.1}),
         ("Adamax", {"lr": 0.1, "weight_decay": 0.1}), ("ASGD", {"lr": 0.1, "t0": 0.0, "lambd": 0.1, "weight_decay": 0.1}),
         ("RAdam", {"lr": 0.1, "betas": [0.5, 0.6], "weight_decay": 0.1}), ("RAdam", {"lr": 0.1}), ("Rprop", {"lr": 0.1})]


def run(name, options):
    start = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64, requires_grad=True)
    gradients = [torch.tensor(g, dtype=torch.float64, requires_grad=True) for g in ([0.3, 0.7, -1.1], [0.9, -0.4, -0.2])]
    p = start.clone()
    optimizer = getattr(torch.optim, name)([p], **{k: tuple(v) if isinstance(v, list) else v for k, v in options.items()}, differentiable=True)
    for gradient in gradients:
        p.grad = gradient.clone()
        optimizer.step()
        # some algorithms change in the next step what autograd needs of this one: copies go on
        state = {k: v.clone() for k, v in optimizer.state.pop(p).items() if v is not None}
        p = p.clone()
        optimizer.param_groups[0]["params"] = [p]
        optimizer.state[p] = state
    loss = (p * torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)).square().sum()
    loss.backward()
    return {"optimizer": name, "options": options, "loss": loss.item(), "start": start.grad.tolist(),
            "gradients": [(torch.zeros(3) if g.grad is None else g.grad).tolist() for g in gradients]}


with open(sys.argv[1], "w") as out:
    json.dump({"torch": torch.__version__, "cases": [run(*case) for case in CASES]}, out, indent=1)
