import type { StepVerdict } from "./verdicts";
import { readVerdict } from "./verdict";

/** "Substep 3:", "**Step 3** –", "### Substep 3", "- Substeps 1-3:", "2. **Substep 2:**", '{"substep": 3, …' at the start of a line. */
const HEADER =
  /^[\s>*_#|\-+•·"'`{([]{0,12}(?:\d{1,3}[.)]\s{0,3})?[*_"']{0,3}(?:sub-?\s?steps?|steps?)["'*_\s]{0,4}(?:no\.?|number|#)?\s{0,2}[*_:"]{0,3}\s{0,2}(\d{1,4})(?:\s{0,2}(?:-|–|—|to|and|through|&)\s{0,2}(?:sub-?steps?|steps?)?\s{0,2}(\d{1,4}))?(?=[\s:.,;)\]|*_"'}—–-]|$)/i;
/** "| 3 | … |" in a table; "3. …" and "3) …" in a plain list. */
const ROW = /^\s{0,8}\|\s{0,8}\**(\d{1,4})\**\s{0,8}\|/;
const ITEM = /^\s{0,8}[*_]{0,3}(\d{1,4})[.):][*_]{0,3}\s/;
/** Headings of what follows the log. */
const AFTER_LOG =
  /^[\s>*_#-]{0,8}(?:\(?[a-e0-9][.)]\s{0,3}|part [a-e0-9]\W{0,3}|section \d\W{0,3})?[\s*_#]{0,6}(?:critical[- ]error|first critical|error report|draft|self[- ]?check|final intervention|proposed intervention|summary|conclusion|overall)/i;
const NOTE_LENGTH = 400;

/**
 * The verdicts of a verification log, in its order, at most one per step (the first: later mentions stand in the report or
 * the draft). Steps beyond `steps` are left out.
 */
export function readLog(text: string, steps: number): StepVerdict[] {
  const named = sections(text, HEADER);
  if (named.length > 0) return verdicts(named, steps);
  const rows = verdicts(sections(text, ROW), steps);
  // A bare numbered list may be anything; it is a log when most of it is judged.
  const items = rows.length > 0 ? rows : verdicts(sections(text, ITEM), steps);
  return items.filter((v) => v.verdict !== "unclear").length * 2 > items.length ? items : [];
}

interface Section {
  from: number;
  to: number;
  text: string;
  /** It stands after the heading that ends the log. */
  after: boolean;
}

function sections(text: string, header: RegExp): Section[] {
  const found: Section[] = [];
  let lines: string[] | null = null;
  let after = false;
  let open: Omit<Section, "text"> | null = null;
  const close = () => {
    if (open && lines) found.push({ ...open, text: lines.join("\n") });
    open = null;
    lines = null;
  };
  for (const line of text.split(/\r\n?|\n/)) {
    const match = header.exec(line.slice(0, 200));
    if (match) {
      close();
      const from = Number(match[1]);
      open = { from, to: Math.max(from, Number(match[2] ?? from)), after };
      lines = [line.slice(match[0].length)];
    } else if (AFTER_LOG.test(line.slice(0, 200))) {
      close();
      after = true;
    } else lines?.push(line);
  }
  close();
  return found;
}

function verdicts(found: readonly Section[], steps: number): StepVerdict[] {
  const judged = new Map<number, StepVerdict>();
  let highest = 0;
  for (const section of found) {
    const body = section.text.replace(/^[\s:*_.)\]|"'—–-]+/, "").trimEnd();
    const verdict = readVerdict(body);
    for (let step = Math.max(1, section.from); step <= Math.min(section.to, steps); step++) {
      const known = judged.get(step);
      if (section.after && step <= highest) continue;
      if (known && (known.verdict !== "unclear" || verdict === "unclear")) continue;
      judged.set(step, { step, verdict, note: shortened(body) });
    }
    highest = Math.max(highest, Math.min(section.to, steps));
  }
  return [...judged.values()];
}

function shortened(text: string): string {
  const line = text.slice(0, NOTE_LENGTH * 3).replace(/\s+/g, " ").trim();
  return line.length > NOTE_LENGTH ? `${line.slice(0, NOTE_LENGTH)}…` : line;
}

/**
 * The step that the critical-error report names: a number, "none" when it says that there is no error, null when it says
 * nothing. The last statement counts, since models correct themselves.
 */
export function readFirstError(text: string, steps: number): number | "none" | null {
  let found: number | "none" | null = null;
  let weak: number | null = null;
  let reportLines = 0;
  for (const piece of text.split(/\r\n?|\n|[.!?](?=\s|\*|$)/)) {
    const line = piece.slice(0, 500);
    const isFirst = /\b(?:first|earliest)\b[^\n]{0,40}?\b(?:errors?|mistakes?|incorrect|wrong|flaw)/i.exec(line);
    const critical = /\bcritical[- ]errors?\b/i.exec(line);
    const mark = isFirst ?? critical;
    if (mark) {
      const step = namedStep(line, mark.index + mark[0].length);
      if (step !== null && step >= 1 && step <= steps) {
        if (!/\b(?:after|before|beyond)\b/i.test(line)) found = step;
      } else if (saysNone(line)) found = "none";
      if (critical && /report/i.test(line)) reportLines = 6;
    } else if (/\b(?:no|without) (?:critical )?errors? (?:was|were|is|are|has been|have been)?\s?(?:found|present|detected|identified)|\bno critical error/i.test(line)) {
      found = "none";
    } else if (reportLines > 0 && line.trim() !== "") {
      reportLines--;
      const step = namedStep(line, 0);
      if (weak === null && step !== null && step >= 1 && step <= steps) weak = step;
    }
  }
  return found ?? weak;
}

/** The first "substep 3" (or bare number right there) after a position, else the last one before it. */
function namedStep(line: string, at: number): number | null {
  const mention = /\b(?:sub-?\s?step|step)s?[\s#:*_"'(]{0,5}(\d{1,4})\b/gi;
  const all = [...line.matchAll(mention)];
  const next = all.find((m) => m.index >= at);
  if (next) return Number(next[1]);
  const bare = /^\W{0,8}(\d{1,4})\b/.exec(line.slice(at));
  if (bare) return Number(bare[1]);
  const before = all.at(-1);
  return before ? Number(before[1]) : null;
}

function saysNone(line: string): boolean {
  return /\bcritical[- ]errors?\W{0,8}(?:none|no\b|not found|n\/a|nothing)|\b(?:no|not any|without) (?:first |critical )*(?:critical[- ])?errors?/i.test(line);
}
