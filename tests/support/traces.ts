/** Traces for tests and benches of reading, made here and always the same: a huge one, one that thinks, a hostile one. */
import { randomStream } from "@/server/core/seeds";
import type { SeedProblem } from "./seed-texts";

/**
 * 500 steps, 3,000 formulas, about 30,000 tokens (4 characters each): prose of various lengths, displayed and aligned
 * formulas, lists, and now and then one that KaTeX cannot read.
 */
export function hugeTrace(steps = 500): SeedProblem {
  const random = randomStream(2026);
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  const inline = (k: number) =>
    pick([
      `$a_{${k}} = ${k}^2 - ${k % 7}$`,
      `\\(\\binom{n}{${k % 9}} \\equiv ${k % 5} \\pmod{${(k % 11) + 2}}\\)`,
      `$\\frac{${k}}{${k + 1}} < 1$`,
      `$x_{${k}}$`,
      `$f(${k}) = \\sqrt{${k} + x}$`,
      `$\\lfloor ${k}\\pi \\rfloor$`,
      `$S_{${k}} \\subseteq \\{1, \\dots, n\\}$`,
    ]);
  const display = (k: number) =>
    pick([
      `$$\\sum_{j=1}^{${k}} \\frac{1}{j(j+1)} = 1 - \\frac{1}{${k + 1}} = \\frac{${k}}{${k + 1}}.$$`,
      `\\[ \\int_0^{${k}} e^{-t^2}\\,dt \\le \\frac{\\sqrt{\\pi}}{2} \\]`,
      `\\begin{align*} u_{${k}} &= u_{${k - 1}} + ${k} \\\\ &= \\tfrac{${k}(${k}+1)}{2} \\end{align*}`,
    ]);
  const prose = [
    "Substituting gives",
    "so that",
    "By induction we may write",
    "In the boundary case",
    "Comparing coefficients yields",
    "with equality for",
  ];
  const text = (k: number): string => {
    if (k % 97 === 0)
      return `This fails to parse: $\\frac{${k}}{$ and also ${Array.from({ length: 6 }, () => inline(k)).join(", ")}.`;
    if (k % 41 === 0) {
      const rows = Array.from({ length: 6 }, (_, i) => `- case ${i + 1}: ${inline(k + i)}, as before`);
      return `**Cases for step ${k}.**\n${rows.join("\n")}`;
    }
    // Between three and nine formulas, so that no two steps are equally high.
    const parts = Array.from({ length: 3 + Math.floor(random() * 7) }, (_, i) => `${pick(prose)} ${inline(k + i)}`);
    return `${parts.join("; ")}${k % 3 === 0 ? `, that is\n${display(k)}` : "."}`;
  };
  const wrong = Math.floor(steps * 0.62);
  const all = Array.from({ length: steps - 1 }, (_, i) => text(i + 1));
  all.push("Hence the answer is $$\\boxed{17}$$");
  return {
    statement: "Let $a_1, a_2, \\dots$ be the sequence of the huge trace. Find its last term.",
    answer: "18",
    reference: Array.from(
      { length: 40 },
      (_, i) => `Step ${i + 1} of the reference: ${inline(i + 3)} and ${inline(i + 9)}.`,
    ).join("\n\n"),
    steps: all,
    wrong,
    intervention: `${(all[wrong - 1] ?? "").split("; ").slice(0, 3).join("; ")}. I check this against the recurrence before going on: $a_{${wrong}} = ${wrong}^2 - 1$.`,
  };
}

/** A model that thinks first, for forty steps, and answers in three. */
export const THINKING: SeedProblem = {
  statement: "What is $17 \\cdot 24$?",
  answer: "408",
  reference: "$17 \\cdot 24 = 17 \\cdot 25 - 17 = 425 - 17 = 408$.",
  steps: [
    "<think>\nOkay, so I need $17 \\cdot 24$.",
    ...Array.from({ length: 38 }, (_, i) => `Hmm, wait. Let me try ${i + 1}: $17 \\cdot ${i + 1} = ${17 * (i + 1)}$.`),
    "I think it is 418.\n</think>",
    "We split $24 = 25 - 1$.",
    "Then $17 \\cdot 25 = 435$.",
    "So $435 - 17 = 418$ and the answer is $\\boxed{418}$.",
  ],
  wrong: 42,
  intervention: "Then $17 \\cdot 25 = 425$, since $17 \\cdot 100 = 1700$.",
};

/** What must stay text on the page, in every place that shows text. */
const EVIL = [
  "<script>window.hacked = 1</script>",
  "<img src=x onerror='window.hacked = 1'>",
  "[press me](javascript:window.hacked=1)",
  "$\\href{javascript:window.hacked=1}{x}$ and $\\htmlData{onclick=window.hacked=1}{y}$",
  "$$\\htmlStyle{position:fixed;inset:0}{z} \\includegraphics{https://evil.invalid/pixel.png}$$",
  "![pixel](https://evil.invalid/pixel.png) <iframe src='javascript:window.hacked=1'></iframe>",
  "</textarea></script><svg onload='window.hacked=1'>",
  `A line of a megabyte: ${"$x$ & <b> ".repeat(100_000)}`,
  `Deep: $${"{".repeat(3_000)}x${"}".repeat(3_000)}$ and ${"\\left(".repeat(500)}`,
  "| <script>window.hacked=1</script> | $\\frac{1}{$ |\n|---|---|\n| a | b |",
];
export const HOSTILE: SeedProblem = {
  statement: `Hostile ${EVIL.slice(0, 7).join(" ")}`,
  answer: "<script>window.hacked = 1</script>",
  reference: EVIL.slice(0, 7).join("\n\n"),
  steps: EVIL,
  wrong: 2,
  intervention: EVIL.slice(0, 7).join(" "),
};
