import { text } from "../fields";
import type { ExportFormat } from "../format";

/**
 * Problems for PipelineRL, whose data comes through a loader function that returns {dataset, task, answer, id}
 * (github.com/ServiceNow/PipelineRL, pipelinerl/domains/math/load_datasets.py); math_verify wants the answer in \boxed{}.
 */
export const pipelineRl: ExportFormat<"problems"> = {
  id: "pipelinerl",
  label: "PipelineRL",
  about: "Problems with boxed answers and the loader function that PipelineRL's dataset_loader names.",
  source: "github.com/ServiceNow/PipelineRL: pipelinerl/domains/math/load_datasets.py",
  shape: "problems",
  files: ["jsonl"],
  fields: [
    text("dataset", "the problem set"),
    text("task", "the problem"),
    text("answer", "in \\boxed{}, as math_verify wants it"),
    text("id"),
  ],
  row: (p) => ({
    dataset: p.problemSet,
    task: p.statement,
    answer: p.answer.startsWith("\\boxed{") ? p.answer : `\\boxed{${p.answer}}`,
    id: p.key,
  }),
  extras: () => [{ name: "intervene_loader.py", text: LOADER }],
  load: () =>
    "# With this folder on PYTHONPATH:\npython -m pipelinerl.launch --config-name=math dataset_loader=intervene_loader.load_problems 'train_dataset_names=[train]' output_dir=out",
};

const LOADER = `"""PipelineRL's dataset_loader for the JSON lines beside this file: dataset_loader=intervene_loader.load_problems"""

import json
from pathlib import Path


def load_problems(dataset_names, **_):
    """Problems of each name (a file NAME.jsonl beside this one), as dicts of dataset, task, answer, id."""
    names = [dataset_names] if isinstance(dataset_names, str) else list(dataset_names or [])
    problems = []
    for name in names:
        path = Path(__file__).resolve().parent / f"{name}.jsonl"
        with path.open(encoding="utf-8") as lines:
            problems += [json.loads(line) for line in lines if line.strip()]
    return problems
`;
