"""Read an export's folders with the libraries that its users read them with, and say what is not as it should be.

usage: readers.py WHAT FOLDER [MODEL]
"""

import json
import sys
from pathlib import Path


def lines(path):
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").split("\n") if line]


def plain(value):
    """As JSON would hold it: times as ISO 8601 in UTC with milliseconds."""
    if hasattr(value, "isoformat"):
        return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return value


def pyarrow_reads(folder):
    """Each parquet/NAME has the rows of jsonl/NAME, typed: no column is JSON text, lists and structs are such."""
    import pyarrow.parquet as pq

    seen = {}
    for file in sorted(Path(folder).glob("parquet/*/*.parquet")):
        table = pq.read_table(file)
        wanted = lines(Path(folder) / "jsonl" / file.parent.name / f"{file.stem}.jsonl")
        got = [plain(row) for row in table.to_pylist()]
        assert got == wanted, (file, got[:1], wanted[:1])
        pq.ParquetFile(file).metadata.to_dict()
        seen[f"{file.parent.name}/{file.stem}"] = {"rows": len(got), "schema": str(table.schema.remove_metadata())}
    return seen


def datasets_reads(folder):
    """load_dataset of the folder itself (by the card's front matter), and of its files."""
    import datasets

    datasets.disable_progress_bars()
    seen = {}
    for kind in ("jsonl", "parquet"):
        for where in sorted((Path(folder) / kind).iterdir()):
            cache = str(Path(folder) / "cache")
            whole = datasets.load_dataset(str(where), split="train", cache_dir=cache)
            manifest = json.loads((where / "manifest.json").read_text())
            assert len(whole) == manifest["counts"]["rows"], (where, len(whole))
            seen[f"{kind}/{where.name}"] = {"rows": len(whole), "columns": whole.column_names}
    return seen


def trl_reads(folder, model):
    """TRL's own trainers take the rows: what they train on is what was exported."""
    import datasets
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from trl import DPOConfig, DPOTrainer, SFTConfig, SFTTrainer

    datasets.disable_progress_bars()
    quiet = dict(report_to="none", use_cpu=True, bf16=False, max_steps=1, per_device_train_batch_size=2, save_strategy="no")

    def load(name):
        # One of the seeded attempts has 9,000 tokens: attention over it takes minutes on a CPU.
        return everything(name).filter(lambda row: len(json.dumps(row)) < 6_000)

    def everything(name):
        return datasets.load_dataset("json", data_files=str(Path(folder) / "jsonl" / name / "train.jsonl"), split="train", cache_dir=str(Path(folder) / "cache"))

    tokenizer = AutoTokenizer.from_pretrained(model)
    plain_rows = lines(Path(folder) / "jsonl" / "trl-prompt-completion" / "train.jsonl")
    out = str(Path(folder) / "out")

    def sft(name):
        rows = load(name)
        config = SFTConfig(output_dir=out, max_length=None, **quiet)
        trainer = SFTTrainer(model=AutoModelForCausalLM.from_pretrained(model), processing_class=tokenizer, train_dataset=rows, args=config)
        return rows, trainer

    rows, trainer = sft("trl-tokenised")
    taken = trainer.train_dataset
    assert len(taken) == len(rows) > 1
    for exported, trained in zip(rows, taken):
        assert trained["input_ids"] == exported["input_ids"]
        batch = trainer.data_collator([trained])
        assert batch["labels"][0].tolist() == exported["labels"]
    ends = 0
    whole = everything("trl-tokenised")
    assert len(whole) == len(plain_rows)
    for exported, row in zip(whole, plain_rows):
        text = tokenizer.decode([label for label in exported["labels"] if label != -100])
        ends += text == row["completion"] + tokenizer.eos_token
        assert text in (row["completion"], row["completion"] + tokenizer.eos_token), (text, row["completion"])
        prompt = tokenizer.apply_chat_template([{"role": "user", "content": row["prompt"]}], add_generation_prompt=True, tokenize=False)
        assert exported["input_ids"] == tokenizer(prompt + text, add_special_tokens=False)["input_ids"]
    loss = trainer.train().training_loss
    assert loss == loss and loss > 0

    # The conversational rows are taken as well; there the template ends every turn, which the card warns of.
    _, trainer = sft("trl-conversational")
    first = trainer.train_dataset[0]["input_ids"]
    assert tokenizer.eos_token_id in first[-3:], tokenizer.decode(first[-3:])
    conversational = trainer.train().training_loss
    _, trainer = sft("trl-prompt-completion")
    assert trainer.train_dataset[0]["input_ids"][-1] == tokenizer.eos_token_id

    losses = {}
    for name in ("dpo", "dpo-steps"):
        pairs = load(name)
        trainer = DPOTrainer(model=AutoModelForCausalLM.from_pretrained(model), processing_class=tokenizer, train_dataset=pairs, args=DPOConfig(output_dir=out, max_length=None, **quiet))
        assert len(trainer.train_dataset) == len(pairs)
        losses[name] = trainer.train().training_loss
    steps = load("trl-stepwise")
    assert all(len(row["completions"]) == len(row["labels"]) for row in steps)
    return {"rows": len(whole), "finished": ends, "loss": loss, "conversational": conversational, "dpo": losses}


