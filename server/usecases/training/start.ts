import { labIntSettings, paperIntSettings } from "../../core/recipes";
import { evaluationSamples, hints, labRl, labSft, loraOf, loraRate, paperRl, paperSft } from "../../core/training/defaults";
import type { LauncherSettings } from "../../core/training/launcher";
import { type RlSettings, rlSettingsSchema, type SftSettings, sftSettingsSchema } from "../../core/training/settings";
import type { OptimizerSettings } from "../../core/training/spec";
import { InterveneError } from "../../errors";
import { inTransaction } from "../../store/transaction";
import { createTraining } from "../../store/training/rows";
import { type ChainLink, createChainIn } from "../../store/write/create-chain";
import { LAB } from "../create-lab-study";
import type { Deps } from "../deps";
import type { StudyName } from "../recipes/recipe";

/** What is asked of a chain of trainings; what is left out takes the recipe's own value. */
export interface ChainRequest {
  /** Recipe's name, kept with its pipeline. */
  recipe: string;
  /** Model to start from. */
  model: { id: string; name: string; servedName: string };
  /** Fine-tune on this data set first. */
  dataset?: string | undefined;
  /** Then GRPO on this problem set. */
  rl?: { problemSet: string; maxProblems?: number | undefined; hinted?: boolean | undefined } | undefined;
  /** Problem sets to evaluate on, in order. */
  evaluate: readonly string[];
  /** Samples per problem of an evaluation. */
  samples?: number | undefined;
  /** At most so many problems of each evaluation; 0 = all. */
  maxProblems?: number | undefined;
  /** Name of the model that comes out. */
  name?: string | undefined;
  /** A run of another pipeline that must be done before this begins. */
  after?: string | undefined;
  seed?: number | undefined;
  threads?: number | undefined;
  trainer?: "embedded" | "trl" | undefined;
  launcher?: LauncherSettings | undefined;
  /** Adapters of this rank are trained; not set: all weights. */
  loraRank?: number | undefined;
  /** Share of the problems whose rows fine-tuning leaves out, to measure their loss. */
  holdOut?: number | undefined;
  change?: {
    sft?: Partial<Pick<SftSettings, "epochs" | "batchRows" | "cutoff">> & { learningRate?: number };
    rl?: Partial<Pick<RlSettings, "steps" | "promptsPerStep" | "samples" | "updates">> & { learningRate?: number };
  };
}

/**
 * Start a chain: SFT and RL where they are asked for, each from what the one before made, then the evaluations.
 * @throws InterveneError that says what is missing.
 */
