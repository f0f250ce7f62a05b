const SIGNS: Record<string, string> = {
  times: "×",
  cdot: "·",
  div: "÷",
  pm: "±",
  le: "≤",
  leq: "≤",
  ge: "≥",
  geq: "≥",
  ne: "≠",
  neq: "≠",
  approx: "≈",
  equiv: "≡",
  to: "→",
  infty: "∞",
  pi: "π",
  ldots: "…",
  dots: "…",
  cdots: "…",
};

/** The beginning of a text for a table cell: one line, no Markdown marks, mathematics as its source without dollars. */
export function plainStart(text: string, length: number): string {
  const flat = text
    .slice(0, length * 3)
    .replace(/\*\*|__|^#+\s/gm, "")
    // As Markdown reads them: a price is not the beginning of a formula.
    .replace(/\$(\S(?:[^$\n]*\S)?)\$(?!\d)/g, (_, formula: string) => plainMaths(formula))
    .replace(/\s+/g, " ")
    .trim();
  return flat.length > length ? `${flat.slice(0, length).trimEnd()}…` : flat;
}

/** What can be read as it stands; the rest stays source. */
function plainMaths(formula: string): string {
  return formula
    .replace(/\\(?:(?:left|right)(?![a-z])|[,;!])/g, "")
    .replace(/\\(?:text|boxed|mathrm|textbf)\{([^{}]*)\}/g, "$1")
    .replace(/\\d?frac\{(\w+)\}\{(\w+)\}/g, "$1/$2")
    .replace(/\\([a-z]+)(?![a-z])/g, (whole, name: string) => SIGNS[name] ?? whole);
}
