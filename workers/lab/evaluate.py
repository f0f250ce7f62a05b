"""Measure the shipped model on fresh problems, against the generator's ground truth.

Prints accuracy, exact first-wrong-step rates with the position-only baselines beside them, and coverage and
accuracy per arm; --json writes the same as one document.

Usage: python evaluate.py [--n 1000] [--arms 200] [--k 8] [--seed 12] [--level hard] [--json FILE]
"""
import argparse
import json
import random
import re
import subprocess
from collections import Counter, defaultdict
from pathlib import Path

import torch

from attempts import CONTENT, ROOT, Settings, ask, label, location
from data import load_tokenizer
from export import from_hf

HERE = Path(__file__).resolve().parent
BOX = re.compile(r"\\boxed\{(\d+)\}")


def problems(level: str, seed: int, n: int) -> list[dict]:
    done = subprocess.run(["npx", "tsx", "workers/lab/write-problems.ts", level, str(seed), str(n)], cwd=ROOT,
                          text=True, capture_output=True, check=True)
    return [json.loads(x) for x in done.stdout.splitlines()]


def interval(by_problem: list[float], rounds: int = 1000) -> tuple[float, float]:
    """95 % bootstrap interval of the mean; the unit is the problem."""
    rng, n = random.Random(0), len(by_problem)
    means = sorted(sum(rng.choices(by_problem, k=n)) / n for _ in range(rounds))
    return means[int(0.025 * rounds)], means[int(0.975 * rounds)]


def position_baseline(fit: list[dict], test: list[dict], per_steps: bool) -> float:
    """Exact rate of always naming the commonest first wrong step (per number of steps), fitted on other problems."""
    count: dict[int, Counter] = defaultdict(Counter)
    for r in fit:
        count[r["steps"] if per_steps else 0][r["wrong"]] += 1
    best = {k: c.most_common(1)[0][0] for k, c in count.items()}
    return sum(best.get(r["steps"] if per_steps else 0) == r["wrong"] for r in test) / max(1, len(test))


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("--model", type=Path, default=HERE / "model")
    ap.add_argument("--n", type=int, default=1000)
    ap.add_argument("--arms", type=int, default=200, help="failed attempts whose continuations are sampled")
    ap.add_argument("--k", type=int, default=8, help="samples per arm")
    ap.add_argument("--seed", type=int, default=12)
    ap.add_argument("--level", default="hard")
    ap.add_argument("--temperature", type=float)
    ap.add_argument("--json", type=Path)
    a = ap.parse_args()
    torch.set_num_threads(2)
    gen = json.loads((a.model / "generation_config.json").read_text())
    s = Settings(a.temperature or gen["temperature"], gen["top_p"])
    tok, model = load_tokenizer(a.model), from_hf(a.model)
    torch.manual_seed(a.seed)

    ps = problems(a.level, a.seed, a.n)
    attempts = ask(model, tok, [p["problem"] for p in ps], a.seed, s)
    labels = label([{**p, "attempt": t} for p, t in zip(ps, attempts)])
    checks = ask(model, tok, [x["prompt"] for x in labels], a.seed + 1, s)
    rows = [{"p": p, "attempt": t, "right": x["right"], "wrong": x["firstWrong"], "steps": p["steps"], "check": c,
             "hint": x["hint"], "reflect": x["reflect"]}
            for p, t, x, c in zip(ps, attempts, labels, checks)]
    failed = [r for r in rows if not r["right"] and r["wrong"]]
    # Two errors can cancel: a right answer is not yet a right attempt.
    flawless = [r for r in rows if r["right"] and r["wrong"] is None]
    exact = [float(location(r["check"]) == r["wrong"]) for r in failed]
    half = len(failed) // 2
    accuracy = [float(r["right"]) for r in rows]
    out: dict = {
        "level": a.level, "seed": a.seed, "n": len(rows), "temperature": s.temperature, "top_p": s.top_p,
        "accuracy": sum(accuracy) / len(rows), "accuracy_interval": interval(accuracy), "failed": len(failed),
        "right_answer_with_wrong_step": sum(r["right"] and r["wrong"] is not None for r in rows),
        "failed_without_wrong_step": sum(not r["right"] and r["wrong"] is None for r in rows),
        "exact_first_error": sum(exact) / max(1, len(exact)), "exact_interval": interval(exact) if exact else None,
        "flawless": len(flawless),
        "none_on_flawless": sum(location(r["check"]) == 0 for r in flawless) / max(1, len(flawless)),
        "parsed": sum(location(r["check"]) is not None for r in rows) / len(rows),
        "baseline_position": position_baseline(failed[:half], failed[half:], False),
        "baseline_position_per_steps": position_baseline(failed[:half], failed[half:], True),
        "first_error_positions": dict(sorted(Counter(r["wrong"] for r in failed).items())),
        "exact_by_position": {
            k: round(sum(e for r, e in zip(failed, exact) if r["wrong"] == k) / v, 3)
            for k, v in sorted(Counter(r["wrong"] for r in failed).items())
        },
    }

    some = [r for r in failed if r["reflect"]][: a.arms]
    for i, (name, users) in enumerate((("hint", [r["hint"] for r in some]),
                                       ("reflect", [r["reflect"]["user"] for r in some]))):
        got = ask(model, tok, users, a.seed + 20 + i, s)
        out[f"{name}_accuracy"] = sum(
            bool(b := BOX.findall(g)) and b[-1] == r["p"]["answer"] for g, r in zip(got, some)) / max(1, len(some))

    kept, leaked, empty = [], 0, 0
    for r in failed:
        loc, content = location(r["check"]), CONTENT.search(r["check"])
        steps = r["attempt"].split("\n\n")
        if not loc or not content or not content.group(1) or loc > len(steps):
            empty += 1
            continue
        text = content.group(1).replace("\\\\", "\\")
        if BOX.search(text):
            leaked += 1
            continue
        kept.append({**r, "at": loc, "prefix": steps[: loc - 1], "original": steps[loc - 1], "content": text})
    out |= {"proposals_kept": len(kept), "proposals_leaked": leaked, "proposals_empty_or_unread": empty}
    kept = kept[: a.arms]
    starts = {
        "problem": lambda r: [],
        "prefix": lambda r: r["prefix"],
        "original": lambda r: [*r["prefix"], r["original"]],
        "intervention": lambda r: [*r["prefix"], r["content"]],
    }
    out["arms"] = {}
    for i, (arm, start) in enumerate(starts.items()):
        users = [r["p"]["problem"] for r in kept for _ in range(a.k)]
        # A prefix ends with a complete paragraph and no newline: the model writes the blank line itself.
        prefixes = ["\n\n".join(start(r)) for r in kept for _ in range(a.k)]
        got = ask(model, tok, users, a.seed + 10 + i, s, prefixes)
        ok = [bool(b := BOX.findall(p + g)) and b[-1] == r["p"]["answer"]
              for p, g, r in zip(prefixes, got, (r for r in kept for _ in range(a.k)))]
        per = [ok[j : j + a.k] for j in range(0, len(ok), a.k)]
        mean = [sum(x) / a.k for x in per]
        out["arms"][arm] = {"problems": len(per), "samples": a.k, "covered": sum(any(x) for x in per),
                            "accuracy": sum(mean) / max(1, len(mean)), "interval": interval(mean) if mean else None}
    out["intervention_over_original"] = out["arms"]["intervention"]["accuracy"] / max(
        1e-9, out["arms"]["original"]["accuracy"])
    text = json.dumps(out, indent=2)
    if a.json:
        a.json.write_text(text + "\n")
    print(text)


if __name__ == "__main__":
    main()
