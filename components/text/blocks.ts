/**
 * The little Markdown that models write: paragraphs, headings, lists, code fences, bold, italics, code, rules. Pure:
 * text in, a tree out. No HTML, no links and no images exist in this tree, so hostile text has nothing to become.
 */
import { type Piece, splitMath } from "./math";

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "bold" | "italic"; children: Inline[] }
  | { kind: "math"; display: boolean; body: string; source: string }
  | { kind: "cut"; hidden: number };

export type Block =
  | { kind: "paragraph"; children: Inline[] }
  | { kind: "heading"; level: number; children: Inline[] }
  | { kind: "list"; ordered: boolean; start: number; items: Inline[][] }
  | { kind: "code"; text: string }
  | { kind: "rule" };

/** Characters of one line that are shown; the rest is counted. No person reads further, and browsers choke on it. */
export const LONGEST_LINE = 20_000;
/** Characters of one text that are laid out. */
export const LONGEST_TEXT = 200_000;

const FENCE = /^ {0,3}(`{3,}|~{3,})[^`]*$/;
const ITEM = /^ {0,6}(?:([-*+•])|(\d{1,6})[.)])\s+(.*)$/;
const HEADING = /^ {0,3}(#{1,6})\s+(.+?)\s*#*$/;
const RULE = /^ {0,3}(?:-{3,}|\*{3,}|_{3,})\s*$/;

/** The tree of a text. Never throws; linear in its length but for the nesting of emphasis, which is bounded. */
export function parseBlocks(source: string): Block[] {
  const hidden = source.length - LONGEST_TEXT;
  const lines = (hidden > 0 ? source.slice(0, LONGEST_TEXT) : source).replace(/\r\n?/g, "\n").split("\n");
  const blocks: Block[] = [];
  let paragraph: string[] = [];
  const flush = () => {
    if (paragraph.length > 0) blocks.push({ kind: "paragraph", children: parseInline(paragraph.join("\n")) });
    paragraph = [];
  };

  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    const fence = FENCE.exec(line);
    if (fence !== null) {
      flush();
      const end = closingFence(lines, i + 1, fence[1] ?? "```");
      blocks.push({
        kind: "code",
        text: lines
          .slice(i + 1, end)
          .map(cutLine)
          .join("\n"),
      });
      i = end;
      continue;
    }
    if (line.trim() === "") {
      flush();
      continue;
    }
    if (inOpenMath(paragraph)) {
      paragraph.push(line);
      continue;
    }
    const heading = HEADING.exec(line);
    if (heading !== null) {
      flush();
      blocks.push({ kind: "heading", level: heading[1]?.length ?? 1, children: parseInline(heading[2] ?? "") });
      continue;
    }
    if (RULE.test(line)) {
      flush();
      blocks.push({ kind: "rule" });
      continue;
    }
    const item = ITEM.exec(line);
    if (item !== null && (paragraph.length === 0 || item[1] !== undefined || item[2] === "1")) {
      flush();
      const read = readList(lines, i, item[1] === undefined);
      blocks.push(read.block);
      i = read.end - 1;
      continue;
    }
    paragraph.push(line);
  }
  flush();
  if (hidden > 0) blocks.push({ kind: "paragraph", children: [{ kind: "cut", hidden }] });
  return blocks;
}

function closingFence(lines: readonly string[], from: number, open: string): number {
  const end = lines.findIndex(
    (l, i) => i >= from && l.trim().startsWith(open) && l.trim().replaceAll(open[0] ?? "`", "") === "",
  );
  return end === -1 ? lines.length : end;
}

/** A display formula that began on an earlier line of the paragraph and has not ended. */
function inOpenMath(paragraph: readonly string[]): boolean {
  if (paragraph.length === 0 || paragraph.length > 200) return false;
  const text = paragraph.join("\n");
  const count = (s: string) => text.split(s).length - 1;
  return count("$$") % 2 === 1 || count("\\[") > count("\\]") || count("\\begin{") > count("\\end{");
}

function readList(lines: readonly string[], from: number, ordered: boolean): { block: Block; end: number } {
  const items: string[] = [];
  let start = 1;
  let i = from;
  for (; i < lines.length; i++) {
    const line = lines[i] ?? "";
    const item = ITEM.exec(line);
    if (item !== null && (item[1] === undefined) === ordered) {
      if (items.length === 0) start = Number(item[2] ?? 1);
      items.push(item[3] ?? "");
    } else if (item === null && items.length > 0 && /^\s{2,}\S/.test(line)) {
      items[items.length - 1] += `\n${line.trim()}`;
    } else break;
  }
  return { block: { kind: "list", ordered, start, items: items.map(parseInline) }, end: i };
}

