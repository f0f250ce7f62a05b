import { text } from "../fields";
import { dataFile, type ExportFormat, type Written } from "../format";

const UNFINISHED = "train";
const FINISHED = "train_finished";

/**
 * LLaMA-Factory's alpaca rows with their dataset_info.json entries (github.com/hiyouga/LLaMA-Factory, data/README.md) and
 * a template without the end-of-turn token, which upstream does not have: a copy of the model's template whose assistant
 * slot is the content alone, with efficient_eos off, since that would append the token in the supervised processor
 * (src/llamafactory/data/template.py, processor/supervised.py). A run has one template, so answers that do end stand in
 * a file and an entry of their own.
 */
export const llamaFactory: ExportFormat<"training"> = {
  id: "llama-factory",
  label: "LLaMA-Factory",
  about: "Alpaca rows, dataset_info.json, and a template that leaves unfinished answers open.",
  source: "github.com/hiyouga/LLaMA-Factory: data/README.md, src/llamafactory/data/template.py",
  shape: "training",
  files: ["jsonl", "parquet"],
  fields: [text("instruction", "the problem"), text("input", "always empty"), text("output", "the assistant's turn")],
  row: ({ prompt, completion }) => ({ instruction: prompt, input: "", output: completion }),
  part: ({ ends }) => (ends ? FINISHED : UNFINISHED),
  extras: (written) => [
    { name: "dataset_info.json", text: `${JSON.stringify(datasetInfo(written), null, 2)}\n` },
    { name: "intervene_template.py", text: TEMPLATE },
    { name: "train.py", text: TRAIN },
    { name: "train.yaml", text: yaml(written) },
  ],
  load: (written) =>
    `# In a checkout of LLaMA-Factory, with this folder as dataset_dir:\ntorchrun --nproc_per_node 4 train.py train.yaml\n# Entries of dataset_info.json: ${Object.keys(datasetInfo(written)).join(", ")}`,
  notes: ({ parts }) =>
    UNFINISHED in parts && FINISHED in parts
      ? [`Some answers end and some do not: ${dataFile(FINISHED, "jsonl")} is for the plain template, the rest for the one without the end-of-turn token.`]
      : [],
};

const entryOf = (name: string, part: string) => (part === UNFINISHED ? name : `${name}_finished`);

function datasetInfo({ name, parts, file }: Written): Record<string, unknown> {
  const columns = { prompt: "instruction", query: "input", response: "output" };
  return Object.fromEntries(
    Object.keys(parts).map((part) => [
      entryOf(name, part),
      { file_name: dataFile(part, file), formatting: "alpaca", columns },
    ]),
  );
}

const TEMPLATE = `"""Register templates that leave the assistant's turn open: no end-of-turn token after an intervention.

Import this before LLaMA-Factory reads its arguments (train.py does). Name = the model's template + "_noeos".
"""

from llamafactory.data.formatter import StringFormatter
from llamafactory.data.template import TEMPLATES, register_template


def register_open(name: str) -> str:
    base, new = TEMPLATES[name], f"{name}_noeos"
    if new not in TEMPLATES:
        register_template(
            name=new,
            format_user=base.format_user,
            format_assistant=StringFormatter(slots=["{{content}}"]),
            format_system=base.format_system,
            format_observation=base.format_observation,
            format_prefix=base.format_prefix,
            default_system=base.default_system,
            stop_words=base.stop_words,
            efficient_eos=False,
            replace_eos=base.replace_eos,
        )
    return new


for known in ("qwen3_nothink", "qwen", "llama3"):
    if known in TEMPLATES:
        register_open(known)
`;

const TRAIN = `"""LLaMA-Factory's training with the templates of intervene_template.py.

llamafactory-cli starts its own launcher, which would not import them: torchrun --nproc_per_node 4 train.py train.yaml
"""

import intervene_template  # noqa: F401
from llamafactory.train.tuner import run_exp

if __name__ == "__main__":
    run_exp()
`;

/** The settings that the paper's authors trained with (method.md, "The pipeline", 7). */
function yaml({ name, parts, baseModel }: Written): string {
  const open = UNFINISHED in parts;
  return [
    `model_name_or_path: ${JSON.stringify(baseModel || "BASE_MODEL")}`,
    "stage: sft",
    "do_train: true",
    "finetuning_type: full",
    "dataset_dir: .",
    `dataset: ${JSON.stringify(entryOf(name, open ? UNFINISHED : FINISHED))}`,
    `template: ${open ? "qwen3_nothink_noeos" : "qwen3_nothink"}`,
    "cutoff_len: 16384",
    "output_dir: out",
    "num_train_epochs: 4",
    "per_device_train_batch_size: 1",
    "gradient_accumulation_steps: 16",
    "learning_rate: 1.0e-6",
    "lr_scheduler_type: cosine_with_min_lr",
    'lr_scheduler_kwargs: {"min_lr_rate": 0.1}',
    "warmup_ratio: 0.1",
    "bf16: true",
    "logging_steps: 1",
    "report_to: none",
    "",
  ].join("\n");
}
