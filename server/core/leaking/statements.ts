/** A value that a text states: the side of an equation, what "is" or "gives" is followed by, what stands alone. */
export interface Statement {
  /** As written, without its delimiters. */
  value: string;
  /**
   * How it is stated. "final": boxed, after "####" or "the answer is". "equation": a side of an equation. "predicate": after
   * is, equals, gives, … or alone on a line. "mention": any other formula, whole.
   */
  how: "final" | "equation" | "predicate" | "mention";
  /** The words that lead to it, as far as they matter; see {@link isSupposed}. */
  lead: string;
  /** For an equation: its other side is a single name, an arithmetic expression or missing, rather than a relation of unknowns. */
  determined: boolean;
  /** Text follows directly ("get 1 more apple"). */
  goesOn: boolean;
}

const LONGEST_VALUE = 200;
const MATH = /\$\$([^$]+)\$\$|\$([^$\n]+)\$|\\\(((?:(?!\\\()[\s\S]){1,2000}?)\\\)|\\\[((?:(?!\\\[)[\s\S]){1,4000}?)\\\]/g;
const SUPPOSES = /\b(?:if|when|whenever|for|let|letting|where|case|assume|assuming|suppose|supposing|setting|set|take|taking|with|unless|consider|given|put|choose|say|substitut\w*|plug\w*|base|until|try|trying|modulo|mod)\b(?:(?!\bthen\b|\bso\b|\bgives?\b|\bget\b|\bhave\b|\bis\b)[^,;]){0,40}$/i;
const PREDICATES =
  /(?:\b(?:is|are|was|be|equals?|equal to|gives?|giving|yields?|yielding|get|gets|getting|obtain|obtains|obtaining|becomes?|makes?|making|has|have|having|leaves?|leaving|totals?|costs?|namely|it is|result|total|value|=|:)|=|⇒|→|->|=>)[\s*]*(?:\b(?:therefore|exactly|just|simply|only|thus|then|now|equal to|a total of|still|precisely)\b[\s*]*){0,2}$/i;
const THERE = /\bthere\s+(?:is|are|was|be)\s*$/i;
const FINAL = /\b(?:answer|final result|solution)\b[^.\n]{0,30}?(?:\bis\b|\bequals\b|:|=)[\s*]*$/i;
const NUMBER = /(?<![\w.^_\\{,-])[-+]?\d[\d,]*(?:\.\d+)?(?:\s?\/\s?\d+)?/g;
const OPERAND_AFTER = /^(?:\s*(?:[-+*/^×·÷=<>!%(]|\\(?:times|cdot|div|le|ge|pm|choose|ne)|≤|≥)|[\w^_])/;
const OPERAND_BEFORE = /(?:[-+*/^×·÷<>(]|\\(?:times|cdot|div|le|ge|pm|ne)|≤|≥|#)\s*$/;

/** Is it supposed, not asserted: "if $n = 1$", "let x = 1", "for n = 1"? */
export function isSupposed(statement: Statement): boolean {
  return SUPPOSES.test(statement.lead);
}

/** Every value that a text states, with how it does. Linear in the text. */
export function statements(text: string): Statement[] {
  const found: Statement[] = [];
  for (const boxed of text.matchAll(/\\(?:boxed|fbox)\s{0,4}\{((?:[^{}]|\{[^{}]{0,200}\}){1,400})\}/g)) {
    found.push(stated(boxed[1] ?? "", "final"));
  }
  for (const hash of text.matchAll(/####[ \t]{0,8}([^\n]{1,200})/g)) found.push(stated(hash[1] ?? "", "final"));
  for (const clause of clauses(text)) fromClause(clause, found);
  return found;
}

interface Zone {
  math: boolean;
  text: string;
}

/** Sentences and lines, as zones of words and of formulas; a full stop inside a formula or a number ends nothing. */
function clauses(text: string): Zone[][] {
  const all: Zone[][] = [];
  let current: Zone[] = [];
  const words = (piece: string) => {
    const parts = piece.split(/\n+|[.!?](?=\s|$)|;/);
    parts.forEach((part, i) => {
      if (i > 0) {
        all.push(current);
        current = [];
      }
      if (part !== "") current.push({ math: false, text: part });
    });
  };
  let from = 0;
  for (const match of text.matchAll(MATH)) {
    words(text.slice(from, match.index));
    current.push({ math: true, text: match[1] ?? match[2] ?? match[3] ?? match[4] ?? "" });
    from = match.index + match[0].length;
  }
  words(text.slice(from));
  all.push(current);
  return all.filter((zones) => zones.length > 0);
}

function fromClause(zones: readonly Zone[], found: Statement[]): void {
  let before = "";
  zones.forEach((zone, i) => {
    const next = zones[i + 1]?.text ?? "";
    if (/=/.test(zone.text)) fromEquation(zone, before, next, found);
    else if (zone.math) {
      const predicate = PREDICATES.test(before) && !THERE.test(before);
      const alone = before.trim() === "" && next.trim() === "";
      const how = FINAL.test(before) ? "final" : predicate || alone ? "predicate" : "mention";
      found.push({ ...stated(zone.text, how), lead: before, goesOn: /^\s*[A-Za-z$\\]/.test(next) });
      const sides = separate(zone.text);
      if (sides.length > 1) for (const side of sides) found.push({ ...stated(side.text, "mention"), lead: before });
    }
    if (!zone.math) fromWords(zone.text, before, found);
    before = (before + (zone.math ? ` ${zone.text.slice(-60)} ` : zone.text)).slice(-120);
  });
}

/** Numbers in running text that are the predicate of something, or all there is. */
function fromWords(text: string, earlier: string, found: Statement[]): void {
  for (const match of text.matchAll(NUMBER)) {
    const before = (earlier + text.slice(Math.max(0, match.index - 120), match.index)).slice(-120);
    const after = text.slice(match.index + match[0].length, match.index + match[0].length + 40);
    if (OPERAND_AFTER.test(after) || OPERAND_BEFORE.test(before)) continue;
    const final = FINAL.test(before);
    const alone = before.trim() === "" && after.trim() === "";
    if (!final && !alone && (!PREDICATES.test(before) || THERE.test(before))) continue;
    found.push({
      ...stated(match[0].replace(/,+$/, ""), final ? "final" : "predicate"),
      lead: before,
      goesOn: /^\s*[A-Za-z]/.test(after),
    });
  }
}

/** The sides of the equations of one zone. An "=" inside braces (\sum_{i=1}) is none, nor is ":=", "≠", "<=". */
function fromEquation(zone: Zone, before: string, next: string, found: Statement[]): void {
  const cut = zone.text.length > 4000 ? zone.text.slice(0, 4000) : zone.text;
  for (const relation of separate(cut)) {
    const sides = equationSides(relation.text);
    if (sides.length < 2) continue;
    // What leads into a later equation of the zone is the zone's own text.
    const lead = (before + cut.slice(0, relation.at)).slice(-120);
    sides.forEach((side, i) => {
      const value = zone.math ? side : i === 0 ? lastWords(side) : firstWords(side);
      if (value === "" || value.length > LONGEST_VALUE) return;
      const other = sides[i === 0 ? 1 : i - 1] ?? "";
      const leading = i === 0 && !zone.math ? lead + side.slice(0, side.length - value.length) : zone.math ? lead : lead + (sides[0] ?? "");
      found.push({
        ...stated(value, FINAL.test(`${lead}${zone.math ? "" : (sides[0] ?? "")}=`) ? "final" : "equation"),
        lead: leading,
        determined: determines(zone.math ? other : lastWords(other)),
        goesOn: i === sides.length - 1 && /^\s*\^/.test(next),
      });
    });
  }
}

/** A zone's relations: pieces between commas, arrows, words and \text. A comma inside brackets or a number separates nothing. */
function separate(text: string): { text: string; at: number }[] {
  const pieces: { text: string; at: number }[] = [];
  let depth = 0;
  let from = 0;
  const close = (end: number, skip: number) => {
    pieces.push({ text: text.slice(from, end), at: from });
    from = end + skip;
  };
  for (let i = 0; i < text.length; i++) {
    const ch = text[i] ?? "";
    if ("([{".includes(ch)) depth++;
    else if (")]}".includes(ch)) depth = Math.max(0, depth - 1);
    else if (depth === 0 && ch === "," && !/^\d{3}(?!\d)/.test(text.slice(i + 1, i + 5))) close(i, 1);
    else if (depth === 0 && ch === "\\") {
      const word = /^\\(?:Rightarrow|implies|iff|Leftrightarrow|rightarrow|to|quad|qquad|text|pmod|bmod|le|leq|ge|geq|equiv|approx|ne|neq)(?![A-Za-z])/.exec(text.slice(i, i + 20));
      if (word) close(i, word[0].length);
    } else if (depth === 0 && "⇒→≤≥<>≡≈".includes(ch)) close(i, 1);
  }
  close(text.length, 0);
  return pieces;
}

function equationSides(text: string): string[] {
  const sides: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const ch = text[i] ?? "";
    if ("{[(".includes(ch)) depth++;
    else if ("}])".includes(ch)) depth = Math.max(0, depth - 1);
    else if (ch === "=" && depth === 0 && !":!<>=".includes(text[i - 1] ?? " ") && text[i + 1] !== "=" && text[i + 1] !== ">") {
      sides.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  sides.push(text.slice(from).trim());
  return sides;
}

/** A single name (x, a_1, f(2), |A|, nothing) or arithmetic without unknowns. */
function determines(side: string): boolean {
  const s = side.replace(/\\(?:text|mathrm|textbf|operatorname)\s*\{[^{}]*\}/g, "N").trim();
  if (s === "" || /^[A-Za-z ]{0,60}$/.test(s)) return true;
  if (/^\\?[A-Za-z]+(?:_(?:\w|\{[^{}]{1,12}\}))?'?\s*(?:\([^()]{0,20}\))?$/.test(s)) return true;
  if (/^\|[^|]{1,20}\|$/.test(s)) return true;
  return !/[A-Za-z]/.test(s.replace(/\\(?:times|cdot|div|frac|dfrac|tfrac|sqrt|binom|left|right|pi|,)/g, ""));
}

/** The beginning of a text side up to the first word that is no unit: "66 coins, so she" → "66 coins". */
function firstWords(side: string): string {
  return (side.split(/\s(?:so|and|which|then|because|since|thus|for|we|by|where|if|when|but|hence|therefore|as|in|to|of|with|that|is|are)\b|:/i)[0] ?? "").trim();
}

/** The end of a text side: "the total of 3 * 22" → "3 * 22". */
function lastWords(side: string): string {
  const match = /[^\sA-Za-z][^A-Za-z]*$|(?:^|\s)([A-Za-z_']+(?:\([^()]*\))?)\s*$/.exec(side.slice(-LONGEST_VALUE));
  return (match?.[1] ?? match?.[0] ?? "").trim();
}

function stated(value: string, how: Statement["how"]): Statement {
  return { value: value.trim().slice(0, LONGEST_VALUE), how, lead: "", determined: true, goesOn: false };
}
