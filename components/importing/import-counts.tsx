import type { ImportReport } from "@/server/core/importing/report";
import { count, plural } from "../ui/format";

/** What an import has brought, and what it could not use. */
export function ImportCounts({ report: r, reportHref }: { report: ImportReport; reportHref: string | null }) {
  const graded = r.grades.right + r.grades.wrong;
  const compared = r.grades.sameAsFile + r.grades.otherThanFile;
  return (
    <div>
      <p className="max-w-prose">{r.detected}</p>
      <dl className="mt-4 grid max-w-3xl grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5">
        <Line name="Problems" value={count(r.problems.added)} note={r.problems.present > 0 ? `${plural(r.problems.present, "row")} met one that was there` : ""} />
        {(r.attempts.added > 0 || r.attempts.present > 0) && (
          <Line
            name="Attempts"
            value={count(r.attempts.added)}
            note={[r.attempts.present > 0 ? `${count(r.attempts.present)} there already` : "", r.models.length > 0 ? `by ${r.models.slice(0, 5).join(", ")}${r.models.length > 5 ? ` and ${r.models.length - 5} more` : ""}` : ""].filter(Boolean).join("; ")}
          />
        )}
        {graded > 0 && (
          <Line
            name="Graded"
            value={`${count(r.grades.right)} right, ${count(r.grades.wrong)} wrong`}
            note={compared > 0 ? `${count(r.grades.sameAsFile)} of the file’s ${plural(compared, "verdict")} are the grader’s too` : ""}
          />
        )}
        {r.grades.none > 0 && <Line name="Not graded" value={count(r.grades.none)} note="the problem’s answer is not known" />}
        {r.labels > 0 && <Line name="Labels" value={count(r.labels)} note="of the first error" />}
        {r.verifications > 0 && <Line name="Verifications" value={count(r.verifications)} note="" />}
        {r.proposals > 0 && <Line name="Interventions" value={count(r.proposals)} note="as proposals" />}
        <Line name="Problem set" value={r.problemSet} note="" />
        {r.notKept.length > 0 && <Line name="Not kept" value="" note={r.notKept.join(", ")} />}
      </dl>
      {r.rows.bad > 0 && (
        <div className="mt-6">
          <h3 className="text-lg text-error">
            {plural(r.rows.bad, "row")} of {count(r.rows.read)} could not be used
          </h3>
          <Rows rows={r.badRows} of={r.rows.bad} />
        </div>
      )}
      {r.repairedRows.length > 0 && (
        <div className="mt-6">
          <h3 className="text-lg">Rows that were repaired</h3>
          <Rows rows={r.repairedRows} of={r.repairedRows.length} />
        </div>
      )}
      {reportHref !== null && (
        <p className="mt-4">
          <a href={reportHref}>Report with every one of them</a> <span className="text-sm text-faint">(JSON lines)</span>
        </p>
      )}
    </div>
  );
}

function Line({ name, value, note }: { name: string; value: string; note: string }) {
  return (
    <>
      <dt className="text-faint">{name}</dt>
      <dd className="min-w-0 break-words">
        {value} {note !== "" && <span className="text-sm text-faint">{note}</span>}
      </dd>
    </>
  );
}

function Rows({ rows, of }: { rows: ImportReport["badRows"]; of: number }) {
  return (
    <ul className="mt-2 max-w-3xl space-y-1 text-sm">
      {rows.map((b) => (
        <li key={`${b.row} ${b.field} ${b.reason}`} className="break-words">
          <span className="text-faint">row {count(b.row)}</span> <code className="font-mono">{b.field}</code> {b.reason}
        </li>
      ))}
      {of > rows.length && <li className="text-faint">and {count(of - rows.length)} more</li>}
    </ul>
  );
}
