import { z } from "zod";
import { branchText } from "../branch";
import { branchPrefix } from "../branching/point";
import { intSettingsSchema, samplingSchema } from "../settings";
import { guidedAttempt, joinSteps } from "../steps";

/** What can be scored (prisma/schema.prisma, Score). */
export const SCORE_SUBJECTS = ["attempt", "original", "proposal", "continuation", "branch", "reference", "text"] as const;
export type ScoreSubject = (typeof SCORE_SUBJECTS)[number];

/** The subject of a training row, which stands under no attempt: it is scored as it is trained, and has parts of its own. */
export const ROW_SUBJECT = "dataset_row";

/** Settings of the stage "score", frozen into its run. */
export const scoreSettingsSchema = z.object({
  /** Puts the problem before the text. */
  template: intSettingsSchema.shape.rollout.shape.template,
  /** For templates of several turns, whose first answers are sampled. */
  sampling: samplingSchema,
  seed: z.number().int(),
});
export type ScoreSettings = z.infer<typeof scoreSettingsSchema>;

/** Settings of the stage "score" where rows of a data set are scored: the row itself says what stands before its text. */
export const rowScoreSettingsSchema = z.object({
  dataset: z.string(),
  /** Rows in the sample, of which those that were scored already are not scored again. */
  samples: z.number().int().min(1),
  /** The sample is drawn with it. */
  seed: z.number().int(),
});
export type RowScoreSettings = z.infer<typeof rowScoreSettingsSchema>;

const MOST_TEXT = 400_000;

/** A text of an attempt's page that is to be scored. */
export const wantedScoreSchema = z.object({
  subject: z.enum(SCORE_SUBJECTS),
  /** Id of the proposal, continuation or branch sample; the others are the attempt's own. */
  subjectId: z.uuid().optional(),
  /** original: which step · text: after how many steps it stands. */
  step: z.number().int().min(0).max(100_000).default(0),
  /** A text of one's own. */
  text: z.string().max(MOST_TEXT).default(""),
});
export type WantedScore = z.input<typeof wantedScoreSchema>;

/** A text, and what of the answer stands before it. */
export interface Placed {
  /** The beginning of the assistant's answer up to the text. */
  before: string;
  text: string;
}

/** What a subject is made of, as its row has it. */
export interface SubjectParts {
  subject: ScoreSubject;
  /** original: the step · text: after how many steps · otherwise 0. */
  step: number;
  /** Of the attempt; none for a reference. */
  steps: readonly string[];
  /** The raw text of the attempt, continuation, branch sample, reference or of one's own; the content of a proposal. */
  text: string;
  /** Where a proposal, or the proposal that a continuation hangs on, stands. */
  location: number;
  /** Of the proposal that a continuation hangs on, or of a branch that replaces. */
  content: string;
  /** Of a continuation. */
  arm: Parameters<typeof branchText>[0] | null;
  /** Of a branch sample. */
  kind: "continue" | "replace" | null;
}

/**
 * The text in the place where it stands. A step and its replacement both begin after the blank line, which belongs to what
 * stands before; what was sampled begins with it, since the model wrote it.
 */
export function placed(p: SubjectParts): Placed {
  const afterSteps = (n: number) => (n > 0 ? `${joinSteps(p.steps.slice(0, n))}\n\n` : "");
  switch (p.subject) {
    case "attempt":
    case "reference":
      return { before: "", text: p.text };
    case "original":
      return { before: afterSteps(p.step - 1), text: p.steps[p.step - 1] ?? "" };
    case "proposal":
      return { before: afterSteps(p.location - 1), text: guidedAttempt([], p.text, 1) };
    case "text":
      return { before: afterSteps(p.step), text: p.text };
    case "continuation":
      return { before: branchText(p.arm ?? "problem", { steps: p.steps, content: p.content, location: p.location }), text: p.text };
    case "branch":
      return {
        before: branchPrefix(p.steps, { kind: p.kind ?? "continue", step: p.step, content: p.content }),
        text: p.text,
      };
  }
}
