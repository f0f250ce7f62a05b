"""Figures of NumPy 2.4.6 and SciPy 1.17.1 (Python 3.11) that fixtures.test.ts compares server/core/statistics with.

    python3 -m venv v && v/bin/pip install numpy==2.4.6 scipy==1.17.1
    v/bin/python tests/core/statistics/fixtures.py > tests/core/statistics/fixtures.json

Nothing here is a translation of the TypeScript but the random words and how they choose items (class Words, resample): with the
same draws, NumPy's means and percentiles can be compared to the last digits. SciPy's own bootstrap stands beside them.
"""

import json
import math

import numpy as np
import scipy
from scipy import special, stats

assert (np.__version__, scipy.__version__) == ("2.4.6", "1.17.1")
rng = np.random.default_rng(20260823)
out = {}


# --- pass@k: the code of Chen et al. 2021, "Evaluating Large Language Models Trained on Code", figure 3 ---


def estimator(n, c, k):
    if n - c < k:
        return 1.0
    return float(1.0 - np.prod(1.0 - k / np.arange(n - c + 1, n + 1)))


grid = [(n, c, k) for n in (1, 4, 8, 64, 128) for c in range(0, n + 1, max(1, n // 9)) for k in (1, 2, 3, 8, 64, 128) if k <= n]
grid += [(10_000, c, k) for c in (0, 1, 37, 5_000, 9_999, 10_000) for k in (1, 10, 100, 1_000, 9_999, 10_000)]
out["passAtK"] = [{"n": n, "c": c, "k": k, "value": estimator(n, c, k)} for n, c, k in grid]

# --- Beta ---

shapes = [(0.5, 128.5), (3.5, 125.5), (64.5, 64.5), (127.5, 1.5), (1, 9), (4, 7), (0.5, 0.5), (12, 0.5), (5000.5, 5000.5), (37.5, 9963.5), (9, 1e6)]
out["beta"] = [
    {
        "a": a,
        "b": b,
        "quantiles": [{"p": p, "x": float(stats.beta.ppf(p, a, b))} for p in (0.025, 0.1, 0.5, 0.975)],
        "integrals": [{"x": x, "i": float(special.betainc(a, b, x))} for x in (0.001, 0.03, 0.3, 0.5, 0.9)],
        "logBeta": float(special.betaln(a, b)),
    }
    for a, b in shapes
]

# --- Spearman, with ties ---

cases = [
    ([1, 2, 3, 4, 5, 6], [2, 1, 3, 5, 4, 6]),
    ([0.61, 0.74, 1.02, 1.9, 2.4, 2.4], [33.7, 27.6, 28.3, 20.8, 21.2, 20.8]),
    (rng.integers(0, 7, 200).tolist(), rng.integers(0, 5, 200).tolist()),
    (rng.normal(size=60).tolist(), rng.normal(size=60).tolist()),
]
out["spearman"] = []
for x, y in cases:
    rho = float(stats.spearmanr(x, y).statistic)
    n = len(x)
    fisher = None
    if n >= 10:  # Bonett and Wright 2000
        half = stats.norm.ppf(0.975) * np.sqrt((1 + rho**2 / 2) / (n - 3))
        fisher = [float(np.tanh(np.arctanh(rho) - half)), float(np.tanh(np.arctanh(rho) + half))]
    out["spearman"].append({"x": x, "y": y, "rho": rho, "ranks": stats.rankdata(x).tolist(), "fisher": fisher})

# --- Holm ---


def holm(p):
    """One p at a time, from the definition: step-down over the ordered hypotheses."""
    p = np.asarray(p)
    order = np.argsort(p, kind="stable")
    adjusted = np.minimum(1, np.maximum.accumulate((len(p) - np.arange(len(p))) * p[order]))
    back = np.empty_like(adjusted)
    back[order] = adjusted
    return back.tolist()


out["holm"] = [{"p": p, "adjusted": holm(p)} for p in (rng.uniform(size=12).round(6).tolist(), (rng.uniform(size=30) ** 6).tolist(), [0.02, 0.02, 0.02])]

# --- sign flips ---

out["signFlip"] = []
for n in (2, 5, 9, 12):
    a = rng.integers(0, 9, n) / 8
    b = rng.integers(0, 6, n) / 8
    test = stats.permutation_test((a, b), lambda x, y, axis: np.mean(x - y, axis=axis), permutation_type="samples", vectorized=True, n_resamples=np.inf)
    out["signFlip"].append({"a": a.tolist(), "b": b.tolist(), "p": float(test.pvalue)})
# Many problems: the exact distribution of the sum of n signed whole numbers, by convolution.
out["signFlipMany"] = []
for shift in (0.0, 0.04, 0.12):
    d = np.round(rng.normal(shift, 1, 300) * 4).astype(int)
    p = np.array([1.0])
    for step in np.abs(d):
        wider = np.zeros(len(p) + 2 * step)
        wider[: len(p)] += p / 2
        wider[2 * step : 2 * step + len(p)] += p / 2
        p = wider
    sums = np.arange(len(p)) - np.abs(d).sum()
    out["signFlipMany"].append({"differences": (d / 8).tolist(), "p": float(p[np.abs(sums) >= abs(d.sum())].sum())})


# --- bootstrap, with the very same draws ---

MASK = 0xFFFFFFFF


class Words:
    """splitmix32 for the state, xoshiro128+ for the words (Blackman and Vigna 2018)."""

    def __init__(self, seed):
        z = seed & MASK
        self.s = []
        for _ in range(4):
            z = (z + 0x9E3779B9) & MASK
            x = z ^ (z >> 16)
            x = (x * 0x21F0AAAD) & MASK
            x ^= x >> 15
            x = (x * 0x735A2D97) & MASK
            self.s.append(x ^ (x >> 15))

    def next(self):
        s = self.s
        word = (s[0] + s[3]) & MASK
        t = (s[1] << 9) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = ((s[3] << 11) | (s[3] >> 21)) & MASK
        return word


def resample(rows, resamples, seed):
    """Indices of every resample: items other than the commonest ones are drawn, as many as a binomial says."""
    keys = [tuple(r) for r in rows]
    best, times = None, 0
    seen = {}
    for key in keys:  # the first that reaches the highest count
        seen[key] = seen.get(key, 0) + 1
        if seen[key] > times:
            best, times = key, seen[key]
    base = keys.index(best)
    others = [i for i, key in enumerate(keys) if key != best]
    n = len(keys)
    cdf = stats.binom.cdf(np.arange(n + 1), n, len(others) / n) * 2.0**32
    words = Words(seed)
    for _ in range(resamples):
        made = int(np.searchsorted(cdf, words.next(), side="right"))
        picks = [others[words.next() * len(others) >> 32] for _ in range(made)]
        yield picks + [base] * (n - made)


def band(values):
    return [float(np.percentile(values, 2.5)), float(np.percentile(values, 97.5))]


R = 400
out["bootstrap"] = []
for n, zero in ((40, 0.0), (90, 0.6), (64, 0.9)):
    c = np.where(rng.uniform(size=n) < zero, 0, rng.integers(0, 33, n))
    m = rng.integers(20, 41, n)
    c = np.minimum(c, m)
    a, b = c / m, np.where(rng.uniform(size=n) < zero, 0, rng.integers(0, 33, n)) / 64
    mean = [a[i].mean() for i in resample(np.stack([a], 1), R, 7)]
    ratio = [c[i].sum() / m[i].sum() for i in resample(np.stack([c, m], 1), R, 7)]
    paired = [(a[i] - b[i]).mean() for i in resample(np.stack([a - b], 1), R, 7)]
    nll = rng.gamma(2, 0.4, n) * m
    token = [nll[i].sum() / m[i].sum() for i in resample(np.stack([nll, m], 1), R, 7)]
    text = [(nll[i] / m[i]).mean() for i in resample(np.stack([nll / m, np.ones(n)], 1), R, 7)]
    scipys = stats.bootstrap((a - b,), np.mean, n_resamples=20_000, method="percentile", rng=np.random.default_rng(5)).confidence_interval
    out["bootstrap"].append(
        {
            "c": c.tolist(),
            "n": m.tolist(),
            "a": a.tolist(),
            "b": b.tolist(),
            "nll": nll.tolist(),
            "mean": [float(a.mean()), *band(mean)],
            "ratio": [float(c.sum() / m.sum()), *band(ratio)],
            "paired": [float((a - b).mean()), *band(paired)],
            "scipyPaired": [float(scipys.low), float(scipys.high), float((a - b).std() / math.sqrt(n))],
            "token": [float(np.average(nll / m, weights=m)), *band(token)],
            "text": [float((nll / m).mean()), *band(text)],
        }
    )

# --- the curve: problems sorted by n and c, the largest group (the lowest of several) not drawn item by item ---


def curve_resamples(problems, resamples, seed):
    group = sorted(problems)
    sizes = {g: group.count(g) for g in group}
    largest = min((g for g in sizes if sizes[g] == max(sizes.values())))
    others = [g for g in group if g != largest]
    n = len(group)
    cdf = stats.binom.cdf(np.arange(n + 1), n, len(others) / n) * 2.0**32
    words = Words(seed)
    for _ in range(resamples):
        made = int(np.searchsorted(cdf, words.next(), side="right"))
        yield [others[words.next() * len(others) >> 32] for _ in range(made)] + [largest] * (n - made)


out["curve"] = []
for sizes in ([16], [8, 16]):
    problems = []
    for _ in range(50):
        n = int(rng.choice(sizes))
        problems.append((n, int(rng.binomial(n, rng.beta(0.3, 1.5)))))
    points = []
    for k in (1, 2, 8, 9, 16):
        value = {p: estimator(*p, k) if p[0] >= k else math.nan for p in set(problems)}
        mean = float(np.nanmean([value[p] for p in problems]))
        drawn = [np.nanmean([value[p] for p in draw]) for draw in curve_resamples(problems, R, 7)]
        points.append({"k": k, "value": mean, "low": band(drawn)[0], "high": band(drawn)[1], "problems": sum(p[0] >= k for p in problems)})
    out["curve"].append({"problems": [{"n": n, "c": c} for n, c in problems], "points": points})

print(json.dumps(out))
