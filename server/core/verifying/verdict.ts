import type { Verdict } from "./verdicts";

const FILLER = new Set(
  (
    "this that the a an so thus hence it therefore verdict judgement judgment status evaluation assessment result conclusion is are was be " +
    "substep substeps step steps marked as clearly also still definitely mathematically logically actually which reasoning claim statement " +
    "and calculation computation equation arithmetic answer check looks seems appears completely entirely perfectly fully quite both all " +
    "remains therefore final overall here first critical"
  ).split(" "),
);
const POSITIVE = new Set("correct right valid true sound accurate fine ok okay yes good verified ✓ ✔ ✅ ☑".split(" "));
const NEGATIVE = new Set(
  "incorrect wrong invalid false erroneous error errors flawed mistake mistaken inaccurate unjustified unsound ✗ ✘ ❌ ✕ ❎".split(" "),
);
const SIGNS = /[✓✔✅☑✗✘❌✕❎]/g;

/**
 * What a log says about one step. A verdict that stands alone ("Incorrect.", "**Verdict:** correct", "✗") decides, a negative
 * one over a positive one ("Incorrect. Correct: 44"); otherwise the words of the sentences do, without their quotes and
 * formulas and with negations read ("no error", "not correct").
 */
export function readVerdict(section: string): Verdict {
  const said = section
    .slice(0, 6000)
    .replace(/["“”]([^"“”\n]{0,600})["“”]/g, (_, inner: string) => (isWord(inner) ? ` ${inner} ` : ` . `))
    .replace(/\$[^$\n]{1,600}\$|\\\([^\n]{1,300}?\\\)/g, " x ")
    .replace(SIGNS, ". $& . ")
    .replace(/\ufe0f/g, "")
    .toLowerCase()
    .replace(/[’]/g, "'");
  let positive = false;
  for (const piece of said.split(/[.;:,!?()[\]{}|\n—–*_#>"]|\s-{1,2}\s|->|→|=>|⇒/)) {
    const alone = standsAlone(piece);
    if (alone === "incorrect") return "incorrect";
    if (alone === "correct") positive = true;
  }
  if (positive) return "correct";
  const negated = said
    .replace(/\b(?:no|without(?: any)?|not (?:an|any)|free (?:of|from)|nothing)\s+(?:\w+\s+){0,2}?(?:errors?|mistakes?|wrong|flaws?|issues?|problems?)\b/g, " correct ")
    .replace(/\b(?:not|isn't|never)\s+(?:wrong|incorrect|invalid|false|a mistake|an error)\b|\berror-free\b/g, " correct ")
    .replace(/\b(?:not|isn't|aren't|cannot be|can't be|never|hardly)\s+(?:\w+\s+)?(?:correct|right|valid|true|sound|justified|accurate)\b/g, " incorrect ");
  if (/\b(?:in-?correct(?:ly)?|wrong(?:ly)?|invalid|erroneous(?:ly)?|mistaken?|mistakes|mistakenly|flawed|fallac\w{1,4}|miscalculat\w{1,4}|misread\w{0,4}|errors?(?! (?:term|bound|margin))|unjustified|contradicts)\b/.test(negated)) {
    return "incorrect";
  }
  if (
    /\b(?:correct(?:ly)?(?! (?:value|answer|result|sum|number|one|formula|expression) (?:is|should|would))|right(?![ -]?(?:hand|triangle|angle|side|arrow|now))|valid(?:ly)?|true|sound|accurate(?:ly)?|fine|ok|okay|agrees|matches|consistent)\b/.test(negated)
  ) {
    return "correct";
  }
  return "unclear";
}

function isWord(text: string): boolean {
  const word = text.trim().toLowerCase().replace(/[.!]$/, "");
  return POSITIVE.has(word) || NEGATIVE.has(word);
}

function standsAlone(piece: string): Verdict | null {
  if (piece.length > 90) return null;
  const words = piece
    .split(/[\s`'/]+/)
    .map((w) => w.replace(/^in-correct$/, "incorrect"))
    .filter((w) => w !== "" && w !== "-" && !FILLER.has(w) && !/^\d+$/.test(w));
  const [a = "", b = ""] = words;
  if (words.length === 1) return NEGATIVE.has(a) ? "incorrect" : POSITIVE.has(a) ? "correct" : null;
  if (words.length === 2 && (a === "no" || a === "not" || a === "without")) {
    return NEGATIVE.has(b) ? "correct" : POSITIVE.has(b) ? "incorrect" : null;
  }
  return null;
}
