"""What both kinds of training ask of transformers."""

import torch
from transformers import AutoModelForCausalLM


def load_model(spec):
    """In float32, whatever it is stored in: optimizer steps are smaller than half precision can add."""
    return AutoModelForCausalLM.from_pretrained(spec["model"], dtype=torch.float32)


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