def hub_takes(folder, endpoint):
    """huggingface_hub's own upload against the stand-in, which must serve it as the hub does."""
    import os

    os.environ["HF_HUB_DISABLE_XET"] = "1"
    from huggingface_hub import HfApi

    api = HfApi(endpoint=endpoint, token="hf_0123456789abcdefghijklmnop")
    api.create_repo("team/by-python", repo_type="dataset", private=True)
    done = api.upload_folder(repo_id="team/by-python", repo_type="dataset", folder_path=folder, commit_message="by huggingface_hub")
    return {"commit": done.oid}


def llama_factory_reads(folder, model):
    """LLaMA-Factory's own loader takes dataset_info.json, and its own template code the open template: no end-of-turn token."""
    import sys

    where = Path(folder) / "jsonl" / "llama-factory"
    sys.path.insert(0, str(where))
    import intervene_template
    from llamafactory.data import get_dataset, get_template_and_fix_tokenizer
    from llamafactory.hparams import DataArguments, ModelArguments
    from transformers import AutoTokenizer, Seq2SeqTrainingArguments

    training = Seq2SeqTrainingArguments(output_dir=str(Path(folder) / "out"), report_to="none", use_cpu=True, bf16=False)
    info = json.loads((where / "dataset_info.json").read_text())
    template = intervene_template.register_open("qwen3_nothink")
    counts = {}
    for name, entry in info.items():
        finished = name.endswith("_finished")
        tokenizer = AutoTokenizer.from_pretrained(model)
        args = DataArguments(dataset=name, dataset_dir=str(where), template="qwen3_nothink" if finished else template, cutoff_len=16384, overwrite_cache=True)
        made = get_template_and_fix_tokenizer(tokenizer, args)
        rows = get_dataset(made, ModelArguments(model_name_or_path=model), args, training, "sft", tokenizer=tokenizer)["train_dataset"]
        wanted = lines(where / entry["file_name"])
        assert len(rows) == len(wanted), (name, len(rows), len(wanted))
        for row, line in zip(rows, wanted):
            trained = [label for label in row["labels"] if label != -100]
            text = tokenizer.decode(trained, skip_special_tokens=False)
            if finished:
                assert text.startswith(line["output"]) and text != line["output"], (text, line)
            else:
                assert text == line["output"], (text, line)
                assert row["input_ids"][-len(trained):] == trained
        counts[name] = len(rows)
    return counts


def verl_reads(folder, model):
    """verl's own data sets: RLHFDataset for problems, MultiTurnSFTDataset for conversations."""
    from omegaconf import OmegaConf
    from transformers import AutoTokenizer
    from verl.utils.dataset.multiturn_sft_dataset import MultiTurnSFTDataset
    from verl.utils.dataset.rl_dataset import RLHFDataset

    tokenizer = AutoTokenizer.from_pretrained(model)
    at = Path(folder)
    config = OmegaConf.create({"cache_dir": str(at / "cache"), "max_prompt_length": 4096, "filter_overlong_prompts_workers": 1})
    problems = RLHFDataset(str(at / "parquet" / "verl-rl" / "train.parquet"), tokenizer, config)
    wanted = lines(at / "jsonl" / "verl-rl" / "train.jsonl")
    assert len(problems) == len(wanted)
    for i, line in enumerate(wanted):
        row = problems[i]
        assert row["raw_prompt"] == line["prompt"] and row["index"] == line["extra_info"]["index"], (row, line)
        assert row["reward_model"] == line["reward_model"] and row["data_source"] == line["data_source"]
    config = OmegaConf.create({"messages_key": "messages", "max_length": 16384, "truncation": "error", "ignore_input_ids_mismatch": True})
    turns = MultiTurnSFTDataset(str(at / "parquet" / "verl-sft" / "train.parquet"), tokenizer, config)
    wanted = lines(at / "jsonl" / "verl-sft" / "train.jsonl")
    assert len(turns) == len(wanted)
    for i, line in enumerate(wanted):
        row = turns[i]
        trained = [token for token, mask in zip(row["input_ids"].tolist(), row["loss_mask"].tolist()) if mask]
        # The chat template ends the turn, which the card warns of.
        assert line["messages"][1]["content"] in tokenizer.decode(trained), (tokenizer.decode(trained), line)
    return {"problems": len(problems), "turns": len(turns)}


if __name__ == "__main__":
    what, folder, *more = sys.argv[1:]
    readers = {"pyarrow": pyarrow_reads, "datasets": datasets_reads, "trl": trl_reads, "hub": hub_takes, "llama-factory": llama_factory_reads, "verl": verl_reads}
    print("RESULT " + json.dumps(readers[what](folder, *more)))
