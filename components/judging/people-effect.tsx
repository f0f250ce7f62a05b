import type { Interval } from "@/server/core/statistics/intervals";
import type { PeopleArm, PeopleEffect, ProblemEffect } from "@/server/core/views/judging";
import { scaleEnd, Whisker } from "../study/whisker";
import { plainStart } from "../text/plain";
import { Disclosure } from "../ui/disclosure";
import { count, percent, percentRange, plural } from "../ui/format";
import { Message } from "../ui/message";

/** How many rows people changed, and what that did to coverage: before and after over the same problems. */
export function PeopleEffectView({ effect }: { effect: PeopleEffect }) {
  return (
    <div className="space-y-4">
      <p className="max-w-prose">{words(effect)}</p>
      {effect.failed.count > 0 && (
        <Message tone="uncertainty">
          {plural(effect.failed.count, "version")} could not be sampled: {effect.failed.reason}
        </Message>
      )}
      {effect.before !== null && effect.after !== null && (
        <Table before={effect.before} after={effect.after} effect={effect} />
      )}
      {effect.problems.length > 0 && (
        <Disclosure title={`Problem by problem (${count(effect.problems.length)})`}>
          <Problems rows={effect.problems} />
        </Disclosure>
      )}
    </div>
  );
}

function words(e: PeopleEffect): string {
  const changed = e.rewritten + e.moved + e.rejected + e.noError;
  const kinds = [
    [e.rewritten, "rewritten"],
    [e.moved, "with the error elsewhere"],
    [e.rejected, "rejected"],
    [e.noError, "without an error"],
  ] as const;
  const list = kinds.flatMap(([n, word]) => (n > 0 ? [`${count(n)} ${word}`] : [])).join(", ");
  const parts = [
    `People’s label stands for ${plural(e.judged, "attempt")}; they changed ${count(changed)} of them${list === "" ? "" : ` (${list})`} and accepted ${count(e.accepted)}.`,
  ];
  if (e.cannotTell > 0) parts.push(`Of ${plural(e.cannotTell, "attempt")} they cannot tell.`);
  if (e.differing > 0) parts.push(`Judges differ on ${count(e.differing)} more, which nobody has settled yet.`);
  if (e.pending > 0)
    parts.push(
      `Continuations of ${plural(e.pending, "version")} are still being sampled, and count as unchanged until then.`,
    );
  if (e.unsampled.count > 0) parts.push(`${plural(e.unsampled.count, "version")} not sampled: ${e.unsampled.reason}`);
  return parts.join(" ");
}

function Table({ before, after, effect }: { before: PeopleArm; after: PeopleArm; effect: PeopleEffect }) {
  const coverageEnd = scaleEnd([before.coverage, after.coverage]);
  const accuracyEnd = scaleEnd([before.accuracy, after.accuracy]);
  const rows = [
    ["the model’s interventions", before],
    ["people’s in their place", after],
  ] as const;
  return (
    <div className="relative overflow-x-auto" role="region" aria-label="Effect of people’s versions" tabIndex={0}>
      <table className="w-full min-w-[40rem] text-base">
        <caption className="sr-only">
          Coverage and accuracy of continuations after an intervention, before and after people’s changes, over the same
          problems, with 95 % intervals
        </caption>
        <thead>
          <tr className="border-b border-rule text-sm text-faint [&>th]:py-1.5 [&>th]:pe-6 [&>th]:align-bottom">
            <th scope="col">+ prefix + intervention</th>
            <th scope="col">
              Coverage <span className="block text-xs">95 % interval</span>
            </th>
            <th scope="col" className="w-1/6">
              <span className="sr-only">Coverage, drawn</span>
            </th>
            <th scope="col">
              Accuracy <span className="block text-xs">95 % interval</span>
            </th>
            <th scope="col" className="w-1/6">
              <span className="sr-only">Accuracy, drawn</span>
            </th>
            <th scope="col">Samples</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, arm]) => (
            <tr key={name} className="border-b border-rule [&>*]:py-2 [&>*]:pe-6">
              <th scope="row" className={arm === after ? "font-semibold text-intervention" : ""}>
                {name}
              </th>
              <td className="whitespace-nowrap">
                <b className="font-semibold">
                  {count(arm.covered)}/{count(arm.problems)}
                </b>{" "}
                <Bounds of={arm.coverage} />
              </td>
              <td>
                {arm.coverage && (
                  <Whisker of={arm.coverage} max={coverageEnd} tone={arm === after ? "intervention" : "ink"} />
                )}
              </td>
              <td className="whitespace-nowrap">
                <b className="font-semibold">{arm.accuracy === null ? "–" : percent(arm.accuracy.value)}</b>{" "}
                <Bounds of={arm.accuracy} />
              </td>
              <td>
                {arm.accuracy && (
                  <Whisker of={arm.accuracy} max={accuracyEnd} tone={arm === after ? "intervention" : "ink"} />
                )}
              </td>
              <td className="text-sm text-soft">{count(arm.samples)}</td>
            </tr>
          ))}
          <tr className="[&>*]:py-2 [&>*]:pe-6">
            <th scope="row">difference</th>
            <td colSpan={2}>
              <Difference of={effect.coverageDifference} />
            </td>
            <td colSpan={2}>
              <Difference of={effect.accuracyDifference} />
            </td>
            <td />
          </tr>
        </tbody>
      </table>
      <p className="mt-2 max-w-prose text-sm text-faint">
        Both rows are over the same problems; a version that was rejected without a better one counts as none.
        Differences in percentage points, bootstrap over problems.
      </p>
    </div>
  );
}

function Bounds({ of }: { of: Interval | null }) {
  return of === null ? null : <span className="text-sm text-faint">{percentRange(of.low, of.high)}</span>;
}

/** "+4.2 points, −1.0 to 9.3". */
function Difference({ of }: { of: Interval | null }) {
  if (of === null) return <span className="text-faint">–</span>;
  return (
    <span className="whitespace-nowrap">
      <b className="font-semibold">{points(of.value)} points</b>{" "}
      <span className="text-sm text-faint">
        {points(of.low)} to {points(of.high)}
      </span>
    </span>
  );
}

function points(value: number): string {
  const p = Math.round(value * 1000) / 10;
  return p === 0 ? "0" : `${p > 0 ? "+" : "−"}${Math.abs(p).toFixed(1)}`;
}

function Problems({ rows }: { rows: readonly ProblemEffect[] }) {
  return (
    <div
      className="relative max-h-96 overflow-auto"
      role="region"
      aria-label="Problems that people changed"
      tabIndex={0}
    >
      <table className="w-full min-w-[32rem] text-sm">
        <thead>
          <tr className="border-b border-rule text-faint [&>th]:py-1 [&>th]:pe-4">
            <th scope="col">Problem</th>
            <th scope="col">Changed</th>
            <th scope="col">Right before</th>
            <th scope="col">Right after</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((p) => (
            <tr key={p.id} className="border-b border-rule [&>*]:py-1 [&>*]:pe-4">
              <th scope="row" className="max-w-0 w-full truncate font-normal">
                {p.ordinal + 1}. {plainStart(p.start, 120)}
              </th>
              <td>{count(p.changed)}</td>
              <td className="whitespace-nowrap">{of(p.before)}</td>
              <td className="whitespace-nowrap">{of(p.after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const of = (side: { samples: number; correct: number }) =>
  side.samples === 0 ? "not sampled" : `${count(side.correct)}/${count(side.samples)}`;
