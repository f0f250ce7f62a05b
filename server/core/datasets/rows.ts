import type { Reason } from "./reasons";

/** A training row before it has its place. Texts are exactly what is trained: nothing is trimmed later. */
export interface Row {
  problemId: string;
  attemptId: string | null;
  proposalId: string | null;
  decisionId: string | null;
  reflectionId: string | null;
  /** The user turn. */
  prompt: string;
  /** What the assistant is trained to write; "" for prompts of reinforcement learning. */
  completion: string;
  /** Whether the turn ends after the completion: then the end-of-turn token is trained, too. */
  ends: boolean;
  /** What more is known of it, for people and exports. */
  meta: RowMeta;
}

export interface RowMeta {
  /** Template of the user turn. */
  template: string;
  /** Problem as its file names it. */
  problem: string;
  /** 0-based sample of the attempt. */
  sample?: number;
  /** int: the step that the intervention replaces (1-based), and who wrote it. */
  location?: number;
  author?: "model" | "person";
  /** int: how many steps the intervention is; and that no prefix stands before it. */
  pieces?: number;
  alone?: true;
  /** int: what people decided (located: the first error is where the model says); absent where nobody did. With a settlementId it was settled between judges. */
  verdict?: "accepted" | "located" | "edited";
  settlementId?: string;
  /** int with suffix: the continuation and its 0-based sample. */
  suffix?: { continuationId: string; sample: number };
  /** Right answer of the attempt or reflection. */
  right?: boolean;
  /** hint: leading steps of the reference in the prompt, of how many; null for a bare problem. */
  hint?: { steps: number; of: number } | null;
  /** hint: the answer to grade samples by. */
  answer?: string;
}

/** What a builder makes of a candidate. */
export type Built = { row: Row } | { dropped: Reason };

/**
 * The line that a row adds to its data set's digest: JSON of prompt, completion and ends in this order, and a line feed.
 * The digest is the SHA-256 of the UTF-8 bytes of these lines in the rows' order: it depends on what is trained alone, so
 * the same rows give the same digest in any database.
 */
export function canonicalRow(row: Pick<Row, "prompt" | "completion" | "ends">): string {
  return `${JSON.stringify({ prompt: row.prompt, completion: row.completion, ends: row.ends })}\n`;
}

/** {@link canonicalRow} in words, for manifests. */
export const DIGEST_OVER =
  'one line per row in order, JSON {"prompt","completion","ends"} without spaces, each ended by a line feed, UTF-8';
