"""Train the lab model. Resumable: run it again with the same --work folder and it goes on from its checkpoint.

Usage: python train.py --work .work [--tokens 26000000] [--seed 1]
"""
import argparse
import json
import os
import time
from pathlib import Path

import torch
import torch.nn.functional as F

from attempts import Settings, ask, label, measure
from data import Batches, Pool, load_pool, load_tokenizer
from model import Config, Model
from optim import Muon

HERE = Path(__file__).resolve().parent
# (until this share of all tokens, shares of rows by pool). Short and small first; the own attempts as soon as the
# model can write whole solutions. Verification is learned before solving is, so solving gets the larger part later.
STAGES: list[tuple[float, dict[str, float]]] = [
    (0.10, {"solve0": 0.6, "verify0": 0.25, "solve1": 0.15}),
    (0.22, {"solve0": 0.1, "solve1": 0.45, "solve2": 0.1, "verify0": 0.15, "verify1": 0.2}),
    (0.36, {"solve1": 0.15, "solve2": 0.5, "verify1": 0.2, "verify2": 0.15}),
    (0.48, {"solve1": 0.03, "solve2": 0.40, "verify2": 0.15, "own": 0.33, "hint2": 0.03, "reflect2": 0.02,
            "reflect_own": 0.04}),
    (0.89, {"solve1": 0.03, "solve2": 0.64, "verify2": 0.06, "own": 0.19, "hint2": 0.03, "reflect2": 0.02,
            "reflect_own": 0.03}),
    (1.00, {"solve1": 0.03, "solve2": 0.74, "verify2": 0.06, "own": 0.11, "hint2": 0.03, "reflect2": 0.01,
            "reflect_own": 0.02}),
]
ROUNDS = [0.36, 0.48, 0.62, 0.76]  # when the model's own attempts are sampled again
ROUND_SIZE = 2560
LR_MUON, LR_ADAM = 0.02, 0.004
MICRO, ACCUMULATE = 4096, 2
# A verification has some 100 tokens, most of them copies, and a handful of verdicts on which all depends.
VERDICT_WEIGHT = 6.0


