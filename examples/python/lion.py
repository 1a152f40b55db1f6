"""Five steps of Lion, as Lion.java takes them.

usage:  python3 examples/python/lion.py
"""
import torch


class Lion(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                state = self.state[p]
                if not state:
                    state["exp_avg"] = torch.zeros_like(p)
                m = state["exp_avg"]
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.add_((m * beta1).add_(p.grad, alpha=1 - beta1).sign_(), alpha=-group["lr"])
                m.lerp_(p.grad, 1 - beta2)


p = torch.nn.Parameter(torch.linspace(-1, 1, 8, dtype=torch.float64))
optimizer = Lion([p], lr=0.05, betas=(0.8, 0.9), weight_decay=0.1)
for step in range(5):
    p.grad = (torch.arange(8, dtype=torch.float64) * 1.7 + step * 0.9).sin()
    optimizer.step()
for value in p.tolist():
    print(value)
