/**
 * Where text ends and mathematics begins, in text as models really write it: $…$, $$…$$, \(…\), \[…\], bare
 * environments, currency that looks like mathematics, delimiters that are never closed. Pure: strings in, pieces out;
 * the sources of the pieces joined are the input.
 */
export interface Piece {
  kind: "text" | "inline" | "display";
  /** For mathematics: what stands between the delimiters. */
  body: string;
  /** As written, delimiters and all. */
  source: string;
}

/** Environments that stand without delimiters around them. */
const ENVIRONMENT =
  /^\\begin\{(equation|align|alignat|gather|multline|eqnarray|cases|matrix|pmatrix|bmatrix|vmatrix|array|aligned|split)(\*?)\}/;

/** A formula longer than this is shown as its source: nobody typeset it by hand, and layout cost grows with length. */
export const LONGEST_FORMULA = 8_000;
/** A `$` further than this from its partner is a dollar sign. */
const LONGEST_INLINE = 2_000;

/** Split a stretch of text (no code in it) into text and mathematics. Linear in its length. */
export function splitMath(text: string): Piece[] {
  const pieces: Piece[] = [];
  let plain = 0;
  let at = 0;
  // A delimiter that is not found once is not found further on either; asking again would make the whole quadratic.
  const absent = new Set<string>();
  const closing = (from: number, delimiter: string): number => {
    if (absent.has(delimiter)) return -1;
    const end = text.indexOf(delimiter, from);
    if (end === -1) absent.add(delimiter);
    return end === -1 || end - from > LONGEST_FORMULA ? -1 : end;
  };
  const take = (kind: "inline" | "display", body: string, end: number) => {
    if (at > plain) pieces.push({ kind: "text", body: text.slice(plain, at), source: text.slice(plain, at) });
    pieces.push({ kind, body, source: text.slice(at, end) });
    at = plain = end;
  };

  const mark = /\$|\\[([]|\\begin\{|\\boxed\{|\\\$|\\\\/g;
  for (;;) {
    mark.lastIndex = at;
    const found = mark.exec(text);
    if (found === null) break;
    at = found.index;
    const token = found[0];
    if (token === "\\$" || token === "\\\\") {
      at += 2; // an escaped dollar or a line break of LaTeX outside mathematics
    } else if (token === "\\(" || token === "\\[") {
      const end = closing(at + 2, token === "\\(" ? "\\)" : "\\]");
      if (end === -1) at += 2;
      else take(token === "\\(" ? "inline" : "display", text.slice(at + 2, end), end + 2);
    } else if (token === "\\boxed{") {
      // Models state their answer without delimiters as often as with them.
      const end = braceEnd(text, at + token.length);
      if (end === -1) at += token.length;
      else take("inline", text.slice(at, end), end);
    } else if (token === "\\begin{") {
      const whole = environmentAt(text, at);
      if (whole === null) at += token.length;
      else take("display", whole.body, whole.end);
    } else if (text.startsWith("$$", at)) {
      const end = closing(at + 2, "$$");
      if (end === -1 || text.slice(at + 2, end).trim() === "") at += 2;
      else take("display", text.slice(at + 2, end), end + 2);
    } else {
      const end = inlineEnd(text, at);
      if (end === -1) at += 1;
      else take("inline", text.slice(at + 1, end), end + 1);
    }
  }
  if (plain < text.length) pieces.push({ kind: "text", body: text.slice(plain), source: text.slice(plain) });
  return pieces;
}

/** Just after the brace that closes the one before `from`; -1 when it never closes. */
function braceEnd(text: string, from: number): number {
  let depth = 1;
  for (let i = from; i < Math.min(text.length, from + LONGEST_INLINE); i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "{") depth++;
    else if (text[i] === "}" && --depth === 0) return i + 1;
  }
  return -1;
}

/** The whole environment that begins at `at`, nested ones of its name included; null when it is none or never ends. */
function environmentAt(text: string, at: number): { body: string; end: number } | null {
  const window = text.slice(at, at + LONGEST_FORMULA);
  const open = ENVIRONMENT.exec(window);
  const name = open === null ? undefined : `${open[1] ?? ""}${open[2] ?? ""}`;
  if (name === undefined) return null;
  const edge = new RegExp(`\\\\(begin|end)\\{${name.replace("*", "\\*")}\\}`, "g");
  let depth = 0;
  for (let m = edge.exec(window); m !== null; m = edge.exec(window)) {
    depth += m[1] === "begin" ? 1 : -1;
    if (depth > 0) continue;
    const end = m.index + m[0].length;
    return { body: window.slice(0, end), end: at + end };
  }
  return null;
}

/**
 * The closing `$` of inline mathematics that opens at `at`, or -1 when the `$` is money or stands alone. Rules: no
 * white space just inside either `$` unless the inside is plainly LaTeX, no digit right after the closing one, no blank
 * line within, and an opening `$` before a number is mathematics only if what it encloses does not read as prose.
 */
function inlineEnd(text: string, at: number): number {
  for (let end = at + 1; end < Math.min(text.length, at + LONGEST_INLINE); end++) {
    const c = text[end];
    if (c === "\\") {
      end++;
      continue;
    }
    if (c === "\n" && /^\n[ \t]*\n/.test(text.slice(end, end + 80))) return -1;
    if (c !== "$") continue;
    const body = text.slice(at + 1, end);
    if (body === "") return -1;
    // A quoted and shortened formula: its dollar sign is a leftover.
    if (/[“”…]/.test(body)) return -1;
    const latex = /[\\^_={}]/.test(body);
    if ((/^\s|\s$/.test(body) && !latex) || body.trim() === "") return -1;
    // "$5*16 = $<<80>>80" and "$80 - $48 = $32": the second dollar sign belongs to what follows it.
    if (/^[\d.,(]/.test(body) && /\s$/.test(body) && !/\\/.test(body)) return -1;
    // GSM8K's calculator marks, $<<8*2=16>>16, stand beside money and never in mathematics.
    if (body.includes("<<") || text.startsWith("<<", end + 1)) return -1;
    if (/^\d/.test(text.slice(end + 1)) && /^\d/.test(body.trim()) && !/\\[a-zA-Z]/.test(body)) return -1;
    if (/^\s*[\d.,]+/.test(body) && readsAsProse(body)) return -1;
    return end;
  }
  return -1;
}

/** "5.00 and " or "18 every day at the farmers' market. She makes " enclose words, not mathematics; "2xy + 3ab" does not. */
function readsAsProse(body: string): boolean {
  const plain = body.replace(/\\(text|mathrm|textbf|mbox|operatorname)\s*\{[^}]*\}/g, "").replace(/\\[a-zA-Z]+/g, "");
  const words =
    plain.match(/(?<=^|\s)([A-Za-z]{3,}|to|of|in|is|or|an|at|by|on|it|so|we|if|as|he)(?=[\s,.;:!?)]|$)/g) ?? [];
  return words.some((w) => !/^(mod|gcd|lcm|log|ln|sin|cos|tan|max|min|exp)$/i.test(w));
}
