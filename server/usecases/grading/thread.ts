import { parentPort } from "node:worker_threads";
import { loadMathematics } from "../../core/grading/engine";
import { equalAnswers } from "../../core/grading/equal";
import type { Question, Reply } from "./protocol";

/** One of each kind, so that the first real case does not pay for loading and compiling. */
const WARM_UP: [string, string][] = [
  ["\\frac{x+2}{7}", "\\frac{x}{7}+\\frac{2}{7}"],
  ["\\tan^2 y + 1", "\\sec^2 y"],
  ["2x+4y-3=0", "y=-\\frac12 x+\\frac34"],
  ["x \\ge 5", "[5,\\infty)"],
  ["\\binom{n}{2}", "\\frac{n(n-1)}{2}"],
  ["\\sum_{k=1}^{n} k", "\\frac{n(n+1)}{2}"],
  ["\\begin{pmatrix} 1 & \\sqrt{4} \\end{pmatrix}", "\\begin{pmatrix} 1 & 2 \\end{pmatrix}"],
  ["\\sqrt{\\log_2 8} \\pm e^{i\\pi}", "\\sqrt3 - 1, \\sqrt3 + 1"],
  ["\\left\\lfloor \\frac{p}{9} \\right\\rfloor", "\\lfloor p/9 \\rfloor + \\sin^{-1} 0 + |0|"],
];

const port = parentPort;
if (port) {
  const tell = (reply: Reply): void => port.postMessage(reply);
  const mathematics = await loadMathematics();
  for (let k = 0; k < 3; k++) for (const [gold, pred] of WARM_UP) equalAnswers(gold, pred, mathematics);
  port.on("message", ({ id, gold, pred }: Question) => {
    try {
      tell({ id, verdict: equalAnswers(gold, pred, mathematics) });
    } catch (error) {
      tell({ id, verdict: { equal: false, reason: `not equal, could not be compared (${error instanceof Error ? error.message : String(error)})` } });
    }
  });
  tell({ ready: true });
}
