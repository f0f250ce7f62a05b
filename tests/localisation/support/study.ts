import type pg from "pg";
import { v7 as uuid } from "uuid";

/** One attempt: its labels by source, and what each verification sample of each run said (a step, "none", or unreadable). */
export interface LabelledSeed {
  steps: number;
  labels: Record<string, number | null>;
  said: Record<string, (number | "none" | "unparsed")[]>;
}

/**
 * A study of labelled attempts with verifications by runs of given names, written straight into the tables.
 * @returns the study's id and the runs' ids by name.
 */
export async function seedLabelled(
  pool: pg.Pool,
  name: string,
  attempts: readonly LabelledSeed[],
): Promise<{ studyId: string; runs: Record<string, string>; attemptIds: string[] }> {
  const insert = async (table: string, row: Record<string, unknown>) => {
    const all = { id: uuid(), ...row };
    const names = Object.keys(all);
    await pool.query(
      `INSERT INTO "${table}" (${names.join(", ")}) VALUES (${names.map((_, i) => `$${i + 1}`).join(", ")})`,
      Object.values(all),
    );
    return all.id;
  };
  const studyId = await insert("study", { name });
  const setId = await insert("problem_set", { study_id: studyId, name: "set" });
  const source = await insert("run", { study_id: studyId, stage: "import", state: "done", settings: "{}", total: attempts.length, done: attempts.length });
  const runs: Record<string, string> = {};
  for (const run of new Set(attempts.flatMap((a) => Object.keys(a.said)))) {
    const model_id = await insert("model", { study_id: studyId, name: run, served_name: run });
    const settings = JSON.stringify({ verify: { template: { id: "processbench/critique@1" } } });
    runs[run] = await insert("run", { study_id: studyId, stage: "verify", state: "done", settings, model_id });
  }
  const attemptIds: string[] = [];
  for (const [i, a] of attempts.entries()) {
    const problem_id = await insert("problem", { study_id: studyId, problem_set_id: setId, key: `p${i}`, ordinal: i, statement: `Problem ${i + 1}: what is $${i} + 1$?`, answer: String(i + 1) });
    const text = Array.from({ length: a.steps }, (_, s) => `Step ${s + 1} of attempt ${i + 1}: $${i} + ${s} = ${i + s}$.`).join("\n\n");
    const attempt_id = await insert("attempt", { run_id: source, problem_id, sample_index: 0, text, finish_reason: "imported", tokens: 0, steps: a.steps, reward: 0 });
    attemptIds.push(attempt_id);
    for (const [by, first_error] of Object.entries(a.labels)) await insert("label", { attempt_id, source: by, first_error });
    for (const [run, said] of Object.entries(a.said)) {
      for (const [sample_index, answer] of said.entries()) {
        const first_error = typeof answer === "number" ? answer : null;
        const outcome = typeof answer === "number" ? "located" : answer === "none" ? "no_error" : "unparsed";
        const parse_note = outcome === "unparsed" ? "there is no \\boxed{}" : "";
        await insert("verification", { run_id: runs[run], attempt_id, sample_index, seed: 0, text: String(answer), verdicts: "[]", first_error, outcome, parse_note, finish_reason: "stop", tokens: 1 });
      }
    }
  }
  return { studyId, runs, attemptIds };
}
