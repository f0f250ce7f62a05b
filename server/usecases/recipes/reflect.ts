import { reflectSettings, reflectSettingsSchema } from "../../core/datasets/reflect-settings";
import { InterveneError } from "../../errors";
import { listStudyModels, problemSetId } from "../../store/read/dataset-scope";
import { listReflectable } from "../../store/read/reflectable";
import { inTransaction } from "../../store/transaction";
import { createTaskIn } from "../../store/write/create-task";
import { LAB } from "../create-lab-study";
import { withServedModel } from "./names";
import type { Recipe } from "./recipe";

/** Failed attempts are rewritten as a whole by the model, given the reference: one run, an item per attempt. */
export const reflectRecipe: Recipe = (deps, study, o) =>
  withServedModel(deps, study, o, async (model) => {
    const models = await listStudyModels(deps.pool, study.id);
    const unknown = o.from?.find((name) => !models.some((m) => m.name === name));
    if (unknown !== undefined) throw new InterveneError("not_found", `Study "${study.name}" has no model "${unknown}".`);
    const own = models.filter((m) => (o.from?.length ? o.from.includes(m.name) : m.id === model.id));
    // Imported attempts are by models that nothing serves; where this model has none of its own, they are meant.
    const from = own.some((m) => m.hasAttempts) ? own : models.filter((m) => m.hasAttempts && !o.from?.length);
    const set = o.problemSet === undefined ? null : await problemSetId(deps.pool, study.id, o.problemSet);
    if (o.problemSet !== undefined && set === null)
      throw new InterveneError("not_found", `Study "${study.name}" has no problem set "${o.problemSet}".`);
    const names = from.map((m) => m.name);
    const settings = reflectSettings(model.servedName === LAB.model, names, o);
    const checked = reflectSettingsSchema.safeParse(settings);
    if (!checked.success)
      throw new InterveneError("bad_input", `Self-reflection takes at least one sample per attempt, not ${o.samples}.`);
    const attempts = await listReflectable(deps.pool, {
      studyId: study.id,
      modelIds: from.map((m) => m.id),
      problemSetId: set,
      maxProblems: o.maxProblems ?? 0,
    });
    if (attempts.length === 0)
      throw new InterveneError(
        "bad_input",
        `Study "${study.name}" has no failed attempts${names.length > 0 ? ` by ${names.join(", ")}` : ""} whose problems have a reference solution: there is nothing to rewrite.`,
      );
    const task = { studyId: study.id, stage: "reflect" as const, settings: checked.data, modelId: model.id };
    return inTransaction(deps.pool, (tx) =>
      createTaskIn(tx, deps.queue, task, () => attempts.map((targetId) => ({ targetId, units: settings.samples }))),
    );
  });
