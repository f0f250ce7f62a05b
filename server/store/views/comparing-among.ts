import type { AmongAttempts, AmongProblems, Covered } from "../../core/comparing/among";
import { HINT_ARMS } from "../../core/comparing/conditioning";
import type { Arm } from "../../core/arms";
import { attemptsOf, hasFate, hasRow, joinChosen, originSql, runsOf, unusedSql } from "./comparing-fates";
import { countedAttempts, problemFateSql } from "./comparing-funnel";
import { errorTypeSql } from "./comparing-interventions";
import { KNOWN } from "./located";

/** Takes a value and gives its mark in the statement. */
type Add = (value: unknown) => string;

/** A condition on attempts that a figure's link means. @param attempt the alias of the attempts. */
export function amongAttemptsCondition(f: AmongAttempts, add: Add, attempt = "a"): string {
  const pipeline = `${add(f.pipeline)}::uuid`;
  switch (f.kind) {
    case "became":
      return hasFate(pipeline, attempt, (fate) => `${fate} = ${add(f.fate)}`);
    case "came":
      return hasFate(pipeline, attempt, (fate) => `${fate} = ANY(${add(f.fates)}::text[])`);
    case "unused": {
      const dataset = add(f.dataset);
      return `(${hasFate(pipeline, attempt, (fate) => `${fate} = 'kept'`)} AND NOT ${hasRow(dataset, attempt)}
        AND ${unusedSql(dataset, attempt)} = ${add(f.why)})`;
    }
    case "rows":
      return `EXISTS (SELECT 1 FROM dataset_row d ${joinChosen(pipeline, attempt)}
        WHERE d.attempt_id = ${attempt}.id AND d.dataset_id = ${add(f.dataset)}::uuid AND ${originSql(pipeline, attempt)} = ${add(f.origin)})`;
    case "type":
      return `(${attemptsOf(pipeline, attempt)} AND EXISTS (SELECT 1 FROM (SELECT 1) one ${joinChosen(pipeline, attempt)} WHERE chosen_here.kept IS NOT NULL)
        AND ${errorTypeSql(attempt)} = ${add(f.type)})`;
    case "label": {
      const place = f.by === "step" ? "k.first_error" : `(k.first_error::float8 / ${attempt}.steps)`;
      // The last bin of a share holds its upper end.
      const below = f.by === "share" && f.below >= 1 ? "" : `AND ${place} < ${add(f.below)}::float8`;
      return `(${attemptsOf(pipeline, attempt)} AND EXISTS (SELECT 1 FROM ${KNOWN} k WHERE k.attempt_id = ${attempt}.id
        AND k.source = ${add(f.source)} AND k.first_error IS NOT NULL AND ${place} >= ${add(f.from)}::float8 ${below}))`;
    }
  }
}

/** A condition on problems that a figure's link means. @param problem the alias of the problems. */
export function amongProblemsCondition(f: AmongProblems, add: Add, problem = "p"): string {
  const pipeline = `${add(f.pipeline)}::uuid`;
  const sampled = (arm: Arm, which = "") =>
    `EXISTS (SELECT 1 FROM continuation_count k WHERE k.run_id = ANY(${runsOf(pipeline, "continue")}) AND k.arm = '${arm}'
       AND k.problem_id = ${problem}.id ${which})`;
  const covered = (arm: Arm, how: Covered) =>
    how === "any"
      ? sampled(arm)
      : how === "covered"
        ? sampled(arm, "AND k.c > 0")
        : `(${sampled(arm)} AND NOT ${sampled(arm, "AND k.c > 0")})`;
  const rate = (arm: Arm) =>
    `(SELECT sum(k.c)::float8 / sum(k.n) FROM continuation_count k WHERE k.run_id = ANY(${runsOf(pipeline, "continue")}) AND k.arm = '${arm}'
       AND k.problem_id = ${problem}.id)`;
  switch (f.kind) {
    case "arm":
      return covered(f.arm, f.covered);
    case "three":
      return `(${HINT_ARMS.map((arm) => sampled(arm)).join(" AND ")} AND ${covered(f.arm, f.covered)})`;
    case "pair": {
      const both = `${sampled(f.a)} AND ${sampled(f.b)}`;
      if (f.relation === "any") return `(${both})`;
      const sign = { more: ">", less: "<", same: "=" }[f.relation];
      return `(${both} AND ${counts(pipeline, problem, f.a, f.b, sign)})`;
    }
    case "rate": {
      const bounds =
        f.below === 0 ? "x.rate = 0" : `x.rate ${f.from === 0 ? ">" : ">="} ${add(f.from)}::float8 AND x.rate < ${add(f.below)}::float8`;
      return `(${covered("intervention", f.covered)} AND EXISTS (SELECT 1 FROM (SELECT ${rate("problem")} AS rate) x WHERE ${bounds}))`;
    }
    case "fate":
      return `(${f.fate === "no_attempt" ? `EXISTS (SELECT 1 FROM work_item w WHERE w.run_id = ANY(${runsOf(pipeline, "rollout")}) AND w.target_id = ${problem}.id)` : "true"}
        AND EXISTS (SELECT 1 FROM (${countedAttempts(pipeline, `${problem}.id`)}) t WHERE ${problemFateSql} = ${add(f.fate)}))`;
    case "came":
      return `EXISTS (SELECT 1 FROM attempt among_a WHERE among_a.problem_id = ${problem}.id
        AND ${hasFate(pipeline, "among_a", (fate) => `${fate} = ANY(${add(f.fates)}::text[])`)})`;
  }
}

/** Rates of a problem under two arms compared exactly: c_a · n_b against c_b · n_a. */
function counts(pipeline: string, problem: string, a: Arm, b: Arm, sign: string): string {
  const of = (what: string, arm: Arm) => `sum(k.${what}) FILTER (WHERE k.arm = '${arm}')`;
  return `(SELECT ${of("c", a)} * ${of("n", b)} ${sign} ${of("c", b)} * ${of("n", a)}
    FROM continuation_count k WHERE k.run_id = ANY(${runsOf(pipeline, "continue")}) AND k.problem_id = ${problem}.id AND k.arm IN ('${a}', '${b}'))`;
}