def lr_scale(progress: float, step: int) -> float:
    """Warm-up, plateau, then linear to 3 % from 55 % of the tokens on."""
    return min(1.0, (step + 1) / 60) * min(1.0, max(0.03, (1.0 - progress) / 0.45))


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("--work", type=Path, default=HERE / ".work")
    ap.add_argument("--tokens", type=float, default=26e6, help="padded training tokens in all")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--round", type=int, default=ROUND_SIZE, help="attempts sampled in each round")
    ap.add_argument("--threads", type=int, default=2)
    ap.add_argument("--no-compile", action="store_true")
    a = ap.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    tok = load_tokenizer(HERE / "model")
    model = Model(Config(vocab=(tok.get_vocab_size() + 31) // 32 * 32))
    matrices = [p for n, p in model.named_parameters() if n.startswith("blocks") and p.ndim == 2]
    rest = [p for n, p in model.named_parameters() if not (n.startswith("blocks") and p.ndim == 2)]
    parts = {id(b.qkv): 3 for b in model.blocks} | {id(b.up): 2 for b in model.blocks}
    muon = Muon(matrices, parts, LR_MUON)
    adam = torch.optim.AdamW(rest, lr=LR_ADAM, betas=(0.9, 0.95), weight_decay=0.0, fused=True)

    data = a.work / "data"
    pools = {f.stem: load_pool(tok, f, a.seed, 60_000 if "solve2" in f.stem else 20_000) for f in sorted(data.glob("*.jsonl")) if "problems" not in f.name}
    pools["own"], pools["reflect_own"] = Pool(a.seed), Pool(a.seed)
    problems = [json.loads(x) for x in (data / "sample.problems.jsonl").open()]
    held = [json.loads(x) for x in (data / "held.problems.jsonl").open()]
    own_file, checkpoint, log = a.work / "own.jsonl", a.work / "checkpoint.pt", (a.work / "log.jsonl").open("a")
    step, tokens, rounds, spent = 0, 0, 0, 0.0

    def add_own(rows: list[dict]) -> None:
        pools["own"].add(tok, [(r["user"], r["assistant"]) for r in rows if r["skill"] == "verify"])
        pools["reflect_own"].add(tok, [(r["user"], r["assistant"]) for r in rows if r["skill"] == "reflect"])

    if checkpoint.exists():
        c = torch.load(checkpoint)
        model.load_state_dict(c["model"]), muon.load_state_dict(c["muon"]), adam.load_state_dict(c["adam"])
        step, tokens, rounds, spent = c["step"], c["tokens"], c["rounds"], c["spent"]
        if own_file.exists():
            add_own([json.loads(x) for x in own_file.open()])
    batches = Batches(pools, a.seed + step, MICRO)
    states = model.states if a.no_compile else torch.compile(model.states, dynamic=True)

    verdicts = torch.tensor([tok.token_to_id("ĠCorrect"), tok.token_to_id("ĠIncorrect")])

    def write(row: dict) -> None:
        row = {"step": step, "mtok": round(tokens / 1e6, 2), "min": round(spent / 60, 1), **row}
        log.write(json.dumps(row) + "\n")
        log.flush()
        print(json.dumps({k: v for k, v in row.items() if k != "sample"}), flush=True)

    def save() -> None:
        torch.save({"model": model.state_dict(), "muon": muon.state_dict(), "adam": adam.state_dict(), "step": step,
                    "tokens": tokens, "rounds": rounds, "spent": spent}, str(checkpoint) + ".new")
        os.replace(str(checkpoint) + ".new", checkpoint)

    def sample_round(n: int) -> None:
        part = [problems[(rounds * n + i) % len(problems)] for i in range(n)]
        attempts = ask(model, tok, [p["problem"] for p in part], a.seed * 1000 + rounds, Settings(), limit=200,
                       dtype=torch.bfloat16)
        rows, kept = [], 0
        for x in label([{**p, "attempt": t} for p, t in zip(part, attempts)]):
            # Right attempts are kept for one in eight failed ones: "none" must stay possible, not likely.
            if x["verify"] and (not x["right"] or kept * 8 < len(rows)):
                kept += int(x["right"])
                rows.append(x["verify"])
            if x["reflect"] and len(rows) % 3 == 0:
                rows.append(x["reflect"])
        with own_file.open("a") as f:
            f.writelines(json.dumps(r) + "\n" for r in rows)
        add_own(rows)

    began, since, total, count, verdict, judged = time.time(), time.time(), 0.0, 0, 0.0, 0
    last_eval = tokens
    while tokens < a.tokens:
        progress = tokens / a.tokens
        if rounds < len(ROUNDS) and progress >= ROUNDS[rounds]:
            t = time.time()
            sample_round(a.round)
            rounds += 1
            write({"round": rounds, "own": len(pools["own"].rows), "seconds": round(time.time() - t)})
            save()
        weights = next(w for until, w in STAGES if progress < until)
        if not pools["own"].rows:
            weights = {"verify2" if k == "own" else "reflect2" if k == "reflect_own" else k: v for k, v in weights.items()}
        scale = lr_scale(progress, step)
        for g, lr in [(g, LR_MUON) for g in muon.param_groups] + [(g, LR_ADAM) for g in adam.param_groups]:
            g["lr"] = lr * scale
        for _ in range(ACCUMULATE):
            ids, at, target = batches.next(weights)
            h = states(ids, torch.bfloat16).flatten(0, 1)[at]
            each = F.cross_entropy(model.logits(h), target, reduction="none")
            is_verdict = torch.isin(target, verdicts)
            weight = torch.where(is_verdict, VERDICT_WEIGHT, 1.0)
            ((each * weight).sum() / weight.sum() / ACCUMULATE).backward()
            tokens += ids.numel()
            each = each.detach()
            total, count = total + each.mean().item(), count + 1
            verdict, judged = verdict + each[is_verdict].sum().item(), judged + int(is_verdict.sum())
        muon.step(), adam.step()
        muon.zero_grad(), adam.zero_grad()
        step += 1
        if step % 50 == 0:
            now = time.time()
            spent += now - since
            write({"loss": round(total / count, 4), "verdict": round(verdict / max(1, judged), 4), "tok_s": round(50 * MICRO * ACCUMULATE / (now - since)),
                   "lr": round(scale, 3)})
            since, total, count, verdict, judged = time.time(), 0.0, 0, 0.0, 0
        if step % 200 == 0:
            save()
        if tokens - last_eval > 2.4e6 and progress > 0.1:
            last_eval = tokens
            write(measure(model, tok, held[:128], 7, Settings()))
            since = time.time()
    save()
    write(measure(model, tok, held[:384], 7, Settings()))
    print(f"done in {(time.time() - began) / 60:.1f} minutes")


if __name__ == "__main__":
    main()