export async function startChain(deps: Deps, study: StudyName, o: ChainRequest): Promise<{ pipelineId: string; runIds: string[] }> {
  const lab = await descendsFromLab(deps, o.model.id);
  const shared = {
    trainer: o.trainer ?? "embedded",
    launcher: o.launcher ?? { kind: "local" as const },
    seed: o.seed ?? 1,
    threads: o.threads ?? 2,
    lora: o.loraRank === undefined ? null : loraOf(o.loraRank),
  } as const;
  if (shared.lora !== null && shared.trainer !== "trl")
    throw new InterveneError("bad_input", "Adapters (LoRA) are trained by TRL in Python: choose that trainer, or leave out the rank to train all weights.");
  /** A training's settings: the recipe's own, what all trainings of the chain share, and what is changed. */
  const settingsOf = <S extends { optimizer: OptimizerSettings }, C extends { learningRate?: number }>(defaults: S, changed: C | undefined) => {
    const own = defaults.optimizer.learningRate;
    const { learningRate = shared.lora === null ? own : loraRate(own), ...change } = changed ?? {};
    return { ...defaults, ...shared, ...change, optimizer: { ...defaults.optimizer, learningRate } };
  };
  const setId = async (name: string) => {
    const set = await deps.prisma.problemSet.findUnique({ where: { studyId_name: { studyId: study.id, name } } });
    if (!set) throw new InterveneError("not_found", `Study "${study.name}" has no problem set "${name}".`);
    return set.id;
  };
  const links: (ChainLink & { training?: Omit<Parameters<typeof createTraining>[1], "runId"> })[] = [];
  let out = o.model.name;
  const trained = () => links.some((l) => l.training !== undefined);
  const base = () => (trained() ? null : o.model.id);
  const after = () => (links.length === 0 ? o.after : undefined);

  if (o.dataset !== undefined) {
    const dataset = await deps.prisma.dataset.findUnique({ where: { studyId_name: { studyId: study.id, name: o.dataset } } });
    if (!dataset) throw new InterveneError("not_found", `Study "${study.name}" has no data set "${o.dataset}".`);
    if (dataset.state === "failed")
      throw new InterveneError("bad_input", `The data set "${o.dataset}" could not be built: ${dataset.message}`);
    out = `${out} + SFT ${o.dataset}`;
    const settings = {
      ...settingsOf(lab ? labSft() : paperSft(), o.change?.sft),
      holdOut: o.holdOut ?? 0,
      dataset: o.dataset,
      name: o.name === undefined ? out : o.rl === undefined ? o.name : `${o.name}, before RL`,
    };
    links.push({
      stage: "sft",
      settings: checked(sftSettingsSchema.safeParse(settings)),
      modelId: base(),
      waits: true,
      after: after(),
      training: {
        studyId: study.id,
        kind: "sft",
        baseId: base(),
        datasetId: dataset.id,
        problemSetId: null,
        trainer: shared.trainer,
        launcher: shared.launcher.kind,
      },
    });
  }
  if (o.rl !== undefined) {
    const problemSetId = await setId(o.rl.problemSet);
    out = `${out} + ${o.rl.hinted ? "hint-guided RL" : "RL"}`;
    const settings = {
      ...settingsOf(lab ? labRl() : paperRl(), o.change?.rl),
      problemSet: o.rl.problemSet,
      maxProblems: o.rl.maxProblems ?? 0,
      hints: o.rl.hinted ? hints(lab) : null,
      name: o.name ?? out,
    };
    const baseId = base();
    links.push({
      stage: "rl",
      settings: checked(rlSettingsSchema.safeParse(settings)),
      modelId: baseId,
      waits: true,
      after: after(),
      training: {
        studyId: study.id,
        kind: "grpo",
        baseId,
        datasetId: null,
        problemSetId,
        trainer: shared.trainer,
        launcher: shared.launcher.kind,
      },
    });
  }
  for (const name of o.evaluate) {
    await setId(name);
    const defaults = lab ? labIntSettings() : paperIntSettings();
    const settings = {
      ...defaults,
      // Every seed of a training is evaluated with other samples.
      seed: shared.seed,
      problemSet: name,
      maxProblems: o.maxProblems ?? 0,
      rollout: {
        ...defaults.rollout,
        samples: o.samples ?? evaluationSamples(lab),
        sampling: { ...defaults.rollout.sampling, ...(lab ? { topP: 1 } : {}) },
      },
    };
    links.push({ stage: "rollout", settings, modelId: base(), waits: true, after: after() });
    links.push({ stage: "grade", settings, modelId: base(), waits: false });
  }
  if (links.length === 0) throw new InterveneError("bad_input", "There is nothing to do: name a data set, a problem set for RL, or one to evaluate on.");
  return inTransaction(deps.pool, (tx) =>
    createChainIn(tx, { studyId: study.id, recipe: o.recipe, links }, async (_, runId, ordinal) => {
      const training = links[ordinal]?.training;
      if (training) await createTraining(tx, { ...training, runId });
    }),
  );
}

/** The lab's settings are for its model and what was trained from it. */
async function descendsFromLab(deps: Deps, modelId: string): Promise<boolean> {
  for (let id: string | null = modelId; id !== null; ) {
    const model: { servedName: string; parentId: string | null } | null = await deps.prisma.model.findUnique({
      where: { id },
      select: { servedName: true, parentId: true },
    });
    if (model?.servedName === LAB.model) return true;
    id = model?.parentId ?? null;
  }
  return false;
}

function checked<T>(parsed: { success: true; data: T } | { success: false; error: { issues: readonly { path: PropertyKey[]; message: string }[] } }): T {
  if (parsed.success) return parsed.data;
  const what = parsed.error.issues.map((i) => `${i.path.join(".")} ${i.message}`).join("; ");
  throw new InterveneError("bad_input", `These settings cannot be used: ${what}.`);
}
