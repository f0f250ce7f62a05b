import type { Readable } from "node:stream";
import { answerOf } from "../core/grading/answer-of";
import { equalSafely } from "./grading/grade";
import { openBytes } from "./importing/bytes";
import { jsonLines, jsonLinesOf } from "./importing/json-lines";
import type { FileRow } from "./importing/row";

export interface GradedCase {
  gold: string;
  pred: string;
  equal: boolean;
  reason: string;
}

/**
 * Compare `pred` with `gold`: final answers, or texts that end in one (in a \boxed{}, after "final answer is", as the last formula).
 */
export async function gradeCase(gold: string, pred: string): Promise<GradedCase> {
  return { gold, pred, ...(await equalSafely(answerOf(gold), answerOf(pred))) };
}

/**
 * Grade cases {gold, pred}, one JSON line each, as they are read.
 * @param from a file's path, or a stream of bytes.
 * @throws InterveneError for a file that cannot be read. A line that cannot be used is yielded as bad.
 */
export async function* gradeCases(
  from: string | Readable,
): AsyncGenerator<{ line: number; graded: GradedCase } | { line: number; bad: string }> {
  for await (const row of typeof from === "string" ? jsonLines((await openBytes(from)).pieces()) : jsonLinesOf(from)) {
    if (!("bad" in row && row.bad.empty)) yield await one(row);
  }
}

async function one(row: FileRow): Promise<{ line: number; graded: GradedCase } | { line: number; bad: string }> {
  if ("bad" in row) return { line: row.row, bad: `the line ${row.bad.reason}` };
  const { gold, pred } = row.fields;
  for (const [name, value] of Object.entries({ gold, pred })) {
    if (typeof value !== "string" && typeof value !== "number") {
      return { line: row.row, bad: `"${name}" ${value === undefined ? "is missing" : "must be text"}` };
    }
  }
  return { line: row.row, graded: await gradeCase(String(gold), String(pred)) };
}
