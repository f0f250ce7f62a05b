import type { AnyFormat } from "./format";
import { dpo, dpoSteps } from "./formats/dpo";
import { llamaFactory } from "./formats/llama-factory";
import { openaiFineTuning } from "./formats/openai";
import { jsonLines, parquet } from "./formats/own-columns";
import { pipelineRl } from "./formats/pipelinerl";
import { prm800k } from "./formats/prm800k";
import { processBench } from "./formats/processbench";
import { trlConversational } from "./formats/trl-conversational";
import { trlPromptCompletion } from "./formats/trl-prompt-completion";
import { trlStepwise } from "./formats/trl-stepwise";
import { trlTokenised } from "./formats/trl-tokenised";
import { verlRl } from "./formats/verl-rl";
import { verlSft } from "./formats/verl-sft";
import { SHAPES_OF, type Table } from "./shapes";

/** Every format, in the order in which they are offered. */
export const FORMATS: readonly AnyFormat[] = [
  jsonLines,
  parquet,
  trlTokenised,
  trlConversational,
  trlPromptCompletion,
  llamaFactory,
  verlSft,
  verlRl,
  pipelineRl,
  openaiFineTuning,
  dpo,
  dpoSteps,
  trlStepwise,
  processBench,
  prm800k,
];

export function findFormat(id: string): AnyFormat | undefined {
  return FORMATS.find((f) => f.id === id);
}

/** The formats that a source can be written in. */
export function formatsOf(source: Table | "dataset"): readonly AnyFormat[] {
  return FORMATS.filter((f) => SHAPES_OF[source].includes(f.shape));
}
