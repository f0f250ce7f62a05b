import { type ImportReport, SHOWN } from "../../core/importing/report";
import type { RowResult } from "./batch";
import type { ReportFile } from "./report-file";

/** Count what became of one row that was written (or refused by what the problem set holds). */
export function countRow(report: ImportReport, result: RowResult, log: ReportFile): void {
  const refuse = (field: string, reason: string) => {
    const line = { row: result.row, field, reason };
    report.rows.bad += 1;
    if (report.badRows.length < SHOWN) report.badRows.push(line);
    log.write({ kind: "bad_row", ...line });
  };
  if ("refused" in result) {
    refuse(result.refused.field, result.refused.reason);
    return;
  }
  report.rows.used += 1;
  report.problems[result.problemIsNew ? "added" : "present"] += 1;
  for (const { source, written, fate, gold } of result.attempts) {
    if (fate === "other_text") {
      refuse(source.model, "another text stands in this attempt's place already, from an earlier file of the same name");
      continue;
    }
    report.attempts[fate] += 1;
    const { grade } = written;
    if (grade === null) report.grades.none += 1;
    else {
      const ours = grade.reward === 1;
      report.grades[ours ? "right" : "wrong"] += 1;
      if (source.verdict !== null && gold !== "") {
        report.grades[ours === source.verdict ? "sameAsFile" : "otherThanFile"] += 1;
        if (ours !== source.verdict) {
          const { extracted, reason } = grade;
          const line = { row: result.row, model: source.model, gold, extracted, file: source.verdict, ours, reason };
          if (report.differences.length < SHOWN) report.differences.push(line);
          log.write({ kind: "other_verdict", ...line });
        }
      }
    }
    if (fate !== "added") continue;
    if (written.label) report.labels += 1;
    if (written.verification) report.verifications += 1;
    if (written.proposal) report.proposals += 1;
  }
}
