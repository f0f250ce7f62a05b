/** The table of a queue's decisions that people take away. */
import type { DecisionContent } from "./decision";

/** One line: a decision, with what it is about. */
export interface DecisionRecord extends DecisionContent {
  queue: string;
  item: number;
  itemId: string;
  problem: string;
  attemptId: string;
  proposalId: string | null;
  person: string;
  decisionId: string;
  /** ISO 8601, UTC. */
  at: string;
  seconds: number;
  sampled: boolean;
  /** It is the person's vote now; skips, undos and what was taken back are not. */
  counts: boolean;
  undoes: string | null;
  /** What was on the screen. */
  shown: unknown;
  /** open | complete | settled, of its item. */
  state: string;
  gold: { firstError: number | null; source: string } | null;
  /** What the item was settled on; null where nobody has. */
  settled: { action: string; firstError: number | null; content: string | null; location: number | null; person: string } | null;
}

export const DECISION_FORMATS = ["csv", "jsonl"] as const;
export type DecisionFormat = (typeof DECISION_FORMATS)[number];

const COLUMNS: [string, (r: DecisionRecord) => unknown][] = [
  ["queue", (r) => r.queue],
  ["item", (r) => r.item],
  ["item_id", (r) => r.itemId],
  ["problem", (r) => r.problem],
  ["attempt_id", (r) => r.attemptId],
  ["proposal_id", (r) => r.proposalId],
  ["person", (r) => r.person],
  ["decision_id", (r) => r.decisionId],
  ["at", (r) => r.at],
  ["action", (r) => r.action],
  ["reason", (r) => r.reason],
  ["error_type", (r) => r.errorType],
  ["first_error", (r) => r.firstError],
  ["content", (r) => r.content],
  ["location", (r) => r.location],
  ["note", (r) => r.note],
  ["seconds", (r) => r.seconds],
  ["sampled", (r) => r.sampled],
  ["counts", (r) => r.counts],
  ["undoes", (r) => r.undoes],
  ["shown", (r) => JSON.stringify(r.shown)],
  ["item_state", (r) => r.state],
  ["gold_first_error", (r) => (r.gold === null ? null : (r.gold.firstError ?? "none"))],
  ["gold_source", (r) => r.gold?.source],
  ["settled_action", (r) => r.settled?.action],
  ["settled_first_error", (r) => r.settled?.firstError],
  ["settled_content", (r) => r.settled?.content],
  ["settled_location", (r) => r.settled?.location],
  ["settled_by", (r) => r.settled?.person],
];

/** What stands before the first record. */
export function headOf(format: DecisionFormat): string {
  return format === "csv" ? `${COLUMNS.map(([name]) => name).join(",")}\r\n` : "";
}

/** One record as its line(s), with the line end. */
export function lineOf(record: DecisionRecord, format: DecisionFormat): string {
  if (format === "jsonl") return `${JSON.stringify(record)}\n`;
  return `${COLUMNS.map(([, value]) => cell(value(record))).join(",")}\r\n`;
}

/**
 * A cell after RFC 4180. Texts that a spreadsheet would take for a formula get a leading apostrophe: what judges and models write
 * must not run in the program of whoever opens the file.
 */
function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
