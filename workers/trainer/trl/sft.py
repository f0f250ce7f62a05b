"""Supervised fine-tuning on rows that are tokenised already."""

import json

import torch
from datasets import Dataset
from torch.nn.functional import cross_entropy
from transformers import AutoTokenizer
from trl import SFTConfig, SFTTrainer

from contract import Course, Refused
from order import rounded, rows_in_order
from setup import common_arguments, load_model, rows_at_once

# A label that is not trained; PyTorch's and TRL's.
IGNORED = -100


def read_rows(path, cutoff, vocabulary):
    """Rows cut to `cutoff` tokens, and how many have nothing trained then."""
    rows, empty = [], 0
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            row = json.loads(line)
            ids, labels = row["input_ids"], row["labels"]
            wrong = next((t for t, l in enumerate(labels) if l != IGNORED and (t >= len(ids) or l != ids[t])), None)
            if len(ids) != len(labels):
                raise Refused(f"{path}, line {number}: {len(ids)} input_ids but {len(labels)} labels.")
            if wrong is not None:
                raise Refused(f"{path}, line {number}: label {labels[wrong]} at position {wrong} is neither -100 nor the token itself.")
            if any(i >= vocabulary for i in ids):
                raise Refused(f"{path}, line {number}: a token id is outside the vocabulary of {vocabulary}.")
            ids, labels = ids[:cutoff], labels[:cutoff]
            # The first token is never predicted.
            if any(l != IGNORED for l in labels[1:]):
                rows.append({"input_ids": ids, "labels": [IGNORED, *labels[1:]]})
            else:
                empty += 1
    if not rows:
        raise Refused(f"{path} has no row with a trained token.")
    return rows, empty


def is_measured(step, steps, times):
    """workers/trainer/sft.ts, isMeasured."""
    return step == 0 or step * times // steps > (step - 1) * times // steps


class Sft(Course, SFTTrainer):
    def own_metrics(self, _):
        return {"epoch": self.state.global_step * self.spec["batchRows"] / self.rows}

    def measure(self, step):
        held = self.spec.get("heldOut")
        return {"eval_loss": self.loss_of(self.others)} if held and is_measured(step, self.steps, held["times"]) else {}

    @torch.no_grad()
    def loss_of(self, rows):
        """Mean negative log-likelihood (nats) of the trained tokens of rows. transformers' own evaluation is a mean over batches."""
        was = self.model.training
        self.model.eval()
        total = tokens = 0
        try:
            for batch in in_batches(rows, self.spec["microBatchTokens"]):
                longest = max(len(r["input_ids"]) for r in batch)
                padded = lambda key, fill: torch.tensor([r[key] + [fill] * (longest - len(r[key])) for r in batch], device=self.model.device)  # noqa: E731
                labels = padded("labels", IGNORED)[:, 1:]
                with self.accelerator.autocast():
                    logits = self.model(input_ids=padded("input_ids", 0)).logits[:, :-1]
                total += cross_entropy(logits.float().flatten(0, 1), labels.flatten(), ignore_index=IGNORED, reduction="sum").item()
                tokens += (labels != IGNORED).sum().item()
        finally:
            self.model.train(was)
        return total / tokens


def in_batches(rows, tokens):
    """Rows of like length together, at most so many positions at once."""
    batch = []
    for row in sorted(rows, key=lambda r: -len(r["input_ids"])):
        if batch and len(batch[0]["input_ids"]) * (len(batch) + 1) > tokens:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def open_sft(spec, events, stop):
    """@returns the trainer and a note for the begin event."""
    model = load_model(spec)
    held, cutoff, vocabulary = spec.get("heldOut"), spec["cutoff"], model.config.vocab_size
    rows, empty = read_rows(spec["data"], cutoff, vocabulary)
    others = read_rows(held["data"], cutoff, vocabulary)[0] if held else []
    steps = max(1, rounded(spec["epochs"] * len(rows) / spec["batchRows"]))
    batch = min(spec["batchRows"], len(rows))
    order = rows_in_order_of_steps(len(rows), spec, steps, batch)
    at_once = rows_at_once(batch, max(len(r["input_ids"]) for r in rows), spec["microBatchTokens"])
    args = SFTConfig(
        **common_arguments(spec, steps, at_once, batch // at_once),
        train_sampling_strategy="sequential",
        loss_type="nll",
        max_length=None,
        packing=False,
        # The rows are what is trained: nothing is added, cut or templated.
        dataset_kwargs={"skip_prepare_dataset": True},
    )
    tokenizer = AutoTokenizer.from_pretrained(spec["model"])
    trainer = Sft(model=model, args=args, train_dataset=Dataset.from_list(rows).select(order), processing_class=tokenizer)
    trainer.rows, trainer.others = len(rows), others
    trainer.begin(spec, steps, events, stop)
    notes = [f"{len(rows)} rows."]
    if empty:
        notes.append(f"{empty} more have nothing trained within {cutoff} tokens and are left out.")
    if others:
        notes.append(f"{len(others)} of other problems are held out.")
    return trainer, " ".join(notes)


def rows_in_order_of_steps(count, spec, steps, batch):
    """Rows of every step, as the embedded trainer takes them: step s begins at row s * batchRows of the epochs' orders."""
    every = spec["batchRows"]
    order = rows_in_order(count, spec["seed"], (steps - 1) * every + batch)
    return [order[step * every + i] for step in range(steps) for i in range(batch)]
