/** Problems of a level as JSONL {id, problem, answer, steps}. Usage: tsx workers/lab/write-problems.ts LEVEL SEED N */
import { generateProblems } from "../../server/core/lab/generate";

const [level = "hard", seed = "1", n = "100"] = process.argv.slice(2);
const rows = generateProblems({ n: Number(n), seed: Number(seed), level }).map((p) =>
  JSON.stringify({ id: p.id, problem: p.problem, answer: p.answer, steps: p.steps.length }),
);
process.stdout.write(`${rows.join("\n")}\n`);
