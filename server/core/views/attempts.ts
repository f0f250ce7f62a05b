/** The attempts table: what can be asked of it, and its rows. The lists here are the whitelist of sorts and filters. */
import { z } from "zod";
import { locatedFilterOf } from "./localisation";

/** added: in the order in which they were made, which needs no sorting (programs' lists). */
export const ATTEMPT_SORTS = ["problem", "reward", "steps", "tokens", "error", "added"] as const;
export type AttemptSort = (typeof ATTEMPT_SORTS)[number];

export const attemptQuerySchema = z.object({
  /** Only attempts of this run; all of the study's when absent. */
  run: z.uuid().optional(),
  /** Only attempts at this problem. */
  problem: z.uuid().optional(),
  reward: z.enum(["right", "wrong", "ungraded"]).optional(),
  proposal: z.enum(["chosen", "kept", "dropped", "none"]).optional(),
  /** Only attempts that a run has located the first error of, by label and answer (views/localisation.ts). */
  located: z
    .string()
    .max(400)
    .refine((text) => locatedFilterOf(text) !== null)
    .optional(),
  sort: z.enum(ATTEMPT_SORTS).default("problem"),
  dir: z.enum(["asc", "desc"]).default("asc"),
});
export type AttemptQuery = z.infer<typeof attemptQuerySchema>;

/** Successes of one arm at one attempt. */
export interface ArmRate {
  samples: number;
  correct: number;
}

export interface AttemptRow {
  id: string;
  problemId: string;
  problemOrdinal: number;
  /** The beginning of the statement, plain text. */
  problemStart: string;
  sampleIndex: number;
  model: string | null;
  reward: number | null;
  steps: number;
  /** 0 when not known (imported). */
  tokens: number;
  finishReason: string;
  /** First error as the chosen proposal's verification names it; null when there is none. */
  firstError: number | null;
  /** How many verification samples there are, and how many of them name that very step. */
  verifications: number;
  agreeing: number;
  /** A first error that is known, people's before the lab generator's: the step, or "none". */
  label: number | "none" | null;
  labelBy: "people" | "generator" | null;
  /** The chosen proposal. */
  proposal: { id: string; location: number; kept: boolean | null; leaked: boolean } | null;
  /** Null where nothing was sampled yet. */
  arms: { prefix: ArmRate | null; original: ArmRate | null; intervention: ArmRate | null };
}

export interface AttemptPage {
  rows: AttemptRow[];
  /** Where the next page begins; null on the last one. */
  next: string | null;
}

/** The attempts before and after one in the list that the reader came from. */
export interface Neighbours {
  previous: string | null;
  next: string | null;
}
