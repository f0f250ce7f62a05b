"""Muon for the hidden matrices, AdamW for the rest. Muon: momentum, then the update is made orthogonal."""
from collections import defaultdict

import torch
from torch import Tensor, nn


def orthogonal(g: Tensor, rounds: int = 5) -> Tensor:
    """Newton-Schulz iteration towards the nearest orthogonal matrix, for a stack of matrices [n, rows, cols]."""
    x = g.bfloat16()
    tall = x.shape[1] > x.shape[2]
    if tall:
        x = x.transpose(1, 2)
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(rounds):
        a = torch.bmm(x, x.transpose(1, 2))
        b = -4.7750 * a + 2.0315 * torch.bmm(a, a)
        x = 3.4445 * x + torch.bmm(b, x)
    return (x.transpose(1, 2) if tall else x).float()


class Muon(torch.optim.Optimizer):
    """Keller Jordan's Muon, with matrices of one shape updated together.

    Weight matrices that are several projections stacked are split by `parts`, since each should be orthogonal alone.
    """

    def __init__(self, params: list[nn.Parameter], parts: dict[int, int], lr: float, momentum: float = 0.95) -> None:
        super().__init__(params, dict(lr=lr, momentum=momentum, weight_decay=0.01))
        self.parts = parts

    @torch.no_grad()
    def step(self) -> None:  # type: ignore[override]
        for group in self.param_groups:
            stacks: dict[tuple, list[tuple[nn.Parameter, int, Tensor]]] = defaultdict(list)
            for p in group["params"]:
                state = self.state[p]
                if "m" not in state:
                    state["m"] = torch.zeros_like(p)
                m = state["m"]
                m.lerp_(p.grad, 1 - group["momentum"])
                update = p.grad.lerp(m, group["momentum"])
                for i, piece in enumerate(update.chunk(self.parts.get(id(p), 1), 0)):
                    stacks[tuple(piece.shape)].append((p, i, piece))
                p.mul_(1 - group["lr"] * group["weight_decay"])
            for (rows, cols), items in stacks.items():
                made = orthogonal(torch.stack([x for _, _, x in items]))
                scale = -group["lr"] * max(1.0, rows / cols) ** 0.5
                for (p, i, _), u in zip(items, made):
                    p.chunk(self.parts.get(id(p), 1), 0)[i].add_(u, alpha=scale)
