/** What a judge has begun to say about an item, as it is kept on the server and in the browser. */
import { z } from "zod";

/** What is in the making: nothing; why it is rejected; where the error is instead; another intervention; what is wrong with the item. */
export const DRAFT_MODES = ["idle", "reject", "locate", "edit", "flag"] as const;
export type DraftMode = (typeof DRAFT_MODES)[number];

export interface Draft {
  mode: DraftMode;
  /** Step to which the first error was moved (1-based). */
  firstError: number | null;
  /** The step that is rewritten, and the text. Kept while another mode is looked at. */
  location: number | null;
  content: string | null;
  /** Id of a kind of error of the queue's labels. */
  errorType: string;
  note: string;
}

export const NO_DRAFT: Draft = {
  mode: "idle",
  firstError: null,
  location: null,
  content: null,
  errorType: "",
  note: "",
};

const step = z.number().int().positive().nullable().catch(null);
const bodySchema = z.object({
  mode: z.enum(DRAFT_MODES).optional().catch(undefined),
  /** A decision that was taken back becomes the draft (usecases/judging/decide.ts). */
  action: z.string().optional().catch(undefined),
  firstError: step,
  location: step,
  content: z.string().nullable().catch(null),
  errorType: z.string().catch(""),
  note: z.string().catch(""),
});

/** A draft out of what was kept; what makes no sense for an attempt of so many steps is left out. */
export function draftOf(body: unknown, steps: number): Draft {
  const read = bodySchema.safeParse(body);
  if (!read.success) return NO_DRAFT;
  const { mode, action, content, errorType, note } = read.data;
  const inside = (n: number | null) => (n !== null && n <= steps ? n : null);
  const was = DRAFT_MODES.find((m) => m === action) ?? "idle";
  const draft: Draft = {
    mode: mode ?? was,
    // An accepted proposal's step is the proposal's own; it was not moved by hand.
    firstError: mode === undefined && was === "idle" ? null : inside(read.data.firstError),
    location: inside(read.data.location),
    content,
    errorType,
    note,
  };
  return draft.mode === "edit" && (draft.content === null || draft.location === null)
    ? { ...draft, mode: "idle" }
    : draft;
}

/** Whether there is anything in it that would be missed. */
export function isEmpty(d: Draft): boolean {
  return d.mode === "idle" && d.firstError === null && d.content === null && d.errorType === "" && d.note.trim() === "";
}

export function sameDraft(a: Draft, b: Draft): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
