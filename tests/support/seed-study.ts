import type pg from "pg";
import { v7 as uuid } from "uuid";
import type { Arm } from "@/server/core/arms";
import { labIntSettings } from "@/server/core/recipes";
import { randomStream } from "@/server/core/seeds";
import { guidedAttempt, joinSteps } from "@/server/core/steps";
import { longAttempt, SEED_PROBLEMS, type SeedProblem } from "./seed-texts";

export interface SeedOptions {
  name?: string;
  /** Default 24. */
  problems?: number;
  /** How far the run is: everything there, or in the middle of it. Default "done". */
  state?: "done" | "running" | "paused";
  /** Continuations per arm and target. Default 8. */
  samples?: number;
}

export interface Seeded {
  studyId: string;
  pipelineId: string;
  /** A failed attempt with verifications, a kept proposal and all arms. */
  attemptId: string;
  /** A failed attempt of 120 steps. */
  longAttemptId: string;
}

const SUCCESS: Record<string, number> = { problem: 0.12, prefix: 0.1, original: 0.03, intervention: 0.45 };

/**
 * A study with an InT run, written straight into the tables: for tests of pages and for looking at them. Deterministic
 * but for the ids.
 */
export async function seedStudy(pool: pg.Pool, options: SeedOptions = {}): Promise<Seeded> {
  const { name = "seeded", problems: count = 24, state = "done", samples = 8 } = options;
  const random = randomStream(11);
  const insert = async (table: string, row: Record<string, unknown>) => {
    const id = uuid();
    const all = { id, ...row };
    const names = Object.keys(all);
    await pool.query(
      `INSERT INTO ${table} (${names.map((n) => `"${n}"`).join(", ")}) VALUES (${names.map((_, i) => `$${i + 1}`).join(", ")})`,
      Object.values(all),
    );
    return id;
  };

  const studyId = await insert("study", { name, kind: "lab" });
  const setId = await insert("problem_set", { study_id: studyId, name: "seed" });
  const modelId = await insert("model", { study_id: studyId, name: "lab-0.9M", served_name: "lab" });
  const pipelineId = await insert("pipeline", { study_id: studyId, recipe: "int" });
  const done = state === "done";
  const run: Record<string, string> = {};
  const settings = JSON.stringify(labIntSettings({ problemSet: "seed" }));
  for (const [ordinal, stage] of ["rollout", "grade", "verify", "continue", "keep"].entries()) {
    const own = done
      ? "done"
      : state === "paused"
        ? "paused"
        : ordinal === 0
          ? "done"
          : ordinal < 4
            ? "running"
            : "queued";
    run[stage] = await insert("run", {
      study_id: studyId,
      pipeline_id: pipelineId,
      stage,
      ordinal,
      state: own,
      settings,
      model_id: modelId,
      started_at: new Date(Date.now() - 90_000),
    });
  }
  const total: Record<string, { total: number; done: number; failed: number }> = {};
  for (const stage of Object.keys(run)) total[stage] = { total: 0, done: 0, failed: 0 };
  const made = (stage: string, n: number, all = n) => {
    const t = total[stage];
    if (t === undefined) return;
    t.total += all;
    t.done += n;
  };

  let attemptId = "";
  let longAttemptId = "";
  const sample = async (
    arm: Arm,
    target: string,
    link: { problem: string; attempt?: string; proposal?: string },
    boost: number,
  ) => {
    const part = done ? samples : Math.ceil(samples * 0.6);
    for (let i = 0; i < part; i++) {
      const roll = random();
      const right = roll < (SUCCESS[arm] ?? 0) * boost;
      const outcome = right ? "success" : roll > 0.96 ? "cut_off" : roll > 0.9 ? "no_answer" : "failure";
      const text = right
        ? "So we go on with care.\n\nThis gives the value we were after, and\n\n$$\\boxed{3}$$"
        : outcome === "failure"
          ? "Continuing, $x^2 + 1 = 0$ has no real root.\n\nHence \\boxed{1}."
          : "Let us look at more cases: $k = 1, 2, 3, \\dots$ and so on";
      const id = await insert("continuation", {
        run_id: run.continue,
        problem_id: link.problem,
        attempt_id: link.attempt ?? null,
        proposal_id: link.proposal ?? null,
        arm,
        target_id: target,
        sample_index: i,
        seed: Math.floor(random() * 2 ** 31),
        text,
        finish_reason: outcome === "cut_off" ? "length" : "stop",
        tokens: 40 + Math.floor(random() * 300),
        outcome,
        reward: right ? 1 : 0,
      });
      await insert("grade", {
        continuation_id: id,
        grader_version: "exact@1",
        reward: right ? 1 : 0,
        extracted: outcome === "failure" ? "1" : right ? "3" : null,
        reason: right ? "equal after normalisation" : outcome === "failure" ? "different" : "no \\boxed{} answer",
      });
    }
    await insert("work_item", {
      run_id: run.continue,
      arm,
      target_id: target,
      units: samples,
      made: part,
      state: part === samples ? "done" : "pending",
    });
    made("continue", part, samples);
  };

  for (let p = 0; p < count; p++) {
    const text: SeedProblem =
      p === count - 1 ? longAttempt(120) : (SEED_PROBLEMS[p % SEED_PROBLEMS.length] as SeedProblem);
    const problemId = await insert("problem", {
      study_id: studyId,
      problem_set_id: setId,
      key: `seed-${p}`,
      ordinal: p,
      statement: text.statement,
      answer: text.answer,
      reference: text.reference,
      reference_source: text.reference === "" ? "" : "human",
    });
    for (let s = 0; s < 4; s++) {
      const right = s === 3 && p % 3 === 0;
      const id = await insert("attempt", {
        run_id: run.rollout,
        problem_id: problemId,
        model_id: modelId,
        sample_index: s,
        seed: 1000 * p + s,
        text: joinSteps(
          right ? [...text.steps.slice(0, -1), `\\boxed{${text.answer.replaceAll("$", "")}}`] : text.steps,
        ),
        finish_reason: "stop",
        tokens: joinSteps(text.steps).length >> 1,
        steps: text.steps.length,
        reward: !done && p > count * 0.8 ? null : right ? 1 : 0,
      });
      made("rollout", 1);
      if (!done && p > count * 0.8) {
        made("grade", 0, 1);
        continue;
      }
      made("grade", 1);
      await insert("grade", {
        attempt_id: id,
        grader_version: "exact@1",
        reward: right ? 1 : 0,
        extracted: right ? text.answer : "1",
        reason: right ? "equal after normalisation" : "different",
      });
      if (p === 3)
        await insert("label", { attempt_id: id, source: "BIG-Bench Mistake", first_error: s === 0 ? 4 : null });
      if (right || text.reference === "") continue;
      if (!done && p > count * 0.6) {
        made("verify", 0, 4);
        continue;
      }
      made("verify", 4);
      let chosen = "";
      let location = 0;
      for (let v = 0; v < 4; v++) {
        const roll = random();
        const outcome =
          v === 0 || roll < 0.72
            ? "proposed"
            : roll < 0.82
              ? "no_error"
              : roll < 0.9
                ? "unparsed"
                : roll < 0.95
                  ? "cut_off"
                  : "out_of_range";
        const at = v === 0 || random() < 0.7 ? text.wrong : Math.max(1, text.wrong - 1);
        const verdicts = text.steps.slice(0, at).map((step, i) => ({
          step: i + 1,
          verdict: i + 1 === at && outcome === "proposed" ? "incorrect" : random() < 0.06 ? "unclear" : "correct",
          note:
            i + 1 === at
              ? `“${step.slice(0, 90)}…” does not follow: compare with the reference, where the count is $d - 1$.`
              : `“${step.slice(0, 60)}…” agrees with the reference.`,
        }));
        const log = verdicts.map((x) => `Substep ${x.step}: ${x.note} Verdict: ${x.verdict}.`).join("\n\n");
        const tag = `<intervention>${JSON.stringify({ content: text.intervention, location: at })}</intervention>`;
        const verification = await insert("verification", {
          run_id: run.verify,
          attempt_id: id,
          sample_index: v,
          seed: 77 + v,
          text: `## Verification log\n\n${log}\n\n## Critical error\n\nSubstep ${at}.\n\n${outcome === "cut_off" ? "" : tag}`,
          verdicts: JSON.stringify(outcome === "unparsed" ? [] : verdicts),
          first_error: outcome === "proposed" || outcome === "cut_off" ? at : null,
          outcome,
          parse_note:
            outcome === "unparsed"
              ? "There is no <intervention> tag in the output."
              : v === 1
                ? "Backslashes of LaTeX in the JSON were read as they stand."
                : "",
          finish_reason: outcome === "cut_off" ? "length" : "stop",
          tokens: 300 + Math.floor(random() * 200),
        });
        if (outcome !== "proposed") continue;
        const leaked = random() < 0.05 && v > 0;
        const proposal = await insert("proposal", {
          run_id: run.verify,
          attempt_id: id,
          verification_id: verification,
          sample_index: v,
          content: v === 0 ? text.intervention : text.intervention.replace("I ", "Next, I "),
          location: at,
          leak_equivalent: leaked,
          leak_substring: leaked || random() < 0.2,
          chosen: chosen === "" && !leaked,
        });
        if (chosen === "" && !leaked) {
          chosen = proposal;
          location = at;
        }
      }
      if (chosen === "") continue;
      guidedAttempt(text.steps, text.intervention, location);
      const boost = [1, 0, 1.4, 0.7, 1.2][p % 5] ?? 1;
      const link = { problem: problemId, attempt: id, proposal: chosen };
      await sample("prefix", chosen, link, boost);
      await sample("original", chosen, link, boost);
      await sample("intervention", chosen, link, boost);
      const kept = boost > 0 && (p + s) % 4 !== 3;
      made("keep", done ? 1 : 0, 1);
      if (done) await pool.query("UPDATE proposal SET kept = $2 WHERE id = $1", [chosen, kept]);
      if (attemptId === "" && kept) attemptId = id;
      if (p === count - 1) longAttemptId = id;
    }
    if (done || p <= count * 0.5) await sample("problem", problemId, { problem: problemId }, 1);
  }

  if (!done) {
    // Items that the last minute finished, and two that failed.
    for (let i = 0; i < 30; i++) {
      for (const stage of ["verify", "continue"]) {
        await insert("work_item", {
          run_id: run[stage],
          arm: stage === "continue" ? "prefix" : "",
          target_id: uuid(),
          units: 4,
          made: 4,
          state: "done",
          updated_at: new Date(Date.now() - i * 900),
        });
      }
    }
    for (const [arm, n] of [
      ["original", 3],
      ["intervention", 1],
    ] as const) {
      for (let i = 0; i < n; i++) {
        await insert("work_item", {
          run_id: run.continue,
          arm,
          target_id: uuid(),
          units: samples,
          state: "failed",
          error: "The inference server answered 400: the prompt has 17,020 tokens, more than its limit of 16,384.",
        });
        made("continue", 0, samples);
        const t = total.continue;
        if (t !== undefined) t.failed += samples;
      }
    }
    await insert("worker", { host: "laptop", pid: 4242, in_flight: 16, limit: 24, waits_for: "" });
  }
  for (const [stage, t] of Object.entries(total)) {
    await pool.query("UPDATE run SET total = $2, done = $3, failed = $4 WHERE id = $1", [
      run[stage],
      t.total,
      t.done,
      t.failed,
    ]);
  }
  return { studyId, pipelineId, attemptId, longAttemptId };
}
