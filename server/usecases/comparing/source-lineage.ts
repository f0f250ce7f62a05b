import { SOURCES } from "../../core/datasets/sources";
import type { DatasetCard } from "../../core/datasets/view";
import type { SourceChain, SourceTraining } from "../../core/views/comparing-sources";
import { InterveneError } from "../../errors";
import { sourceModels, sourceTrainings, type TrainingRow } from "../../store/views/comparing-sources";
import { listDatasets } from "../../store/views/datasets";
import type { StudyRow } from "../../store/views/studies";
import { type PageDeps, studyOf } from "../pages/find";

/** What every read of this page is asked. */
export interface AskedSources {
  study: string;
  /** Name of the base model; not set: the one that most fine-tunings began from, else the study's first that is served. */
  base?: string | undefined;
}

/** In place of the base's id where a study has no model: no row has it. */
export const NO_MODEL = "00000000-0000-0000-0000-000000000000";

type Model = Awaited<ReturnType<typeof sourceModels>>[number];

/** The sources of a study, and what was trained on each from the base. */
export interface SourceLineage {
  study: StudyRow;
  models: Model[];
  /** Null where the study has no model. */
  base: Model | null;
  /** In the order of the sources, then by name; hinted prompts are left out. */
  datasets: { card: DatasetCard; chains: SourceChain[] }[];
  trainings: TrainingRow[];
  /** RL from the base itself, without hints. */
  rlAlone: SourceTraining[];
}

/** @throws InterveneError("not_found") for a study or a base that is not there. */
export async function readSourceLineage(deps: PageDeps, input: AskedSources): Promise<SourceLineage> {
  const study = await studyOf(deps, input.study);
  const [models, cards] = await Promise.all([sourceModels(deps.pool, study.id), listDatasets(deps.pool, study.id)]);
  const most = Math.max(0, ...models.map((m) => m.trainings));
  const usual = models.find((m) => most > 0 && m.trainings === most) ?? models.find((m) => m.served) ?? models[0] ?? null;
  const base = input.base === undefined ? usual : models.find((m) => m.name === input.base);
  if (base === undefined) throw new InterveneError("not_found", `Study "${study.name}" has no model called “${input.base}”.`);
  const trainings = await sourceTrainings(deps.pool, study.id, base?.id ?? NO_MODEL);
  const datasets = cards
    .filter((d) => d.source !== "hint")
    .map((card) => ({ card, chains: chainsOf(trainings, card.id) }))
    .sort((a, b) => SOURCES.indexOf(a.card.source) - SOURCES.indexOf(b.card.source) || (a.card.name < b.card.name ? -1 : 1));
  const rlAlone = trainings.filter((t) => t.kind === "grpo" && t.baseId === base?.id && !t.hinted).map(shown);
  return { study, models, base, datasets, trainings, rlAlone };
}

/** Fine-tunings on a data set, each with the RL trainings from its model. */
function chainsOf(trainings: readonly TrainingRow[], datasetId: string): SourceChain[] {
  return trainings
    .filter((t) => t.kind === "sft" && t.datasetId === datasetId)
    .map((sft) => ({
      sft: shown(sft),
      rl: trainings.filter((t) => t.kind === "grpo" && sft.model !== null && t.baseId === sft.model.id).map(shown),
    }));
}

function shown({ id, kind, seed, trainer, state, step, steps, model, firstEntropy, lastEntropy }: TrainingRow): SourceTraining {
  return { id, kind, seed, trainer, state, step, steps, model, firstEntropy, lastEntropy };
}
