import type { CopyTable } from "./copy";

/** A failed attempt rewritten, and its grade. */
export interface ReflectionRow {
  id: string;
  runId: string;
  attemptId: string;
  sampleIndex: number;
  seed: number;
  text: string;
  finishReason: string;
  tokens: number;
  reward: number;
  extracted: string | null;
  reason: string;
  graderVersion: string;
}

export const REFLECTIONS: CopyTable<ReflectionRow> = {
  table: "reflection",
  columns: [
    "id",
    "runId",
    "attemptId",
    "sampleIndex",
    "seed",
    "text",
    "finishReason",
    "tokens",
    "reward",
    "extracted",
    "reason",
    "graderVersion",
  ],
};
