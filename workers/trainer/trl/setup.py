"""What both kinds of training ask of transformers."""

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM

from contract import base_folder, is_adapter


def load_model(spec):
    """What is trained: all weights of a model, or adapters beside it. In float32, whatever it is stored in: optimizer steps are
    smaller than half precision can add."""
    folder, lora = spec["model"], spec.get("lora")
    if lora is None:
        return load_merged(folder)
    if is_adapter(folder):
        return PeftModel.from_pretrained(_whole(base_folder(folder)), folder, is_trainable=True)
    # An adapter begins with random numbers.
    torch.manual_seed(spec["seed"])
    config = LoraConfig(r=lora["rank"], lora_alpha=lora["alpha"], target_modules="all-linear", task_type="CAUSAL_LM")
    return get_peft_model(_whole(folder), config)


def load_merged(folder):
    """A whole model; an adapter in the folder is added to its base model's weights."""
    if not is_adapter(folder):
        return _whole(folder)
    return PeftModel.from_pretrained(_whole(base_folder(folder)), folder).merge_and_unload()


def _whole(folder):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)


def rows_at_once(rows, longest, tokens):
    """Rows of a micro-batch: the largest divisor of a step's rows that `tokens` allow, one at least."""
    fits = max(1, tokens // longest)
    return max(d for d in range(1, rows + 1) if rows % d == 0 and d <= fits)


def common_arguments(spec, steps, at_once, accumulate):
    """Arguments of transformers' trainer. Its own schedule, logs and reports are not used."""
    o = spec["optimizer"]
    gpu = torch.cuda.is_available()
    return dict(
        output_dir=spec["output"],
        max_steps=steps,
        per_device_train_batch_size=at_once,
        gradient_accumulation_steps=accumulate,
        learning_rate=o["learningRate"],
        adam_beta1=o["beta1"],
        adam_beta2=o["beta2"],
        adam_epsilon=o["eps"],
        weight_decay=o["weightDecay"],
        max_grad_norm=o["maxGradNorm"],
        seed=spec["seed"],
        use_cpu=not gpu,
        bf16=gpu,
        gradient_checkpointing=gpu,
        logging_strategy="steps",
        logging_steps=1,
        logging_nan_inf_filter=False,
        disable_tqdm=True,
        report_to="none",
        save_strategy="steps" if spec["checkpointEvery"] > 0 else "no",
        save_steps=max(1, spec["checkpointEvery"]),
        dataloader_pin_memory=gpu,
    )
