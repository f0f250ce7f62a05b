import type pg from "pg";
import { v7 as uuid } from "uuid";
import { labIntSettings } from "@/server/core/recipes";
import { randomStream } from "@/server/core/seeds";
import { joinSteps } from "@/server/core/steps";
import type { SeedProblem } from "./seed-texts";

export interface SeededTrace {
  study: string;
  attemptId: string;
  /** Path of its page. */
  path: string;
}

/**
 * A study with one failed attempt and all that belongs beside it, written straight into the tables: two verification
 * samples with a verdict for each step up to the error, a kept proposal, and `samples` continuations in each of four arms.
 */
export async function seedTrace(
  pool: pg.Pool,
  o: { study: string; trace: SeedProblem; samples?: number; continuation?: (i: number) => string },
): Promise<SeededTrace> {
  const { trace, samples = 16 } = o;
  const random = randomStream(5);
  const insert = async (table: string, row: Record<string, unknown>): Promise<string> => {
    const all = { id: uuid(), ...row };
    const names = Object.keys(all);
    await pool.query(
      `INSERT INTO ${table} (${names.map((n) => `"${n}"`).join(", ")}) VALUES (${names.map((_, i) => `$${i + 1}`).join(", ")})`,
      Object.values(all),
    );
    return all.id;
  };
  const studyId = await insert("study", { name: o.study, kind: "lab" });
  const problemSetId = await insert("problem_set", { study_id: studyId, name: "traces" });
  const modelId = await insert("model", { study_id: studyId, name: "lab-0.9M", served_name: "lab" });
  const pipelineId = await insert("pipeline", { study_id: studyId, recipe: "int" });
  const settings = JSON.stringify(labIntSettings({ problemSet: "traces" }));
  const run: Record<string, string> = {};
  for (const [ordinal, stage] of ["rollout", "grade", "verify", "continue", "keep"].entries()) {
    run[stage] = await insert("run", {
      study_id: studyId,
      pipeline_id: pipelineId,
      stage,
      ordinal,
      state: "done",
      settings,
      model_id: modelId,
    });
  }
  const problemId = await insert("problem", {
    study_id: studyId,
    problem_set_id: problemSetId,
    key: "trace-1",
    ordinal: 0,
    statement: trace.statement,
    answer: trace.answer,
    reference: trace.reference,
    reference_source: "human",
  });
  const text = joinSteps(trace.steps);
  const attemptId = await insert("attempt", {
    run_id: run.rollout,
    problem_id: problemId,
    model_id: modelId,
    sample_index: 0,
    seed: 1,
    text,
    finish_reason: "stop",
    tokens: Math.round(text.length / 4),
    steps: trace.steps.length,
    reward: 0,
  });
  const grade = { grader_version: "exact@1", reward: 0, extracted: "17", reason: "different" };
  await insert("grade", { attempt_id: attemptId, ...grade });
  let proposalId = "";
  for (let v = 0; v < 2; v++) {
    const at = Math.max(1, trace.wrong - v);
    const verdicts = trace.steps.slice(0, at).map((step, i) => ({
      step: i + 1,
      verdict: i + 1 === at ? "incorrect" : random() < 0.04 ? "unclear" : "correct",
      note: `“${step.slice(0, 60).replace(/\s+/g, " ")}…” ${i + 1 === at ? "does not follow from $a_1$." : "agrees with the reference."}`,
    }));
    const content = v === 0 ? trace.intervention : `Instead: ${trace.intervention}`;
    const log = verdicts.map((x) => `Substep ${x.step}: ${x.note} Verdict: ${x.verdict}.`).join("\n\n");
    const verification = await insert("verification", {
      run_id: run.verify,
      attempt_id: attemptId,
      sample_index: v,
      seed: 70 + v,
      text: `## Verification log\n\n${log}\n\n<intervention>${JSON.stringify({ content, location: at })}</intervention>`,
      verdicts: JSON.stringify(verdicts),
      first_error: at,
      outcome: "proposed",
      parse_note: "",
      finish_reason: "stop",
      tokens: Math.round(log.length / 4),
    });
    const proposal = await insert("proposal", {
      run_id: run.verify,
      attempt_id: attemptId,
      verification_id: verification,
      sample_index: v,
      content,
      location: at,
      leak_equivalent: false,
      leak_substring: false,
      chosen: v === 0,
      kept: v === 0 ? true : null,
    });
    if (v === 0) proposalId = proposal;
  }
  for (const [arm, rate] of [
    ["problem", 0.1],
    ["prefix", 0.15],
    ["original", 0.05],
    ["intervention", 0.5],
  ] as const) {
    for (let i = 0; i < samples; i++) {
      const roll = random();
      const outcome = roll < rate ? "success" : roll < 0.8 ? "failure" : roll < 0.9 ? "no_answer" : "cut_off";
      const said =
        o.continuation?.(i) ??
        `We go on from here, $k = ${i % 3}$.\n\nThis is sample ${i + 1} of ${arm}.\n\nHence $\\boxed{${outcome === "success" ? trace.answer.slice(0, 20) : "1"}}$.`;
      const own = arm !== "problem";
      const id = await insert("continuation", {
        run_id: run.continue,
        problem_id: problemId,
        attempt_id: own ? attemptId : null,
        proposal_id: own ? proposalId : null,
        arm,
        target_id: own ? proposalId : problemId,
        sample_index: i,
        seed: 100 + i,
        text: said,
        finish_reason: outcome === "cut_off" ? "length" : "stop",
        tokens: 20 + Math.floor(random() * 900),
        outcome,
        reward: outcome === "success" ? 1 : 0,
      });
      await insert("grade", { continuation_id: id, ...grade, reward: outcome === "success" ? 1 : 0 });
    }
  }
  return { study: o.study, attemptId, path: `/studies/${encodeURIComponent(o.study)}/attempts/${attemptId}` };
}
