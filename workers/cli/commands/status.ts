import type { Command } from "commander";
import { ARM_LABEL, ARMS } from "@/server/core/arms";
import type { StudyStatus } from "@/server/usecases/status";
import { count, printJson, printLine, table } from "../output";
import { withDatabase } from "../with-database";

export function addStatus(program: Command): void {
  program
    .command("status")
    .description("how far every run is, and the conditioning table so far")
    .option("--study <name>", "only this study")
    .option("--json", "print one JSON document")
    .action(async (options: { study?: string; json?: boolean }) => {
      const status = await withDatabase(async (db) => {
        const { readStatus } = await import("@/server/usecases/status");
        return readStatus(db, { study: options.study });
      });
      if (options.json) return printJson(status);
      if (status.studies.length === 0) {
        return printLine('There is no study yet: "npm start" makes the lab study, "intervene import" any other.');
      }
      for (const [i, study] of status.studies.entries()) await printLine((i > 0 ? "\n" : "") + studyText(study));
    });
}

const share = (part: number, whole: number) => (whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)} %`);

function studyText(study: StudyStatus): string {
  const parts = [study.name];
  if (study.runs.length > 0) {
    parts.push(
      table([
        ["  stage", "state", "done", "total", "failed"],
        ...study.runs.map((r) => [`  ${r.stage}`, r.state, count(r.done), count(r.total), count(r.failed)]),
      ]),
    );
  } else parts.push("  no run yet");
  const arms = ARMS.flatMap((arm) => {
    const a = study.arms[arm];
    return a && a.samples > 0 ? [{ arm, ...a }] : [];
  });
  if (arms.length > 0) {
    parts.push(
      table([
        ["  conditioned on", "covered", "coverage", "correct", "accuracy"],
        ...arms.map((a) => [
          `  ${ARM_LABEL[a.arm]}`,
          `${count(a.covered)}/${count(a.problems)}`,
          share(a.covered, a.problems),
          `${count(a.correct)}/${count(a.samples)}`,
          share(a.correct, a.samples),
        ]),
      ]),
    );
  }
  const p = study.proposals;
  if (p && p.verifications > 0) {
    parts.push(
      `  verifications ${count(p.verifications)}: proposed ${count(p.proposed)}${p.located > 0 ? `, located ${count(p.located)}` : ""}, no error found ${count(p.no_error)}, ` +
        `unparsed ${count(p.unparsed)}, out of range ${count(p.out_of_range)}, cut off ${count(p.cut_off)}`,
      `  proposals: ${count(p.leaked_equivalent)} give the answer away (${count(p.leaked_substring)} by the plain substring rule), ` +
        `${count(p.chosen)} chosen, ${count(p.kept)} kept`,
    );
  }
  return parts.join("\n");
}
