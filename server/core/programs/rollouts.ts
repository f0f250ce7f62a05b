/** Rollouts as a training loop pushes them: one attempt at one problem per row. */
import { z } from "zod";
import { type ImportedRow, plainAttempt } from "../importing/record";

/** Most rows of one push: as many as are graded and written within a moment. */
export const MAX_ROLLOUTS = 1000;

export const rolloutShape = z
  .strictObject({
    problem: z.string().trim().min(1).optional().meta({ description: "the statement; or leave it out and name a problem that the set holds by `problem_id`" }),
    problem_id: z.string().trim().min(1).max(500).optional().meta({ description: "your own id of the problem, its key in the problem set" }),
    answer: z.string().trim().optional().meta({ description: "the reference answer that attempts are graded against; needed once for each problem" }),
    reference: z.string().optional().meta({ description: "a reference solution in steps (blank lines between them)" }),
    difficulty: z.string().max(200).optional(),
    model: z.string().trim().min(1).max(300).meta({ description: "who wrote it, e.g. the checkpoint's name" }),
    text: z.string().refine((t) => t.trim() !== "", "is empty").meta({ description: "the attempt; blank lines part its steps" }),
    finish_reason: z.enum(["stop", "length"]).optional(),
    tokens: z.int().min(0).max(2 ** 31 - 1).optional(),
    reward: z.union([z.literal(0), z.literal(1), z.boolean()]).optional().meta({ description: "your own verdict; kept as the grade only where no reference answer is known" }),
    first_error: z.int().min(1).nullable().optional().meta({ description: "the first wrong step (1-based) as somebody located it; null: none" }),
    label_source: z.string().trim().min(1).max(200).optional().meta({ description: "who located it" }),
    intervention: z
      .strictObject({ content: z.string().refine((t) => t.trim() !== "", "is empty"), location: z.int().min(1) })
      .optional()
      .meta({ description: "a step in place of step `location`, to be judged and continued from" }),
  })
  .refine((r) => r.problem !== undefined || r.problem_id !== undefined, { message: "give problem or problem_id", path: ["problem"] })
  .meta({ id: "Rollout" });
export type Rollout = z.infer<typeof rolloutShape>;

/** A rollout as the importer knows rows. */
export function rowOfRollout(r: Rollout): ImportedRow {
  const source = r.label_source ?? "pushed";
  return {
    problem:
      r.problem === undefined
        ? { ids: [r.problem_id ?? ""], field: "problem_id" }
        : {
            key: r.problem_id ?? null,
            statement: r.problem,
            answer: r.answer === undefined || r.answer === "" ? null : r.answer,
            reference: r.reference?.trim() ?? "",
            referenceSource: r.reference ? "pushed" : "",
            difficulty: r.difficulty ?? "",
          },
    attempts: [
      {
        ...plainAttempt(r.model, r.text.trim()),
        verdict: r.reward === undefined ? null : Boolean(r.reward),
        label: r.first_error === undefined ? null : { source, firstError: r.first_error },
        proposal: r.intervention ?? null,
        ...(r.finish_reason === undefined ? {} : { finishReason: r.finish_reason }),
        ...(r.tokens === undefined ? {} : { tokens: r.tokens }),
      },
    ],
  };
}

export const pushedShape = z
  .object({
    study: z.string(),
    problem_set: z.string(),
    source: z.string(),
    rows: z.int(),
    added: z.int(),
    present: z.int().meta({ description: "the same text of the same model, problem and source was there already" }),
    problems_added: z.int(),
    attempts: z.array(
      z.object({
        row: z.int().meta({ description: "number of the row in the batch, from 1" }),
        id: z.uuid(),
        problem_id: z.uuid(),
        sample_index: z.int(),
        added: z.boolean(),
        reward: z.union([z.literal(0), z.literal(1)]).nullable().meta({ description: "the grader's verdict; null where no reference answer is known" }),
        extracted: z.string().nullable().meta({ description: "the answer taken from the text" }),
        reason: z.string().meta({ description: "which rule decided" }),
      }),
    ),
    refused: z
      .array(z.object({ row: z.int(), field: z.string(), reason: z.string() }))
      .meta({ description: "rows that could not be used; the others were" }),
  })
  .meta({ id: "Pushed" });
export type Pushed = z.infer<typeof pushedShape>;
