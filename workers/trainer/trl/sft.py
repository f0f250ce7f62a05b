"""Supervised fine-tuning on rows that are tokenised already."""

import json

from datasets import Dataset
from transformers import AutoTokenizer
from trl import SFTConfig, SFTTrainer

from contract import Course, Refused
from order import rounded, rows_in_order
from setup import common_arguments, load_model, rows_at_once

# A label that is not trained; PyTorch's and TRL's.
IGNORED = -100


def read_rows(spec, vocabulary):
    """Rows cut to the spec's length, and how many have nothing trained then."""
    rows, empty = [], 0
    with open(spec["data"], encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            row = json.loads(line)
            ids, labels = row["input_ids"], row["labels"]
            wrong = next((t for t, l in enumerate(labels) if l != IGNORED and (t >= len(ids) or l != ids[t])), None)
            if len(ids) != len(labels):
                raise Refused(f"{spec['data']}, line {number}: {len(ids)} input_ids but {len(labels)} labels.")
            if wrong is not None:
                raise Refused(f"{spec['data']}, line {number}: label {labels[wrong]} at position {wrong} is neither -100 nor the token itself.")
            if any(i >= vocabulary for i in ids):
                raise Refused(f"{spec['data']}, line {number}: a token id is outside the vocabulary of {vocabulary}.")
            ids, labels = ids[: spec["cutoff"]], labels[: spec["cutoff"]]
            # The first token is never predicted.
            if any(l != IGNORED for l in labels[1:]):
                rows.append({"input_ids": ids, "labels": [IGNORED, *labels[1:]]})
            else:
                empty += 1
    if not rows:
        raise Refused(f"{spec['data']} has no row with a trained token.")
    return rows, empty


class Sft(Course, SFTTrainer):
    def own_metrics(self, _):
        return {"epoch": self.state.global_step * self.spec["batchRows"] / self.rows}


def open_sft(spec, events, stop):
    """@returns the trainer and a note for the begin event."""
    model = load_model(spec)
    rows, empty = read_rows(spec, model.config.vocab_size)
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
    trainer.rows = len(rows)
    trainer.begin(spec, steps, events, stop)
    left = f" {empty} more have nothing trained within {spec['cutoff']} tokens and are left out." if empty else ""
    return trainer, f"{len(rows)} rows.{left}"


def rows_in_order_of_steps(count, spec, steps, batch):
    """Rows of every step, as the embedded trainer takes them: step s begins at row s * batchRows of the epochs' orders."""
    every = spec["batchRows"]
    order = rows_in_order(count, spec["seed"], (steps - 1) * every + batch)
    return [order[step * every + i] for step in range(steps) for i in range(batch)]
