"""The order of rows and the learning rate, number for number as in workers/trainer/sft.ts and server/core: both trainers
train the same rows at the same step."""

import json
import math

MASK = 0xFFFFFFFF
# Room above every seed for the children of one request (server/core/seeds.ts).
CHILDREN = 1 << 16


def _mix(h):
    x = h & MASK
    x = ((x ^ (x >> 16)) * 0x85EBCA6B) & MASK
    x = ((x ^ (x >> 13)) * 0xC2B2AE35) & MASK
    return x ^ (x >> 16)


def sample_seed(base, *key):
    """server/core/seeds.ts, sampleSeed. Keys are ASCII here."""
    a, b = 0xDEADBEEF, 0x41C6CE57
    for unit in json.dumps([base, *key], separators=(",", ":")).encode("utf-16-le")[::2]:
        a = ((a ^ unit) * 0x9E3779B1) & MASK
        b = ((b ^ unit) * 0x5F356495) & MASK
    high = _mix(a ^ (b >> 13)) & 0x1FFFFF
    low = _mix(b ^ ((a * 0x85EBCA6B) & MASK))
    return (high * 0x100000000 + low) % (0x80000000 - CHILDREN)


def _stream(seed):
    """server/core/seeds.ts, randomStream (mulberry32)."""
    state = seed & MASK
    while True:
        state = (state + 0x6D2B79F5) & MASK
        t = ((state ^ (state >> 15)) * (state | 1)) & MASK
        t ^= (t + ((t ^ (t >> 7)) * (t | 61))) & MASK
        yield (t ^ (t >> 14)) / 0x100000000


def shuffled(count, seed, epoch):
    """The order of an epoch: Fisher-Yates by a stream of its own."""
    order, draws = list(range(count)), _stream(sample_seed(seed, "order", epoch))
    for i in range(count - 1, 0, -1):
        j = int(next(draws) * (i + 1))
        order[i], order[j] = order[j], order[i]
    return order


def rows_in_order(count, seed, wanted):
    """Indices of the first `wanted` rows of epochs without end."""
    order = []
    epoch = 0
    while len(order) < wanted:
        order += shuffled(count, seed, epoch)
        epoch += 1
    return order[:wanted]


def rounded(x):
    """JavaScript's Math.round."""
    return math.floor(x + 0.5)


def rate_factor(optimizer, step, steps):
    """Share of the peak learning rate at a step (from 0) of `steps`: server/core/training/schedule.ts."""
    rise = rounded(optimizer["warmup"] * steps)
    if step < rise:
        return (step + 1) / rise
    if optimizer["schedule"] == "constant":
        return 1.0
    along = (step - rise) / max(1, steps - rise)
    floor = optimizer["floor"]
    return floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * along))
