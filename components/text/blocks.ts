/**
 * The Markdown that models write: paragraphs, headings, nested lists, tables, quotes, code fences, rules, blocks of
 * thinking. Pure: text in, a tree out (tree.ts).
 */
import { parseInline } from "./inline";
import { OpenMath } from "./open-math";
import { isTable, readTable } from "./table";
import { splitThink } from "./think";
import { type Block, LONGEST_LINE, LONGEST_TEXT } from "./tree";

const FENCE = /^ {0,3}(`{3,}|~{3,})[^`]*$/;
const ITEM = /^( {0,12})(?:([-*+•])|(\d{1,6})[.)])\s+(.*)$/;
const HEADING = /^ {0,3}(#{1,6})\s+(.+?)\s*#*$/;
const RULE = /^ {0,3}(?:-{3,}|\*{3,}|_{3,})\s*$/;
const QUOTE = /^ {0,3}> ?/;
/** Lists and quotes within each other; beyond it marks are text. */
const DEEPEST = 5;

/** The tree of a text. Never throws; linear in its length but for the nesting of lists and emphasis, which is bounded. */
export function parseBlocks(source: string): Block[] {
  const hidden = source.length - LONGEST_TEXT;
  const text = (hidden > 0 ? source.slice(0, LONGEST_TEXT) : source).replace(/\r\n?/g, "\n");
  const blocks = splitThink(text).flatMap((part): Block[] =>
    part.think
      ? [{ kind: "think", source: part.text.trim(), closed: part.closed }]
      : parseLines(part.text.split("\n"), 0),
  );
  if (hidden > 0) blocks.push({ kind: "paragraph", children: [{ kind: "cut", hidden }] });
  return blocks;
}

function parseLines(lines: readonly string[], depth: number): Block[] {
  const blocks: Block[] = [];
  let paragraph: string[] = [];
  const math = new OpenMath();
  const flush = () => {
    if (paragraph.length > 0) blocks.push({ kind: "paragraph", children: parseInline(paragraph.join("\n")) });
    paragraph = [];
    math.reset();
  };
  const keep = (line: string) => {
    paragraph.push(line);
    math.read(line);
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
    if (math.isOpen) {
      keep(line);
      continue;
    }
    // Bounded: "# ####…x" costs this expression the square of its length.
    const heading = line.length < 2_000 ? HEADING.exec(line) : null;
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
    if (depth < DEEPEST && QUOTE.test(line)) {
      flush();
      const end = endOfQuote(lines, i);
      blocks.push({
        kind: "quote",
        children: parseLines(
          lines.slice(i, end).map((l) => l.replace(QUOTE, "")),
          depth + 1,
        ),
      });
      i = end - 1;
      continue;
    }
    if (isTable(lines, i)) {
      flush();
      const read = readTable(lines, i);
      blocks.push(read.block);
      i = read.end - 1;
      continue;
    }
    const item = depth < DEEPEST ? ITEM.exec(line) : null;
    if (item !== null && (paragraph.length === 0 || item[2] !== undefined || item[3] === "1")) {
      flush();
      const read = readList(lines, i, depth);
      blocks.push(read.block);
      i = read.end - 1;
      continue;
    }
    keep(line);
  }
  flush();
  return blocks;
}

function closingFence(lines: readonly string[], from: number, open: string): number {
  for (let i = from; i < lines.length; i++) {
    const line = (lines[i] ?? "").trim();
    if (line.startsWith(open) && line.replaceAll(open[0] ?? "`", "") === "") return i;
  }
  return lines.length;
}

function endOfQuote(lines: readonly string[], from: number): number {
  let end = from;
  while (end < lines.length && QUOTE.test(lines[end] ?? "")) end++;
  return end;
}

/** A list with what is indented below its items; the items' own lines are read again one level deeper. */
function readList(lines: readonly string[], from: number, depth: number): { block: Block; end: number } {
  const first = ITEM.exec(lines[from] ?? "");
  const margin = first?.[1]?.length ?? 0;
  const ordered = first?.[2] === undefined;
  const items: string[][] = [];
  let i = from;
  for (; i < lines.length; i++) {
    const line = lines[i] ?? "";
    const item = ITEM.exec(line);
    const indent = item?.[1]?.length ?? 0;
    if (item !== null && indent <= margin + 1 && (item[2] === undefined) === ordered) {
      items.push([item[4] ?? ""]);
    } else if (indented(line, margin)) {
      items.at(-1)?.push(line);
    } else if (line.trim() === "" && indented(lines[i + 1] ?? "", margin)) {
      items.at(-1)?.push(""); // a blank line inside an item
    } else break;
  }
  const start = Number(first?.[3] ?? 1);
  return {
    block: { kind: "list", ordered, start, items: items.map((item) => parseLines(outdent(item), depth + 1)) },
    end: i,
  };
}

/** Whether a line belongs to the item above it by its indentation. */
function indented(line: string, margin: number): boolean {
  return line.trim() !== "" && line.length - line.trimStart().length >= margin + 2;
}

function outdent(item: readonly string[]): string[] {
  const [first = "", ...rest] = item;
  const margins = rest.filter((l) => l.trim() !== "").map((l) => l.length - l.trimStart().length);
  const margin = margins.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  return [first, ...rest.map((l) => l.slice(Math.min(margin, l.length)))];
}

function cutLine(line: string): string {
  return line.length > LONGEST_LINE
    ? `${line.slice(0, LONGEST_LINE)} … (${line.length - LONGEST_LINE} more characters)`
    : line;
}
