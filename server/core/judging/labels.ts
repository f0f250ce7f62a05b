/** What a judge may say about an item, as a queue fixes it. */
import { z } from "zod";

/** What counts as a vote: an answer of one person about one item. */
export const VOTE_ACTIONS = ["accept", "reject", "locate", "edit", "no_error", "cannot_tell", "flag"] as const;
export type VoteAction = (typeof VOTE_ACTIONS)[number];

/** Everything that is kept as a decision: votes, "not now", and what takes a vote back. */
export const DECISION_ACTIONS = [...VOTE_ACTIONS, "skip", "undo"] as const;
export type DecisionAction = (typeof DECISION_ACTIONS)[number];

/** On what a team may settle. */
export const SETTLE_ACTIONS = ["accept", "reject", "locate", "edit", "no_error", "cannot_tell"] as const;
export type SettleAction = (typeof SETTLE_ACTIONS)[number];

/** How people read the actions. */
export const ACTION_LABEL: Record<DecisionAction, string> = {
  accept: "accepted",
  reject: "rejected",
  locate: "located the error",
  edit: "rewrote",
  no_error: "no error",
  cannot_tell: "cannot tell",
  flag: "flagged",
  skip: "skipped",
  undo: "took back",
};

const optionSchema = z.object({
  /** Kept in decisions; never shown. */
  id: z.string().regex(/^[a-z0-9_-]{1,40}$/, "An id has small letters, digits, - and _ alone."),
  label: z.string().trim().min(1, "Each needs a label.").max(120),
  /** The digit that chooses it. */
  key: z.number().int().min(1).max(9),
});
export type LabelOption = z.infer<typeof optionSchema>;

const optionsSchema = z
  .array(optionSchema)
  .max(9, "There are nine digits, so at most nine.")
  .superRefine((options, ctx) => {
    for (const field of ["id", "key"] as const) {
      const values = options.map((o) => o[field]);
      const double = values.find((v, i) => values.indexOf(v) !== i);
      if (double !== undefined)
        ctx.addIssue({ code: "custom", message: `Two of them have the ${field} “${double}”.` });
    }
  });

export const labelSchema = z
  .object({
    actions: z.array(z.enum(VOTE_ACTIONS)).min(1, "A judge must be able to say something."),
    /** Why a proposal is rejected. With some, a rejection needs one. */
    reasons: optionsSchema,
    /** Kinds of errors, which a judge may add to a located error. */
    errorTypes: optionsSchema,
  })
  .superRefine((schema, ctx) => {
    if (new Set(schema.actions).size !== schema.actions.length)
      ctx.addIssue({ code: "custom", path: ["actions"], message: "An action stands there twice." });
  });
export type LabelSchema = z.infer<typeof labelSchema>;

const options = (labels: [string, string][]): LabelOption[] =>
  labels.map(([id, label], i) => ({ id, label, key: i + 1 }));

/** What a new queue starts with. */
export const DEFAULT_LABELS: LabelSchema = {
  actions: [...VOTE_ACTIONS],
  reasons: options([
    ["wrong_step", "not the first error"],
    ["wrong_content", "the correction is wrong itself"],
    ["leaks", "gives the answer away"],
    ["unclear", "cannot be understood"],
    ["no_help", "right, but of no help"],
    ["other", "something else"],
  ]),
  errorTypes: options([
    ["arithmetic", "arithmetic"],
    ["algebra", "algebra"],
    ["logic", "does not follow"],
    ["misread", "misreads the problem"],
    ["fact", "wrong fact or theorem"],
    ["case", "missing case"],
    ["other", "other"],
  ]),
};

/**
 * Why the labels of a queue with so many decisions cannot be changed; null when they can. Decisions would no longer mean what their
 * judges were asked.
 */
export function labelsFrozen(decisions: number): string | null {
  if (decisions === 0) return null;
  return `The labels of this queue are frozen: it holds ${decisions === 1 ? "a decision" : `${decisions} decisions`} given under them. Make a new queue for other labels; instructions can still be edited.`;
}

/** Whether two schemas are the same, whatever the order in which a database keeps their fields. */
export function sameLabels(a: LabelSchema, b: LabelSchema): boolean {
  return JSON.stringify(labelSchema.parse(a)) === JSON.stringify(labelSchema.parse(b));
}
