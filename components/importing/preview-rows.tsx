import { ModelText } from "../text/model-text";
import { plural } from "../ui/format";

export type PreviewedRow =
  | {
      row: number;
      problem: { statement: string; answer: string | null; reference: boolean; named: boolean };
      attempts: readonly PreviewedAttempt[];
    }
  | { row: number; bad: { field: string; reason: string } };

interface PreviewedAttempt {
  model: string;
  text: string;
  steps: number;
  answer: string | null;
  verdict: boolean | null;
  label: { source: string; firstError: number | null } | null;
  verification: boolean;
  proposal: { content: string; location: number } | null;
}

/** The first rows as they would be imported, or why they would not. */
export function PreviewRows({ rows }: { rows: readonly PreviewedRow[] }) {
  if (rows.length === 0) return <p className="text-faint">No row could be read.</p>;
  return (
    <ol className="divide-y divide-rule" aria-label="First rows">
      {rows.map((row) => (
        <li key={row.row} className="grid gap-x-6 gap-y-2 py-4 md:grid-cols-[4rem_minmax(0,1fr)]">
          <span className="text-sm text-faint">row {row.row}</span>
          {"bad" in row ? (
            <p className="text-error">
              {row.bad.field === "row" ? "" : `${row.bad.field}: `}
              {row.bad.reason}
            </p>
          ) : (
            <div className="min-w-0 space-y-3">
              <Problem of={row.problem} />
              {row.attempts.map((attempt, i) => (
                <Attempt key={i} of={attempt} />
              ))}
            </div>
          )}
        </li>
      ))}
    </ol>
  );
}

function Problem({ of: p }: { of: Extract<PreviewedRow, { problem: unknown }>["problem"] }) {
  if (p.named) {
    return (
      <p>
        The problem of the set with the id <code className="font-mono text-sm">{p.statement}</code>
      </p>
    );
  }
  return (
    <div className="min-w-0">
      <div className="line-clamp-4">
        <ModelText text={p.statement} small />
      </div>
      <p className="mt-1 text-sm text-soft">
        {p.answer === null ? <span className="text-uncertainty">answer not known</span> : <>answer <code className="font-mono break-words">{p.answer}</code></>}
        {p.reference && ", with a reference solution"}
      </p>
    </div>
  );
}

function Attempt({ of: a }: { of: PreviewedAttempt }) {
  return (
    <div className="min-w-0 border-s-2 border-rule ps-3">
      <p className="text-sm text-soft">
        <b className="font-medium text-ink">{a.model}</b>, {plural(a.steps, "step")},{" "}
        {a.answer === null ? "no final answer found" : <>answers <code className="font-mono break-words">{a.answer}</code></>}
        {a.verdict !== null && <>, the file says {a.verdict ? "right" : "wrong"}</>}
      </p>
      <div className="mt-1 line-clamp-3 text-soft">
        <ModelText text={a.text} small />
      </div>
      {a.label !== null && (
        <p className="mt-1 text-sm">
          {a.label.firstError === null ? "No error" : <span className="text-error">First error in step {a.label.firstError}</span>}
          <span className="text-faint">, by {a.label.source}</span>
        </p>
      )}
      {a.proposal !== null && (
        <p className="mt-1 line-clamp-2 text-sm text-intervention">
          Step {a.proposal.location} becomes: {a.proposal.content}
        </p>
      )}
      {a.verification && <p className="mt-1 text-sm text-faint">With a verification</p>}
    </div>
  );
}
