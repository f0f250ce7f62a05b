import type { ProposalCounts } from "@/server/core/views/study";
import { count, percent, plural } from "../ui/format";

/**
 * What the verification samples came to, and what became of the proposals among them.
 * @param continues proposals go on to continuations in this run; where they do not, none is chosen.
 */
export function ProposalCountsView({ counts: c, continues }: { counts: ProposalCounts; continues: boolean }) {
  if (c.verifications === 0) return <p className="text-faint">No attempt has been verified yet.</p>;
  return (
    <div className="grid gap-x-16 gap-y-8 lg:grid-cols-2">
      <Samples counts={c} />
      <div>
        {continues && <Funnel counts={c} />}
        {(continues || c.proposed > 0) && <Leaks counts={c} />}
      </div>
    </div>
  );
}

/** One bar of all samples by outcome. Patterns differ as well as colours. */
function Samples({ counts: c }: { counts: ProposalCounts }) {
  const parts = [
    {
      label: "proposed",
      n: c.proposed,
      fill: "var(--intervention)",
      hint: "an intervention that could be read, at a step that exists",
    },
    ...(c.located > 0
      ? [
          {
            label: "located",
            n: c.located,
            fill: "var(--error)",
            hint: "the first error is named; no intervention was asked for",
          },
        ]
      : []),
    { label: "no error", n: c.noError, fill: "var(--edge)", hint: "the log finds no critical error" },
    {
      label: "out of range",
      n: c.outOfRange,
      fill: stripes("uncertainty", 2, 5),
      hint: "its location is not a step of the attempt",
    },
    {
      label: "cut off",
      n: c.cutOff,
      fill: "var(--uncertainty)",
      hint: "stopped at the token limit before it was complete",
    },
    {
      label: "unparsed",
      n: c.unparsed,
      fill: stripes("error", 2, 4),
      hint: "nothing in it could be read as an intervention",
    },
  ];
  return (
    <div>
      <h3 className="mb-2 text-base font-normal">
        {plural(c.verifications, "verification sample")} of {plural(c.attempts, "attempt")}
      </h3>
      <div className="flex h-3 gap-px overflow-hidden rounded-xs" aria-hidden>
        {parts.map((p) => p.n > 0 && <span key={p.label} style={{ flex: `${p.n} 1 2px`, background: p.fill }} />)}
      </div>
      <dl className="mt-3 text-sm">
        {parts.map((p) => (
          <div
            key={p.label}
            className="grid grid-cols-[1rem_7rem_4rem_4rem_1fr] items-baseline gap-x-2 border-b border-rule py-1"
          >
            <span aria-hidden className="size-2.5 self-center rounded-xs" style={{ background: p.fill }} />
            <dt>{p.label}</dt>
            <dd className="text-end">{count(p.n)}</dd>
            <dd className="text-end text-faint">{percent(p.n / c.verifications)}</dd>
            <dd className="text-faint max-sm:hidden">{p.hint}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function stripes(token: string, on: number, period: number): string {
  return `repeating-linear-gradient(115deg, var(--${token}) 0 ${on}px, transparent ${on}px ${period}px)`;
}

/** Attempts that are left after each filter. */
function Funnel({ counts: c }: { counts: ProposalCounts }) {
  const open = c.chosen - c.judged;
  const rows = [
    { label: "attempts verified", n: c.attempts, of: null },
    { label: "with a chosen proposal", n: c.chosen, of: c.attempts },
    { label: "with a success after it: kept", n: c.kept, of: c.judged },
  ];
  return (
    <div>
      <h3 className="mb-2 text-base font-normal">What became of the attempts</h3>
      <dl className="text-sm">
        {rows.map((r, i) => (
          <div
            key={r.label}
            className="grid grid-cols-[12rem_1fr_8rem] items-center gap-x-3 py-1 max-sm:grid-cols-[1fr_auto]"
          >
            <dt>{r.label}</dt>
            <span aria-hidden className="h-3 max-sm:hidden">
              <span
                className="block h-full rounded-xs"
                style={{
                  width: `${(100 * r.n) / Math.max(1, c.attempts)}%`,
                  minWidth: r.n > 0 ? 2 : 0,
                  background: i === 0 ? "var(--edge)" : i === 1 ? "var(--intervention)" : "var(--success)",
                }}
              />
            </span>
            <dd className="text-end whitespace-nowrap">
              {count(r.n)}
              {r.of !== null && <span className="text-faint"> of {count(r.of)}</span>}
            </dd>
          </div>
        ))}
      </dl>
      {open > 0 && <p className="mt-1 text-sm text-uncertainty">{plural(open, "chosen proposal")} not judged yet.</p>}
    </div>
  );
}

/** How many proposals give the answer away, by each of the two rules. */
function Leaks({ counts: c }: { counts: ProposalCounts }) {
  return (
    <div className="mt-5">
      <h3 className="mb-1 text-base font-normal">Answer given away, of {plural(c.proposed, "proposal")}</h3>
      <dl className="text-sm">
        {[
          {
            label: "by equivalence",
            n: c.leakedEquivalent,
            hint: "a part of it equals the answer; these are not chosen",
          },
          {
            label: "by the paper’s substring rule",
            n: c.leakedSubstring,
            hint: "the answer’s text occurs in it; reported beside",
          },
          { label: "by both", n: c.leakedBoth, hint: "" },
        ].map((r) => (
          <div
            key={r.label}
            className="grid grid-cols-[12rem_4rem_1fr] items-baseline gap-x-3 border-b border-rule py-1"
          >
            <dt>{r.label}</dt>
            <dd className="text-end">{count(r.n)}</dd>
            <dd className="text-faint max-sm:hidden">{r.hint}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
