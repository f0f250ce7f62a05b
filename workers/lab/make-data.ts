/**
 * Write the training conversations: one JSONL file per pool, and problems to sample the model's own attempts on.
 * Usage: tsx workers/lab/make-data.ts OUT_DIR [SCALE]
 */

import { once } from "node:events";
import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  hintConversation,
  type LabConversation,
  reflectConversation,
  solveConversation,
  verifyConversation,
} from "../../server/core/lab/conversations";
import { corruptedAttempt } from "../../server/core/lab/corrupt";
import { generateFromSpec } from "../../server/core/lab/generate";
import { createRandom } from "../../server/core/lab/random";
import type { LabProblem } from "../../server/core/lab/world";
import { POOLS, TRAINING_SPECS } from "./mix";

const out = process.argv[2];
const scale = Number(process.argv[3] ?? "1");
if (!out || !(scale > 0)) {
  console.error("usage: tsx workers/lab/make-data.ts OUT_DIR [SCALE]");
  process.exit(2);
}
mkdirSync(out, { recursive: true });

/** Share of right attempts among verifications: the verifier must also be able to say "none". */
const RIGHT_SHARE = 0.15;

function conversation(pool: string, problem: LabProblem): LabConversation {
  const rng = createRandom(`${problem.id}/c`);
  if (pool.startsWith("solve")) return solveConversation(problem);
  const n = problem.steps.length;
  if (pool.startsWith("hint")) return hintConversation(problem, rng.int(1, Math.max(1, n - 1)));
  const at = rng.int(1, n);
  if (pool.startsWith("reflect")) return reflectConversation(problem, corruptedAttempt(problem, at, rng));
  const made = verifyConversation(problem, corruptedAttempt(problem, rng.chance(RIGHT_SHARE) ? null : at, rng));
  if (!made) throw new Error(`no verification for ${problem.id}`);
  return made;
}

async function writeLines(file: string, count: number, line: (i: number) => string): Promise<void> {
  const stream = createWriteStream(join(out!, file));
  for (let i = 0; i < count; i++) {
    if (!stream.write(`${line(i)}\n`)) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "finish");
}

for (const [pool, count] of Object.entries(POOLS)) {
  const spec = Number(pool.at(-1));
  await writeLines(`${pool}.jsonl`, Math.ceil(count * scale), (i) => {
    const id = `train-${pool}-${i}`;
    return JSON.stringify(conversation(pool, generateFromSpec(TRAINING_SPECS[spec]!, id, pool)));
  });
}
for (const [name, count] of [
  ["sample", 120_000],
  ["held", 4_000],
] as const) {
  await writeLines(`${name}.problems.jsonl`, Math.ceil(count * scale), (i) => {
    const p = generateFromSpec(TRAINING_SPECS[name === "sample" && i % 8 === 0 ? 1 : 2]!, `train-${name}-${i}`, name);
    return JSON.stringify({ problem: p.problem, answer: p.answer, steps: p.steps.length });
  });
}
