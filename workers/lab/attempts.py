"""Sample attempts and verifications of a model, and have the TypeScript ground truth label them."""
import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer

from data import END, PROMPT, encode
from model import Model
from sample import generate

ROOT = Path(__file__).resolve().parents[2]
LOCATION = re.compile(r'"location": (\d+)\}</intervention>$')
CONTENT = re.compile(r'<intervention>\{"content": "(.*)", "location"')


@dataclass(frozen=True)
class Settings:
    """Sampling settings, the same in training rounds, measurements and generation_config.json."""

    temperature: float = 1.0
    top_p: float = 0.95


def ask(model: Model, tok: Tokenizer, users: list[str], seed: int, s: Settings, prefixes: list[str] | None = None,
        limit: int = 320, dtype: torch.dtype = torch.float32) -> list[str]:
    """One sampled answer per user turn. With prefixes, the answer begins with that text (not repeated in the result)."""
    texts = [PROMPT.format(u) + (prefixes[i] if prefixes else "") for i, u in enumerate(users)]
    out = generate(model, encode(tok, texts), tok.token_to_id(END), seed, s.temperature, s.top_p, limit,
                   batch=512, dtype=dtype)
    return tok.decode_batch(out, skip_special_tokens=False)


def label(rows: list[dict[str, str]]) -> list[dict]:
    """Ground truth of {problem, attempt} rows, by workers/lab/label-attempts.ts."""
    sent = "\n".join(json.dumps({"problem": r["problem"], "attempt": r["attempt"]}) for r in rows)
    done = subprocess.run(["npx", "tsx", "workers/lab/label-attempts.ts"], cwd=ROOT, input=sent, text=True,
                          capture_output=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return [json.loads(x) for x in done.stdout.splitlines()]


def location(verification: str) -> int | None:
    """The location a verification names (0: none wrong), or None where it cannot be read."""
    m = LOCATION.search(verification)
    return int(m.group(1)) if m else None


def measure(model: Model, tok: Tokenizer, problems: list[dict], seed: int, s: Settings,
            dtype: torch.dtype = torch.bfloat16) -> dict:
    """Single-sample accuracy, and how exactly the model finds its own first errors."""
    attempts = ask(model, tok, [p["problem"] for p in problems], seed, s, limit=200, dtype=dtype)
    labels = label([{**p, "attempt": a} for p, a in zip(problems, attempts)])
    by: dict[int, list[int]] = {}
    step_ok = step_all = 0
    for p, x in zip(problems, labels):
        by.setdefault(p["steps"], []).append(int(x["right"]))
        step_ok += p["steps"] if x["firstWrong"] is None else x["firstWrong"] - 1
        step_all += p["steps"] if x["firstWrong"] is None else x["firstWrong"]
    checks = ask(model, tok, [x["prompt"] for x in labels], seed + 1, s, dtype=dtype)
    failed = [(x, c) for x, c in zip(labels, checks) if not x["right"] and x["firstWrong"]]
    flawless = [c for x, c in zip(labels, checks) if x["right"] and x["firstWrong"] is None]
    exact = [location(c) == x["firstWrong"] for x, c in failed]
    good = [x["verify"] is not None and c == x["verify"]["assistant"] for x, c in failed]

    def rate(v: list) -> float:
        return round(sum(v) / max(1, len(v)), 3)

    return {
        "solve": rate([x["right"] for x in labels]),
        "solve_by_steps": {k: rate(v) for k, v in sorted(by.items())},
        "step_accuracy": round(step_ok / max(1, step_all), 3),
        "verify_exact": rate(exact),
        "verify_whole": rate(good),
        "verify_parsed": rate([location(c) is not None for _, c in failed]),
        "verify_flawless": rate([location(c) == 0 for c in flawless]),
        "failed": len(failed),
        "sample": {"attempt": attempts[0], "check": failed[0][1] if failed else ""},
    }