function cutLine(line: string): string {
  return line.length > LONGEST_LINE
    ? `${line.slice(0, LONGEST_LINE)} … (${line.length - LONGEST_LINE} more characters)`
    : line;
}

/** The inline tree of a paragraph: code first, then mathematics, then emphasis around them. */
export function parseInline(source: string): Inline[] {
  const out: Inline[] = [];
  let text = source;
  let hidden = 0;
  if (source.length > LONGEST_LINE && source.split("\n").some((l) => l.length > LONGEST_LINE)) {
    hidden = source.length - LONGEST_LINE;
    text = source.slice(0, LONGEST_LINE);
  }
  const code = /(`+)([^`][^\n]{0,2000}?)\1(?!`)/g;
  const atoms: Inline[] = [];
  let at = 0;
  const maths = (part: string) => {
    for (const piece of splitMath(part)) atoms.push(atom(piece));
  };
  for (let m = code.exec(text); m !== null; m = code.exec(text)) {
    // A backtick inside mathematics is a quote of LaTeX, not code.
    maths(text.slice(at, m.index));
    atoms.push({ kind: "code", text: m[2]?.trim() ?? "" });
    at = m.index + m[0].length;
  }
  maths(text.slice(at));
  out.push(...emphasise(atoms, 0));
  if (hidden > 0) out.push({ kind: "cut", hidden });
  return out;
}

function atom(piece: Piece): Inline {
  if (piece.kind === "text") return { kind: "text", text: piece.body };
  return { kind: "math", display: piece.kind === "display", body: piece.body, source: piece.source };
}

/** Emphasis that spans more characters than this is a stray mark. */
const LONGEST_RUN = 1_000;

// Not after a letter, a digit or a bracket: "20/100*20 = 4*5" and "2**10" are arithmetic.
const OPEN = /(?<![\w)\]}\\*])(\*\*|__|\*|_)(?=\S)/g;

/** Wrap **bold** and *italic* runs; a run may hold mathematics and code, so it works on atoms. */
function emphasise(atoms: readonly Inline[], depth: number): Inline[] {
  if (depth > 3) return [...atoms];
  for (let i = 0; i < atoms.length; i++) {
    const first = atoms[i];
    if (first?.kind !== "text") continue;
    OPEN.lastIndex = 0;
    for (let open = OPEN.exec(first.text); open !== null; open = OPEN.exec(first.text)) {
      const mark = open[1] ?? "*";
      const from = open.index + mark.length;
      const close = closeOf(atoms, i, from, mark);
      if (close === null) continue;
      const inner = slice(atoms, i, from, close.atom, close.at);
      const before: Inline[] = [...atoms.slice(0, i), { kind: "text", text: first.text.slice(0, open.index) }];
      const after = slice(atoms, close.atom, close.at + mark.length, atoms.length, 0);
      return [
        ...before.filter((a) => a.kind !== "text" || a.text !== ""),
        { kind: mark.length === 2 ? "bold" : "italic", children: emphasise(inner, depth + 1) },
        ...emphasise(after, depth),
      ];
    }
  }
  return [...atoms];
}

/** Where a run that opened with `mark` ends: the same mark after a non-space, within the next few atoms. */
function closeOf(
  atoms: readonly Inline[],
  atom: number,
  from: number,
  mark: string,
): { atom: number; at: number } | null {
  for (let i = atom; i < Math.min(atoms.length, atom + 40); i++) {
    const a = atoms[i];
    if (a?.kind !== "text") continue;
    const first = i === atom ? from : 0;
    for (
      let at = a.text.indexOf(mark, first);
      at !== -1 && at < first + LONGEST_RUN;
      at = a.text.indexOf(mark, at + 1)
    ) {
      const before = at === 0 ? (i === atom ? " " : "x") : (a.text[at - 1] ?? " ");
      const after = a.text[at + mark.length] ?? " ";
      const single = mark.length === 1 && (after === mark || before === mark);
      const word = /\w/.test(after);
      if (!/\s/.test(before) && !single && !word && !(i === atom && at <= from)) return { atom: i, at };
    }
  }
  return null;
}

/** Atoms from (atom a, offset x) to (atom b, offset y); offsets count in text atoms alone. */
function slice(atoms: readonly Inline[], a: number, x: number, b: number, y: number): Inline[] {
  const out: Inline[] = [];
  for (let i = a; i <= Math.min(b, atoms.length - 1); i++) {
    const one = atoms[i];
    if (one === undefined) continue;
    if (one.kind !== "text") {
      if (i < b) out.push(one);
      continue;
    }
    const text = one.text.slice(i === a ? x : 0, i === b ? y : undefined);
    if (text !== "") out.push({ kind: "text", text });
  }
  return out;
}
