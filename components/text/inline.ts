/** The inside of a paragraph: code, mathematics, links as text, emphasis around them. Pure: text in, a tree out. */
import { type Piece, splitMath } from "./math";
import { type Inline, LONGEST_LINE } from "./tree";

/** The inline tree of a paragraph: code first, then mathematics, then links, then emphasis around all of them. */
export function parseInline(source: string): Inline[] {
  let text = source;
  let hidden = 0;
  if (source.length > LONGEST_LINE && source.split("\n").some((l) => l.length > LONGEST_LINE)) {
    hidden = source.length - LONGEST_LINE;
    text = source.slice(0, LONGEST_LINE);
  }
  const out = emphasise(parseAtoms(unwrap(text)), 0);
  if (hidden > 0) out.push({ kind: "cut", hidden });
  return out;
}

/** Text, code, mathematics and links in a row, without emphasis. */
export function parseAtoms(text: string): Inline[] {
  const code = /(`+)([^`][^\n]{0,2000}?)\1(?!`)/g;
  const atoms: Inline[] = [];
  let at = 0;
  const maths = (part: string) => {
    for (const piece of splitMath(part)) atoms.push(...atom(piece));
  };
  for (let m = code.exec(text); m !== null; m = code.exec(text)) {
    maths(text.slice(at, m.index));
    atoms.push({ kind: "code", text: m[2]?.trim() ?? "" });
    at = m.index + m[0].length;
  }
  maths(text.slice(at));
  return trimAroundDisplays(atoms);
}

function atom(piece: Piece): Inline[] {
  if (piece.kind === "text") return links(piece.body);
  return [{ kind: "math", display: piece.kind === "display", body: piece.body, source: piece.source }];
}

/**
 * Lines that were wrapped at a margin run on; lines that a model ended (a chain of equations, a verse of cases) stay
 * lines. A wrapped line is long and what follows it begins in small letters.
 */
function unwrap(text: string): string {
  if (!text.includes("\n")) return text;
  const lines = text.split("\n");
  return lines.reduce((joined, line, i) => {
    if (i === 0) return line;
    const before = lines[i - 1] ?? "";
    const wrapped = before.length >= 60 && /^\s*[\p{Ll}$\\(]/u.test(line) && !/[.:;!?]\s*$/.test(before);
    return `${joined}${wrapped ? " " : "\n"}${line}`;
  });
}

/** A displayed formula stands on lines of its own anyway: line breaks beside it would be empty lines. */
function trimAroundDisplays(atoms: readonly Inline[]): Inline[] {
  const isDisplay = (a: Inline | undefined) => a?.kind === "math" && a.display;
  return atoms.flatMap((a, i): Inline[] => {
    if (a.kind !== "text") return [a];
    let { text } = a;
    if (isDisplay(atoms[i - 1])) text = text.replace(/^[ \t]*\n/, "");
    if (isDisplay(atoms[i + 1])) text = text.replace(/\n[ \t]*$/, "");
    return text === "" ? [] : [{ kind: "text", text }];
  });
}

/** `[words](target)` and `![words](target)`, where the target looks like an address; `[0,1](x)` is mathematics. */
const LINK = /(!?)\[([^\][\n]{0,300})\]\(<?([^()<>\s]{1,1000})>?(?:\s"[^"\n]{0,200}")?\)/g;
const ADDRESS =
  /^(?:[a-z][a-z0-9+.-]{1,20}:|\/|\.\/|\.\.\/|#|www\.|[\w-]+\.(?:com|org|net|edu|io|png|jpe?g|svg|gif|html?)\b)/i;

function links(text: string): Inline[] {
  const out: Inline[] = [];
  let at = 0;
  for (const m of text.matchAll(LINK)) {
    const target = m[3] ?? "";
    if (!ADDRESS.test(target)) continue;
    if (m.index > at) out.push({ kind: "text", text: text.slice(at, m.index) });
    out.push({ kind: "link", image: m[1] === "!", label: m[2] ?? "", target });
    at = m.index + m[0].length;
  }
  if (at < text.length) out.push({ kind: "text", text: text.slice(at) });
  return out;
}

/** Emphasis that spans more characters than this is a stray mark. */
const LONGEST_RUN = 1_000;

// Not after a letter, a digit or a bracket: "20/100*20 = 4*5" and "2**10" are arithmetic.
const OPEN = /(?<![\w)\]}\\*])(\*\*|__|\*|_)(?=\S)/g;

/** Wrap **bold** and *italic* runs; a run may hold mathematics and code, so it works on atoms. */
function emphasise(given: readonly Inline[], depth: number): Inline[] {
  if (depth > 3) return [...given];
  const out: Inline[] = [];
  const atoms = [...given];
  for (let i = 0; i < atoms.length; ) {
    const first = atoms[i];
    if (first === undefined) break;
    const run = first.kind === "text" ? firstRun(atoms, i, first.text) : null;
    if (first.kind !== "text" || run === null) {
      out.push(first);
      i++;
      continue;
    }
    const { open, mark, close } = run;
    if (open > 0) out.push({ kind: "text", text: first.text.slice(0, open) });
    const inner = slice(atoms, i, open + mark.length, close.atom, close.at);
    out.push({ kind: mark.length === 2 ? "bold" : "italic", children: emphasise(inner, depth + 1) });
    // Go on with what stands after the run; in place, or a long paragraph would be copied for each of its runs.
    const last = atoms[close.atom];
    const rest = last?.kind === "text" ? last.text.slice(close.at + mark.length) : "";
    i = rest === "" ? close.atom + 1 : close.atom;
    if (rest !== "") atoms[close.atom] = { kind: "text", text: rest };
  }
  return out;
}

interface Place {
  atom: number;
  at: number;
}

function firstRun(
  atoms: readonly Inline[],
  i: number,
  text: string,
): { open: number; mark: string; close: Place } | null {
  OPEN.lastIndex = 0;
  for (let open = OPEN.exec(text); open !== null; open = OPEN.exec(text)) {
    const mark = open[1] ?? "*";
    const close = closeOf(atoms, i, open.index + mark.length, mark);
    if (close !== null) return { open: open.index, mark, close };
  }
  return null;
}

/** Where a run that opened with `mark` ends: the same mark after a non-space, within the next few atoms. */
function closeOf(atoms: readonly Inline[], atom: number, from: number, mark: string): Place | null {
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
