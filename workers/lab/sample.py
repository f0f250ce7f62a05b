"""Batched sampling with a key-value cache: temperature, then nucleus (top-p), as the engine does it."""
import torch
import torch.nn.functional as F
from torch import Tensor

from model import Model, rotary


@torch.no_grad()
def generate(
    model: Model,
    prompts: list[list[int]],
    end: int,
    seed: int,
    temperature: float = 1.0,
    top_p: float = 0.95,
    limit: int = 320,
    batch: int = 256,
    dtype: torch.dtype = torch.float32,
) -> list[list[int]]:
    """One sampled answer (ids, without the end token) per prompt; temperature 0 is greedy."""
    order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
    out: list[list[int]] = [[] for _ in prompts]
    gen = torch.Generator().manual_seed(seed)
    for start in range(0, len(order), batch):
        part = order[start : start + batch]
        for i, ids in zip(part, _batch(model, [prompts[i] for i in part], end, gen, temperature, top_p, limit, dtype)):
            out[i] = ids
    return out


def choose(logits: Tensor, gen: torch.Generator, temperature: float, top_p: float) -> Tensor:
    """Sample ids [rows] from float32 logits [rows, vocab]."""
    if temperature == 0:
        return logits.argmax(-1)
    p = (logits / temperature).softmax(-1)
    if top_p < 1:
        ranked, index = p.topk(min(64, p.shape[-1]), -1)
        ranked = ranked * ((ranked.cumsum(-1) - ranked) < top_p)
        return index.gather(-1, torch.multinomial(ranked, 1, generator=gen)).squeeze(-1)
    return torch.multinomial(p, 1, generator=gen).squeeze(-1)


def _batch(
    model: Model,
    prompts: list[list[int]],
    end: int,
    gen: torch.Generator,
    temperature: float,
    top_p: float,
    limit: int,
    dtype: torch.dtype,
) -> list[list[int]]:
    c, n = model.c, len(prompts)
    lengths = torch.tensor([len(p) for p in prompts])
    longest = int(lengths.max())
    size = min(c.max_positions, longest + limit)
    ids = torch.zeros(n, longest, dtype=torch.long)
    for i, p in enumerate(prompts):
        ids[i, : len(p)] = torch.tensor(p)
    cos, sin = rotary(torch.arange(size), c.head_dim, c.theta)
    cos, sin = cos.to(dtype), sin.to(dtype)
    rep = c.heads // c.kv_heads
    keys = [torch.zeros(n, c.kv_heads, size, c.head_dim, dtype=dtype) for _ in model.blocks]
    values = [torch.zeros_like(k) for k in keys]
    x = F.embedding(ids, model.embed).to(dtype)
    for block, ck, cv in zip(model.blocks, keys, values):
        q, k, v = block.project(x, cos[:longest], sin[:longest])
        ck[:, :, :longest], cv[:, :, :longest] = k, v
        k, v = k.repeat_interleave(rep, 1), v.repeat_interleave(rep, 1)
        x = block.finish(x, F.scaled_dot_product_attention(q, k, v, is_causal=True))
    x = x[torch.arange(n), lengths - 1]
    out: list[list[int]] = [[] for _ in prompts]
    rows = torch.arange(n)  # which prompt each row of the cache belongs to
    alive = torch.ones(n, dtype=torch.bool)
    position = lengths.clone()
    for _ in range(size - longest):
        h = F.rms_norm(x, (c.width,), model.norm.to(dtype), c.eps)
        token = choose(model.logits(h), gen, temperature, top_p)
        alive &= token != end
        for r, t, ok in zip(rows.tolist(), token.tolist(), alive.tolist()):
            if ok:
                out[r].append(t)
        left = int(alive.sum())
        if left == 0:
            break
        if left < 0.7 * len(rows):
            # Finished rows leave the batch: late steps then cost what the few long answers need.
            rows, token, position = rows[alive], token[alive], position[alive]
            keys, values = [k[alive] for k in keys], [v[alive] for v in values]
            alive = alive[alive]
        x = F.embedding(token, model.embed).to(dtype)[:, None]
        pc, ps = cos[position][:, None, None], sin[position][:, None, None]
        reach = int(position.max()) + 1
        mask = (torch.arange(reach) <= position[:, None])[:, None, None]
        at = torch.arange(len(rows))
        for block, ck, cv in zip(model.blocks, keys, values):
            q, k, v = block.project(x, pc, ps)
            ck[at, :, position], cv[at, :, position] = k[:, :, 0], v[:, :, 0]
            kk = ck[:, :, :reach].repeat_interleave(rep, 1) if rep > 1 else ck[:, :, :reach]
            vv = cv[:, :, :reach].repeat_interleave(rep, 1) if rep > 1 else cv[:, :, :reach]
            x = block.finish(x, F.scaled_dot_product_attention(q, kk, vv, attn_mask=mask))
        x = x[:, 0]
        position = position + 1
    return out
