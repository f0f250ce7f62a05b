/** What changed between two texts, marked in their trees: a word, a number or a whole formula at a time. Pure. */
import { diffArrays } from "diff";
import type { Block, Inline } from "./tree";

/** More words than this are shown without marks: the comparison is quadratic in what differs. */
const MOST_TOKENS = 6_000;
const LONGEST_MS = 150;
const WORD = /\p{L}+(?:['’]\p{L}+)*|\d+(?:[.,]\d+)*|[^\s\p{L}\d]/gu;

interface Token {
  key: string;
  node: Inline;
  /** Where it stands in a text node. */
  start: number;
  end: number;
}

/** Both trees again, with what the other one lacks marked. */
export function markChanges(left: readonly Block[], right: readonly Block[]): { left: Block[]; right: Block[] } {
  const [a, b] = [tokensOf(left), tokensOf(right)];
  const same = { left: [...left], right: [...right] };
  if (a.length + b.length > MOST_TOKENS) return same;
  const keys = (tokens: readonly Token[]) => tokens.map((t) => t.key);
  const parts = diffArrays(keys(a), keys(b), { timeout: LONGEST_MS });
  if (parts === undefined) return same;
  const gone = new Map<Inline, Token[]>();
  const come = new Map<Inline, Token[]>();
  let [i, j] = [0, 0];
  parts.forEach((part, at) => {
    const n = part.value.length;
    // A few marks or a short word between two changes is an accident, not something the two have in common.
    const island = at > 0 && at < parts.length - 1 && n <= 6 && !part.value.some((k) => /^m|[\p{L}\d]{4,}/u.test(k));
    if (!part.added) {
      if (part.removed || island) for (const t of a.slice(i, i + n)) add(gone, t);
      i += n;
    }
    if (!part.removed) {
      if (part.added || island) for (const t of b.slice(j, j + n)) add(come, t);
      j += n;
    }
  });
  return { left: mark(left, gone, "removed"), right: mark(right, come, "added") };
}

function add(map: Map<Inline, Token[]>, token: Token): void {
  const known = map.get(token.node);
  if (known === undefined) map.set(token.node, [token]);
  else known.push(token);
}

/** The children of every kind of block, through one function that may change them. */
function mapInlines(blocks: readonly Block[], change: (nodes: readonly Inline[]) => Inline[]): Block[] {
  return blocks.map((b): Block => {
    switch (b.kind) {
      case "paragraph":
      case "heading":
        return { ...b, children: change(b.children) };
      case "list":
        return { ...b, items: b.items.map((item) => mapInlines(item, change)) };
      case "quote":
        return { ...b, children: mapInlines(b.children, change) };
      case "table":
        return { ...b, head: b.head.map(change), rows: b.rows.map((row) => row.map(change)) };
      default:
        return b;
    }
  });
}

function tokensOf(blocks: readonly Block[]): Token[] {
  const tokens: Token[] = [];
  const read = (nodes: readonly Inline[]): Inline[] => {
    for (const node of nodes) {
      const whole = (key: string) => tokens.push({ key, node, start: 0, end: 0 });
      if (node.kind === "text") {
        for (const m of node.text.matchAll(WORD))
          tokens.push({ key: `w ${m[0]}`, node, start: m.index, end: m.index + m[0].length });
      } else if (node.kind === "math") whole(`m ${node.body.replace(/\s+/g, " ").trim()}`);
      else if (node.kind === "code") whole(`c ${node.text}`);
      else if (node.kind === "link") whole(`l ${node.label} ${node.target}`);
      else if ("children" in node) read(node.children);
    }
    return [...nodes];
  };
  mapInlines(blocks, read);
  return tokens;
}

function mark(blocks: readonly Block[], changed: ReadonlyMap<Inline, Token[]>, side: "removed" | "added"): Block[] {
  const change = (nodes: readonly Inline[]): Inline[] =>
    nodes.flatMap((node): Inline[] => {
      if ("children" in node) return [{ ...node, children: change(node.children) }];
      const tokens = changed.get(node);
      if (tokens === undefined) return [node];
      if (node.kind !== "text") return [{ kind: "changed", side, children: [node] }];
      return markText(node.text, tokens, side);
    });
  return mapInlines(blocks, change);
}

/** Changed words with only white space between them are one mark. */
function markText(text: string, tokens: readonly Token[], side: "removed" | "added"): Inline[] {
  const runs: { start: number; end: number }[] = [];
  for (const t of tokens) {
    const last = runs.at(-1);
    if (last !== undefined && text.slice(last.end, t.start).trim() === "") last.end = t.end;
    else runs.push({ start: t.start, end: t.end });
  }
  const out: Inline[] = [];
  let at = 0;
  for (const run of runs) {
    if (run.start > at) out.push({ kind: "text", text: text.slice(at, run.start) });
    out.push({ kind: "changed", side, children: [{ kind: "text", text: text.slice(run.start, run.end) }] });
    at = run.end;
  }
  if (at < text.length) out.push({ kind: "text", text: text.slice(at) });
  return out;
}
