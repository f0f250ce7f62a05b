"""GRPO with the reward taken from the project's grader."""

import importlib.util
import json

import torch
from datasets import Dataset
from transformers import AutoTokenizer
from trl import GRPOConfig, GRPOTrainer

from contract import Course, Refused
from order import rows_in_order
from reward import Grader
from setup import common_arguments, load_model, rows_at_once


def read_prompts(spec):
    prompts = []
    with open(spec["data"], encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            row = json.loads(line)
            if not all(key in row for key in ("id", "prompt_ids", "answer")):
                raise Refused(f"{spec['data']}, line {number}: not an object {{id, prompt_ids, answer}}.")
            prompts.append({"prefix": "", **row})
    if not prompts:
        raise Refused(f"{spec['data']} has no prompt.")
    return prompts


class Grpo(Course, GRPOTrainer):
    def _tokenize_prompts(self, prompts):
        # The very ids of the data file: a text would be tokenised anew.
        return [self.ids_of[prompt] for prompt in prompts], None, {}

    def own_metrics(self, logged):
        clipped = [l.get("clip_ratio/region_mean") or 0 for l in logged]
        return {"clip_ratio": sum(clipped) / len(clipped), **self.graded}


def reward_of(spec, grader, trainer):
    """TRL's reward function: the grade of what the model has said, and what the step's groups are worth."""

    def grade(completions, completion_ids, answer, prefix, **_):
        ends = set(spec["endIds"])
        questions = [
            {
                "text": before + text,
                "answer": right,
                "finish_reason": "stop" if ids and ids[-1] in ends else "length",
                "bare": spec["bareAnswers"],
            }
            for text, ids, right, before in zip(completions, completion_ids, answer, prefix)
        ]
        rewards = grader.rewards(questions)
        n = spec["samples"]
        groups = torch.tensor(rewards, dtype=torch.float64).view(-1, n)
        trainer().graded = {
            "reward": groups.mean().item(),
            "reward_std": groups.std(dim=1, correction=0).mean().item(),
            "frac_no_success": (groups == 0).all(dim=1).double().mean().item(),
            "frac_zero_advantage": (groups == groups[:, :1]).all(dim=1).double().mean().item(),
        }
        return rewards

    return grade


def open_grpo(spec, events, stop, node):
    """@returns the trainer and a note for the begin event."""
    prompts = read_prompts(spec)
    model = load_model(spec)
    # Both must agree on what ends a sample: TRL reads the model's.
    model.generation_config.eos_token_id = spec["endIds"]
    count = min(spec["promptsPerStep"], len(prompts))
    order = rows_in_order(len(prompts), spec["seed"], spec["steps"] * count)
    rows = count * spec["samples"]
    sampling = spec["sampling"]
    longest = max(len(p["prompt_ids"]) for p in prompts)
    room = model.config.max_position_embeddings - longest
    new_tokens = min(sampling["maxTokens"], room)
    at_once = rows_at_once(rows, longest + new_tokens, spec["microBatchTokens"])
    updates = spec["updates"]
    common = common_arguments(spec, spec["steps"] * updates, at_once, rows // at_once)
    common["save_steps"] *= updates
    # Where vLLM is installed beside a GPU it samples; else transformers does.
    vllm = torch.cuda.is_available() and importlib.util.find_spec("vllm") is not None
    args = GRPOConfig(
        **common,
        steps_per_generation=rows // at_once,
        num_iterations=updates,
        num_generations=spec["samples"],
        max_completion_length=new_tokens,
        temperature=sampling["temperature"],
        top_p=sampling["topP"],
        top_k=sampling["topK"],
        min_p=sampling["minP"] or None,
        shuffle_dataset=False,
        beta=0.0,
        epsilon=spec["clipLow"],
        epsilon_high=spec["clipHigh"],
        # Every sampled token of the step counts the same.
        loss_type="dapo",
        scale_rewards="group" if spec["scaleRewards"] else "none",
        mask_truncated_completions=False,
        use_vllm=vllm,
        **({"vllm_mode": "colocate"} if vllm else {}),
    )
    tokenizer = AutoTokenizer.from_pretrained(spec["model"])
    texts = tokenizer.batch_decode([p["prompt_ids"] for p in prompts])
    data = Dataset.from_list([{"prompt": t, "answer": p["answer"], "prefix": p["prefix"]} for t, p in zip(texts, prompts)])
    grader = Grader(node)
    trainer = Grpo(
        model=model,
        reward_funcs=reward_of(spec, grader, lambda: trainer),
        args=args,
        train_dataset=data.select(order),
        processing_class=tokenizer,
    )
    trainer.ids_of = {t: p["prompt_ids"] for t, p in zip(texts, prompts)}
    trainer.begin(spec, spec["steps"], events, stop, updates)
    return trainer, f"{len(prompts)} prompts."
