"""Token pools and length-bucketed batches. A row is prompt tokens + answer tokens; only the answer is trained on."""
import json
import random
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

PROMPT = "<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n"
END = "<|im_end|>"


def load_tokenizer(folder: Path) -> Tokenizer:
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def encode(tok: Tokenizer, texts: list[str]) -> list[list[int]]:
    """Ids of raw texts; special tokens are recognised in the text, none are added."""
    return [e.ids for e in tok.encode_batch(texts, add_special_tokens=False)]


class Pool:
    """Rows of one skill, handed out in a seeded order, each once before any comes again."""

    def __init__(self, seed: int) -> None:
        self.rows: list[tuple[np.ndarray, int]] = []
        self.rng = random.Random(seed)
        self.queue: list[int] = []

    def add(self, tok: Tokenizer, pairs: list[tuple[str, str]]) -> None:
        """Tokenise (user, assistant) pairs; new rows are handed out before the old ones come again."""
        users = encode(tok, [PROMPT.format(u) for u, _ in pairs])
        answers = encode(tok, [a + END for _, a in pairs])
        first = len(self.rows)
        for u, a in zip(users, answers):
            self.rows.append((np.array(u + a, dtype=np.int16), len(u)))
        fresh = list(range(first, len(self.rows)))
        self.rng.shuffle(fresh)
        self.queue.extend(fresh)  # popped from the end: the newest first

    def take(self) -> tuple[np.ndarray, int]:
        if not self.queue:
            self.queue = list(range(len(self.rows)))
            self.rng.shuffle(self.queue)
        return self.rows[self.queue.pop()]


def load_pool(tok: Tokenizer, file: Path, seed: int, limit: int | None = None) -> Pool:
    pool = Pool(seed)
    with file.open() as lines:
        rows = [json.loads(x) for _, x in zip(range(limit or 10**9), lines)]
    pool.add(tok, [(r["user"], r["assistant"]) for r in rows])
    return pool


class Batches:
    """Micro-batches of rows with similar lengths, from pools drawn by weight."""

    def __init__(self, pools: dict[str, Pool], seed: int, tokens: int) -> None:
        self.pools, self.tokens = pools, tokens
        self.rng = random.Random(seed)
        self.ready: list[list[tuple[np.ndarray, int]]] = []
        self.key: tuple = ()

    def next(self, weights: dict[str, float]) -> tuple[Tensor, Tensor, Tensor]:
        """ids [rows, time] right-padded with 0, flat positions whose next token counts, and those next tokens.

        `weights` are shares of ROWS by pool name. About 40 batches' worth of rows are drawn, sorted by length, cut
        into batches of at most `tokens` padded tokens and served in random order.
        """
        key = tuple(sorted(weights.items()))
        if not self.ready or key != self.key:
            self.key = key
            names = [n for n in weights if n in self.pools and self.pools[n].rows]
            drawn: list[tuple[np.ndarray, int]] = []
            total = 0
            while total < self.tokens * 40:
                row = self.pools[self.rng.choices(names, [weights[n] for n in names])[0]].take()
                drawn.append(row)
                total += len(row[0])
            drawn.sort(key=lambda r: len(r[0]))
            self.ready = []
            start = 0
            for i in range(1, len(drawn) + 1):
                if i == len(drawn) or (i + 1 - start) * len(drawn[i][0]) > self.tokens:
                    self.ready.append(drawn[start:i])
                    start = i
            self.rng.shuffle(self.ready)
        rows = self.ready.pop()
        longest = max(len(r) for r, _ in rows)
        ids = np.zeros((len(rows), longest), dtype=np.int64)
        at, target = [], []
        for i, (row, prompt) in enumerate(rows):
            ids[i, : len(row)] = row
            span = np.arange(prompt - 1, len(row) - 1)
            at.append(i * longest + span)
            target.append(row[span + 1].astype(np.int64))
        return torch.from_numpy(ids), torch.from_numpy(np.concatenate(at)), torch.from_numpy(np.concatenate(target))
