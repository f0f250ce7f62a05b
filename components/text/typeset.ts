import katex from "katex";

export type Typeset = { html: string } | { html: null; why: string };

/** Layout of one formula may be this large (ems) and expand this many macros; beyond it is an attack or an accident. */
const LIMITS = { maxSize: 20, maxExpand: 500 };

const cache = new Map<string, Typeset>();

/**
 * KaTeX's HTML for a formula, or why there is none. The returned string is the ONLY string of the product that is set
 * as HTML, and KaTeX alone wrote it. Nothing is trusted: a formula with \href, \url, \includegraphics, \htmlId,
 * \htmlClass, \htmlStyle or \htmlData is not typeset at all (KaTeX would show the command's name and drop what it holds).
 */
export function typeset(body: string, display: boolean): Typeset {
  const key = (display ? "d" : "i") + body;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = render(body, display);
  // Steps scroll in and out of view; a few thousand formulas are the working set of one long attempt.
  if (cache.size > 4_000) cache.clear();
  cache.set(key, made);
  return made;
}

/** What papers write and KaTeX does not know: labels, and environments under an older name. */
function known(body: string): string {
  return body
    .replace(/\\label\{[^{}]{0,200}\}/g, "")
    .replace(/\\(begin|end)\{eqnarray\*?\}/g, "\\$1{align*}")
    .replace(/\\(begin|end)\{multline\*?\}/g, "\\$1{gather*}");
}

/** @throws always: no command that needs trust gets it. */
function refuse(context: { command: string }): never {
  throw new Error(`${context.command} is not allowed in what a model wrote.`);
}

function render(body: string, display: boolean): Typeset {
  try {
    const html = katex.renderToString(known(body), {
      displayMode: display,
      // Thrown, so that what cannot be parsed is shown whole, as its source with a hint, rather than in KaTeX's red.
      throwOnError: true,
      trust: refuse,
      strict: false,
      output: "htmlAndMathml",
      macros: {},
      ...LIMITS,
    });
    return { html };
  } catch (error) {
    return {
      html: null,
      why: error instanceof Error ? error.message.replace(/^KaTeX parse error: /, "") : String(error),
    };
  }
}
