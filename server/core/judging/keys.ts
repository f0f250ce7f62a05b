/** The keys of judging. Each person may move them; digits and Ctrl combinations stay where they are. */
import { z } from "zod";

/** What a key does, its default, and how the sheet names it. Keys are values of KeyboardEvent.key. */
export const KEY_ACTIONS = {
  accept: { key: "a", what: "accept the proposal" },
  reject: { key: "x", what: "reject the proposal" },
  edit: { key: "e", what: "rewrite the intervention" },
  locate: { key: "m", what: "the first error is the step in view" },
  no_error: { key: "o", what: "no error" },
  cannot_tell: { key: "u", what: "cannot tell" },
  flag: { key: "f", what: "flag: something is wrong with this item" },
  skip: { key: " ", what: "skip for now" },
  undo: { key: "Backspace", what: "take the last decision back" },
  next_step: { key: "j", what: "next step" },
  previous_step: { key: "k", what: "previous step" },
  sample: { key: "s", what: "sample from your correction" },
  reference: { key: "r", what: "show or hide the reference solution" },
  diff: { key: "d", what: "word diff against the proposal" },
  history: { key: "h", what: "history of the item" },
  help: { key: "?", what: "this sheet" },
} as const satisfies Record<string, { key: string; what: string }>;
export type KeyAction = keyof typeof KEY_ACTIONS;

/** Keys that nobody moves, for the sheet: digits choose a type of error or a reason. */
export const FIXED_KEYS = [
  { key: "1–9", what: "type of error, or reason" },
  { key: "Ctrl Enter", what: "finish and go on" },
  { key: "Ctrl Z", what: "take the last decision back" },
  { key: "Escape", what: "leave the text" },
] as const;

const actions = Object.keys(KEY_ACTIONS) as KeyAction[];
const keySchema = z
  .string()
  .min(1)
  .max(20)
  .refine((key) => !/^[0-9]$/.test(key), "Digits choose a type of error or a reason, and cannot be moved.")
  .refine(
    (key) => !["Enter", "Escape", "Tab", "Control", "Shift", "Alt", "Meta"].includes(key),
    "This key is needed for the page itself.",
  );

/** Moved keys: {action: key}. Two actions cannot share one. */
export const keysSchema = z.partialRecord(z.enum(actions as [KeyAction, ...KeyAction[]]), keySchema).superRefine((moved, ctx) => {
  const all = keysOf(moved);
  for (const [i, action] of actions.entries()) {
    const other = actions.slice(0, i).find((a) => all[a].toLowerCase() === all[action].toLowerCase());
    if (other !== undefined)
      ctx.addIssue({
        code: "custom",
        message: `“${all[action]}” would both ${KEY_ACTIONS[other].what} and ${KEY_ACTIONS[action].what}: choose another key for one of them.`,
      });
  }
});

/** The key of every action for somebody who has moved some. */
export function keysOf(moved: Partial<Record<KeyAction, string>>): Record<KeyAction, string> {
  return Object.fromEntries(actions.map((a) => [a, moved[a] ?? KEY_ACTIONS[a].key])) as Record<KeyAction, string>;
}
