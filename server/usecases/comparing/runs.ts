import { groupLineages, lineagesOf, seedWords, type TrainedModel } from "../../core/comparing/lineage";
import type { ComparedLineage, ComparedRuns, ComparedTraining } from "../../core/views/comparing-runs";
import { type TrainingLine, trainingLines } from "../../store/views/comparing-runs";
import { trainedModels } from "../../store/views/comparing-table";
import { type PageDeps, studyOf } from "../pages/find";

/** The trainings of a study by lineage, those that have not made their model yet among them. @throws InterveneError("not_found") */
export async function comparedRuns(deps: PageDeps, input: { study: string }): Promise<ComparedRuns> {
  const study = await studyOf(deps, input.study);
  const [models, lines] = await Promise.all([trainedModels(deps.pool, study.id), trainingLines(deps.pool, study.id)]);
  // A training stands for the model that it makes or will make.
  const byModel = new Map(lines.map((line) => [modelOf(line), line]));
  const known = new Set(models.map((m) => m.id));
  const coming = lines.filter((line) => !known.has(modelOf(line))).map(comingModel);
  const lineages = [...lineagesOf([...models, ...coming]).values()].filter((l) => byModel.has(l.modelId));
  return {
    study: study.name,
    studyId: study.id,
    lineages: groupLineages(lineages).flatMap(({ label, members }): ComparedLineage[] => {
      const trainings = members.flatMap((m) => {
        const line = byModel.get(m.modelId);
        const seed = seedWords(m);
        return line === undefined ? [] : [trainingOf(line, seed === null ? m.model : `seed ${seed}`)];
      });
      const kind = byModel.get(members[0]?.modelId ?? "")?.kind;
      return kind === undefined ? [] : [{ label, kind, trainings }];
    }),
  };
}

const modelOf = (line: TrainingLine) => line.modelId ?? line.id;

function comingModel(line: TrainingLine): TrainedModel {
  const { kind, settings, dataset, problemSet } = line;
  const baseId = line.baseId ?? line.beforeModelId ?? line.beforeId;
  return { id: modelOf(line), name: nameOf(line), parentId: baseId, madeBy: { kind, baseId, settings, dataset, problemSet } };
}

function trainingOf(line: TrainingLine, label: string): ComparedTraining {
  const { settings } = line;
  const whole = (value: unknown) => (typeof value === "number" ? value : null);
  const [prompts, samples] = [whole(settings.promptsPerStep), whole(settings.samples)];
  return {
    id: line.id,
    name: nameOf(line),
    label,
    state: line.state,
    step: line.step,
    steps: line.steps,
    perStep: line.kind === "grpo" && prompts !== null && samples !== null ? { prompts, samples } : null,
    batchRows: line.kind === "sft" ? whole(settings.batchRows) : null,
    modelId: line.modelId,
  };
}

function nameOf(line: TrainingLine): string {
  return typeof line.settings.name === "string" ? line.settings.name : line.kind === "sft" ? "SFT" : "RL";
}
