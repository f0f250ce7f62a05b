import { access, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RlSettings, SftSettings } from "../../core/training/settings";
import type { TrainerSpec } from "../../core/training/spec";
import { parseEnv } from "../../env";
import { InterveneError } from "../../errors";
import { loadChat } from "../../inference/chat";
import { adapterRank, folderKind } from "../../inference/model-folder";
import type { Chat } from "../../inference/types";
import { earlierFolder, readTraining, type TrainingRow } from "../../store/training/rows";
import type { StageContext, Task } from "../stages/stage";
import { writePrompts, writeRows } from "./data";
import { servesAdapters } from "./serve";

/** How often the loss on held-out rows is measured over a training. */
const EVALUATIONS = 10;

/** Settings of a training, whichever kind it is. */
export type Settings = ({ kind: "sft" } & SftSettings) | ({ kind: "grpo" } & RlSettings);

/** Wait for the data set, and for the model that an earlier training was to make. */
export async function ready(ctx: StageContext<unknown>, task: Task, training: TrainingRow, settings: Settings): Promise<void> {
  if (training.base === null)
    throw new InterveneError("bad_input", "The model that this training was to start from is not there: the training before it made none.");
  if (settings.kind !== "sft") return;
  for (let state = training.datasetState; state !== "ready"; ) {
    if (state !== "building")
      throw new InterveneError("bad_input", `The data set "${settings.dataset}" ${state === "failed" ? "could not be built" : "is gone"}.`);
    await task.save({ message: `Waiting: the data set "${settings.dataset}" is being built.` });
    await sleep(1_000, undefined, { signal: ctx.signal });
    state = (await readTraining(ctx.pool, ctx.item.runId))?.datasetState ?? null;
  }
}

/** Write the data and the spec into the folder of a training, where they are not there yet. */
export async function prepare(
  ctx: StageContext<unknown>,
  training: TrainingRow,
  settings: Settings,
  at: { folder: string; output: string; events: string; models: string },
): Promise<TrainerSpec> {
  const { base, datasetId, problemSetId } = training;
  if (base === null) throw new Error("a training without a base was not refused");
  const { chat, folder: model } = await baseOf(ctx, base, at.models);
  await fits(base.name, model, settings);
  const common = {
    version: 1 as const,
    model,
    output: at.output,
    events: at.events,
    seed: settings.seed,
    threads: settings.threads,
    optimizer: settings.optimizer,
    checkpointEvery: settings.checkpointEvery,
    microBatchTokens: settings.microBatchTokens,
    lora: settings.lora,
    merge: settings.lora !== null && !(await servesAdapters(parseEnv(), ctx.signal)),
    data: path.join(at.folder, "data.jsonl"),
  };
  const heldOut = settings.kind === "sft" && settings.holdOut > 0 ? { file: path.join(at.folder, "held-out.jsonl"), share: settings.holdOut } : null;
  if (!(await exists(common.data))) {
    if (settings.kind === "sft") {
      if (datasetId === null) throw new InterveneError("bad_input", `The data set "${settings.dataset}" is gone.`);
      await writeRows(ctx.pool, datasetId, chat, { data: common.data, heldOut });
    } else {
      if (problemSetId === null) throw new InterveneError("bad_input", `The problem set "${settings.problemSet}" is gone.`);
      await writePrompts(ctx.pool, problemSetId, settings, chat, common.data);
    }
  }
  const spec: TrainerSpec =
    settings.kind === "sft"
      ? {
          ...common,
          kind: "sft",
          epochs: settings.epochs,
          batchRows: settings.batchRows,
          cutoff: settings.cutoff,
          heldOut: heldOut && { data: heldOut.file, times: EVALUATIONS },
        }
      : {
          ...common,
          kind: "grpo",
          steps: settings.steps,
          promptsPerStep: settings.promptsPerStep,
          samples: settings.samples,
          sampling: settings.sampling,
          endIds: [...chat.endIds],
          updates: settings.updates,
          clipLow: settings.clipLow,
          clipHigh: settings.clipHigh,
          scaleRewards: settings.scaleRewards,
          bareAnswers: settings.bareAnswers,
        };
  await writeFile(path.join(at.folder, "spec.json"), JSON.stringify(spec, null, 2));
  return spec;
}

/**
 * Where a training's base model lies: what was trained here, in the data folder; others where they are served from. A server of one
 * model may hold others just now: then it is where an earlier training found it.
 */
async function baseOf(ctx: StageContext<unknown>, base: NonNullable<TrainingRow["base"]>, models: string): Promise<{ chat: Chat; folder: string }> {
  const trained = path.join(models, base.servedName);
  if ((await folderKind(trained)) !== "none") return { chat: await loadChat(trained), folder: trained };
  try {
    const { chat, folder } = await ctx.models.get(base.servedName);
    if (folder !== null) return { chat, folder };
  } catch (error) {
    const earlier = error instanceof InterveneError && error.kind === "backend" ? await earlierFolder(ctx.pool, base.id) : null;
    if (earlier === null || (await folderKind(earlier)) === "none") throw error;
    return { chat: await loadChat(earlier), folder: earlier };
  }
  throw new InterveneError("bad_input", `The weights of "${base.name}" do not lie in a folder of this machine, so nothing here can train them.`);
}

/** @throws InterveneError("bad_input") when the model is an adapter that this training cannot go on with. */
async function fits(name: string, folder: string, settings: Settings): Promise<void> {
  if ((await folderKind(folder)) !== "adapter") return;
  if (settings.trainer !== "trl")
    throw new InterveneError("bad_input", `"${name}" is an adapter (LoRA): TRL can go on with it, the embedded trainer trains whole models alone.`);
  const rank = await adapterRank(folder);
  if (settings.lora !== null && settings.lora.rank !== rank)
    throw new InterveneError("bad_input", `"${name}" is an adapter of rank ${rank}, and goes on as one: ask for that rank, not for ${settings.lora.rank}.`);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
