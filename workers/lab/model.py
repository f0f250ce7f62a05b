"""The lab's language model: Qwen3's architecture (grouped projections, q/k norm, RoPE, SwiGLU, tied embeddings)."""
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Config:
    """Shape of the model. `vocab` is padded to a multiple of 32."""

    vocab: int = 480
    width: int = 256
    layers: int = 4
    heads: int = 4
    kv_heads: int = 4
    head_dim: int = 64
    ffn: int = 640
    theta: float = 10_000.0
    max_positions: int = 2048
    eps: float = 1e-6

    def as_dict(self) -> dict:
        return asdict(self)


def rotary(positions: Tensor, dim: int, theta: float) -> tuple[Tensor, Tensor]:
    """Cosines and sines of positions [...]: two tensors [..., dim], halves repeated as Hugging Face does."""
    freq = theta ** (-torch.arange(0, dim, 2, dtype=torch.float32) / dim)
    angle = positions.float()[..., None] * freq
    angle = torch.cat([angle, angle], -1)
    return angle.cos(), angle.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotate [batch, heads, time, dim] by tables that broadcast to it."""
    a, b = x.chunk(2, -1)
    return x * cos + torch.cat([-b, a], -1) * sin


def causal_attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Plain causal attention over [batch, heads, time, dim]; with torch.compile it beats the CPU's flash kernel."""
    t, d = q.shape[-2:]
    scores = torch.matmul(q * d**-0.5, k.transpose(-1, -2))
    scores = scores + torch.full((t, t), -1e4, dtype=q.dtype).triu(1)
    return torch.matmul(scores.softmax(-1), v)


class Block(nn.Module):
    """One layer; `dtype` of the input decides the precision of the products, weights stay float32."""

    def __init__(self, c: Config) -> None:
        super().__init__()
        self.c = c
        self.n1 = nn.Parameter(torch.ones(c.width))
        self.n2 = nn.Parameter(torch.ones(c.width))
        self.qn = nn.Parameter(torch.ones(c.head_dim))
        self.kn = nn.Parameter(torch.ones(c.head_dim))
        q, kv = c.heads * c.head_dim, c.kv_heads * c.head_dim

        def matrix(out: int, inp: int, scale: float = 1.0) -> nn.Parameter:
            return nn.Parameter(torch.randn(out, inp) * scale / inp**0.5)

        self.qkv = matrix(q + 2 * kv, c.width)
        self.o = matrix(c.width, q, 0.3)
        self.up = matrix(2 * c.ffn, c.width)
        self.down = matrix(c.width, c.ffn, 0.3)

    def project(self, x: Tensor, cos: Tensor, sin: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values [batch, heads, time, dim] of x [batch, time, width]."""
        c, (b, t, _) = self.c, x.shape
        h = F.rms_norm(x, (c.width,), self.n1.to(x.dtype), c.eps)
        qkv = F.linear(h, self.qkv.to(x.dtype)).view(b, t, c.heads + 2 * c.kv_heads, c.head_dim).transpose(1, 2)
        q, k, v = qkv.split([c.heads, c.kv_heads, c.kv_heads], 1)
        q = rotate(F.rms_norm(q, (c.head_dim,), self.qn.to(x.dtype), c.eps), cos, sin)
        k = rotate(F.rms_norm(k, (c.head_dim,), self.kn.to(x.dtype), c.eps), cos, sin)
        return q, k, v

    def finish(self, x: Tensor, attended: Tensor) -> Tensor:
        """Output projection and feed-forward part, with their residuals."""
        c, (b, t, _) = self.c, x.shape
        x = x + F.linear(attended.transpose(1, 2).reshape(b, t, -1), self.o.to(x.dtype))
        h = F.rms_norm(x, (c.width,), self.n2.to(x.dtype), c.eps)
        gate, up = F.linear(h, self.up.to(x.dtype)).chunk(2, -1)
        return x + F.linear(F.silu(gate) * up, self.down.to(x.dtype))


class Model(nn.Module):
    """Token ids in, final normalised states or logits out."""

    def __init__(self, c: Config) -> None:
        super().__init__()
        self.c = c
        self.embed = nn.Parameter(torch.randn(c.vocab, c.width) * 0.02)
        self.blocks = nn.ModuleList(Block(c) for _ in range(c.layers))
        self.norm = nn.Parameter(torch.ones(c.width))

    def states(self, ids: Tensor, dtype: torch.dtype) -> Tensor:
        """Normalised last states [batch, time, width] of right-padded ids [batch, time] (causal, so no mask)."""
        c = self.c
        cos, sin = rotary(torch.arange(ids.shape[1]), c.head_dim, c.theta)
        cos, sin = cos.to(dtype), sin.to(dtype)
        x = F.embedding(ids, self.embed).to(dtype)
        for block in self.blocks:
            q, k, v = block.project(x, cos, sin)
            if c.kv_heads != c.heads:
                k, v = (z.repeat_interleave(c.heads // c.kv_heads, 1) for z in (k, v))
            x = block.finish(x, causal_attention(q, k, v))
        return F.rms_norm(x, (c.width,), self.norm.to(dtype), c.eps)

    def logits(self, states: Tensor) -> Tensor:
        """Float32 logits [..., vocab] of states [..., width]."""
        return F.linear(states, self.embed.to(states.dtype)).float()
