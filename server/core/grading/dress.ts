import { withPlainSigns } from "./normalise";

/** Row separator of a matrix, in a dressed-down text. */
export const ROW = "\ue000";

/** Functions that are written \operatorname{name} or as a plain word. */
const NAMED = /^(?:arcsin|arccos|arctan|arccot|sinh|cosh|tanh|lcm|gcd|sgn|sign|sin|cos|tan|cot|sec|csc|log|ln|exp|max|min|mod)$/;

/**
 * An answer's LaTeX without what only changes how it looks, so that layers after this one see one spelling of each thing:
 * \frac for \dfrac, "<=" as \le, \text{} and \mathrm{} opened, spacing commands as spaces, thousands separators of LaTeX as
 * plain commas, no dollar signs, no degree signs, no closing full stop.
 */
export function undress(raw: string): string {
  let s = raw;
  // Texts that went through JSON twice have every backslash doubled.
  s = s.includes("\\begin") ? s.replace(/\\\\(?:\[[^\]]{0,8}\])?/g, ROW) : s.replace(/\\\\(?=[A-Za-z{}()[\],;:!%$])/g, "\\");
  s = withPlainSigns(s)
    .replace(/(?<=[\w)\]}])\*\*(?=[\w({-])/g, "^")
    .replace(/\*\*/g, "")
    .replace(/\\(?:left|right)\s*\./g, "")
    .replace(/\\(?:left|right|middle|[bB]igg?[lrm]?|displaystyle|textstyle|scriptstyle|limits|nolimits|hfill|hline|cline\{[^}]*\}|rm|bf|it)(?![A-Za-z])/g, "")
    .replace(/\\(?:[()]|\[|\])/g, " ")
    .replace(/\\[dtc]frac(?![A-Za-z])/g, "\\frac")
    .replace(/\\[dt]binom(?![A-Za-z])/g, "\\binom")
    .replace(/\\(frac|binom)\s*(\d)\s+(\d)(?!\d)/g, "\\$1{$2}{$3}")
    .replace(/\\(?:times|cdot|ast|star|bullet)(?![A-Za-z])|(?<!\\)\*/g, " \\cdot ")
    .replace(/\\(?:leqslant|leqq|leq|le)(?![A-Za-z])|<=|=</g, " \\le ")
    .replace(/\\(?:geqslant|geqq|geq|ge)(?![A-Za-z])|>=/g, " \\ge ")
    .replace(/\\(?:neq|ne)(?![A-Za-z])|!=|\\not\s*=/g, " \\ne ")
    .replace(/\\lt(?![A-Za-z])/g, "<")
    .replace(/\\gt(?![A-Za-z])/g, ">")
    .replace(/\\(?:thickapprox|approxeq|simeq|approx|doteq)(?![A-Za-z])/g, " \\approx ")
    .replace(/:=|={2}/g, "=")
    .replace(/\\(?:lbrace)(?![A-Za-z])/g, "\\{")
    .replace(/\\(?:rbrace)(?![A-Za-z])/g, "\\}")
    .replace(/\\(?:lbrack)(?![A-Za-z])/g, "[")
    .replace(/\\(?:rbrack)(?![A-Za-z])/g, "]")
    .replace(/\\(?:[lr]?vert)(?![A-Za-z])/g, "|")
    .replace(/\\(?:varnothing)(?![A-Za-z])/g, "\\emptyset")
    .replace(/\\(?:infin|infty)(?![A-Za-z])/g, "\\infty")
    .replace(/\\(?:lnot|neg)(?![A-Za-z])/g, "-")
    .replace(/\\(?:setminus|backslash)(?![A-Za-z])/g, " \\setminus ")
    .replace(/\\(?:dots[a-z]?|cdots|ldots)(?![A-Za-z])|\.\.\.+/g, "\\ldots ")
    .replace(/(\\(?:sin|cos|tan|cot|sec|csc)\s*\(?\s*)(\d+(?:\.\d+)?)\s*(?:\^\s*(?:\\circ|\{\s*\\circ\s*\})|\u00b0)/g, "$1{\\frac{$2\\pi}{180}}")
    .replace(/(?:\^\s*(?:\\circ|\{\s*\\circ\s*\})|\u00b0)\s*(?:\\(?:text|mathrm)\s*\{\s*[CF]\s*\}|[CF](?![A-Za-z]))/g, "")
    .replace(/\^\s*\{\s*\\circ\s*\}|\^\s*\\circ(?![A-Za-z])|\u00b0|\\degrees?(?![A-Za-z])/g, "")
    .replace(/\\!\s*/g, "")
    .replace(/\s*\{\s*,\s*\}\s*/g, ",")
    .replace(/(?<=\d)(?:\\[,;: ]|~)\s*(?=\d{3}(?!\d))/g, "")
    .replace(/\\(?:quad|qquad|thinspace|medspace|enspace|hspace\{[^}]*\}|[hv]?phantom\{[^}]*\})(?![A-Za-z])|\\[,;:> ]|~/g, " ")
    .replace(/\\%/g, "%")
    .replace(/\\?\$|[\u20ac\u00a3\u00a5\u20b9]/g, " ");
  s = openTexts(s)
    .replace(/\\begin\s*\{\s*(cases|aligned|gathered)\s*\}([^&]*?)\\end\s*\{\s*\1\s*\}/g, (_, __, rows: string) => rows.split(ROW).filter((r) => r.trim() !== "").join(" , "))
    .replace(/\b([ap])\.\s?m\.?(?![A-Za-z])/gi, "$1m")
    .replace(/(?<![A-Za-z\\])(?:sqrt)(?=\s*\()/g, "\\sqrt")
    .replace(/\\sqrt\s*\(([^()]*)\)/g, "\\sqrt{$1}")
    .replace(/(?<![A-Za-z\\])(?:pi)(?![A-Za-z])/g, "\\pi ")
    .replace(/(?<![A-Za-z\\])(?:infinity|inf|oo)(?![A-Za-z])/gi, "\\infty ")
    .replace(/(?<![A-Za-z\\])(sin|cos|tan|cot|sec|csc|log|ln|exp|arcsin|arccos|arctan|sinh|cosh|tanh)(?=\s*[(^_\\{])/g, "\\$1")
    .replace(/([\^_])\s*([-+])\s*(\w+)/g, "$1{$2$3}")
    .replace(/\^\s*(\d{2,})/g, "^{$1}")
    .replace(/\s+/g, " ")
    .trim();
  while (!/\\ldots ?$/.test(s) && /[.,;:\s]$/.test(s)) s = s.slice(0, -1);
  for (;;) {
    const inner = outerBraces(s);
    if (inner === null) return s;
    s = inner.trim();
  }
}

/** \text{ and } and its kin as plain words; one letter in a font as the letter; named operators as commands. */
function openTexts(s: string): string {
  return s
    .replace(
      /\\(?:text|textnormal|textrm|textbf|textit|textsf|texttt|mbox|hbox|emph|mathrm|mathbf|mathit|mathsf|mathcal|boldsymbol|bm|bold|vec|hat|operatorname\*?|unit|underline)\s*(?:\{([^{}]*)\}|(?<=vec|hat)\s+([A-Za-z]))/g,
      (_, group: string | undefined, letter: string | undefined) => {
        const inside = group ?? letter ?? "";
        const name = inside.trim();
        if (NAMED.test(name)) return `\\operatorname{${name}}`;
        return name.length === 1 ? `${inside} ` : ` ${inside} `;
      },
    )
    .replace(/\\operatorname\{(arcsin|arccos|arctan|sinh|cosh|tanh|sin|cos|tan|cot|sec|csc|log|ln|exp|max|min|gcd)\}/g, "\\$1 ");
}

/** The inside of a pair of plain braces around all of it; null when there is none. */
function outerBraces(s: string): string | null {
  if (!s.startsWith("{") || !s.endsWith("}") || s.at(-2) === "\\") return null;
  let depth = 0;
  for (let i = 0; i < s.length; i++) {
    if (s[i] === "\\") i++;
    else if (s[i] === "{") depth++;
    else if (s[i] === "}" && --depth === 0 && i < s.length - 1) return null;
  }
  return depth === 0 ? s.slice(1, -1) : null;
}

/** For comparing spellings: no white space, no braces around single characters. */
export function squeezed(s: string): string {
  return s
    .replace(/(\\[A-Za-z]+)\s+(?=[A-Za-z])|(\d)\s+(?=\d)/g, "$1$2\ue001")
    .replace(/\s+/g, "")
    .replace(/\ue001/g, " ")
    .replace(/([\^_])\{(\w)\}/g, "$1$2")
    .replace(/\\frac(\d)(\d)/g, "\\frac{$1}{$2}")
    .replace(/\\sqrt(\w)/g, "\\sqrt{$1}");
}
