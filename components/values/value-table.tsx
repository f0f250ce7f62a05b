import type { ValuePoint } from "@/server/core/branching/values";
import { roughPercent } from "../ui/format";

/** The chart in numbers; the drop to a point is from the point before it. */
export function ValueTable({ points, onGo }: { points: readonly ValuePoint[]; onGo: (step: number) => void }) {
  return (
    <div className="max-h-96 overflow-y-auto" tabIndex={0} role="region" aria-label="Step values in numbers">
      <table className="w-full text-sm tabular-nums">
        <caption className="sr-only">Value of each sampled step</caption>
        <thead className="text-faint">
          <tr className="border-b border-edge">
            {["after step", "V", "95 %", "right of n", "change"].map((h, i) => (
              <th key={h} scope="col" className={`py-1 font-normal ${i === 0 ? "text-start" : "text-end"}`}>
                {h}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.map((p, i) => {
            const before = points[i - 1];
            const change = before === undefined ? null : p.value - before.value;
            return (
              <tr key={p.step} className="border-b border-rule">
                <th scope="row" className="py-1 text-start font-normal">
                  {p.step === 0 ? (
                    "bare problem"
                  ) : (
                    <button type="button" className="underline decoration-edge underline-offset-4" onClick={() => onGo(p.step)}>
                      {p.step}
                    </button>
                  )}
                </th>
                <td className="py-1 text-end">{p.value.toFixed(2)}</td>
                <td className="py-1 text-end whitespace-nowrap text-uncertainty">
                  {roughPercent(p.interval.low).replace(" %", "")} to {roughPercent(p.interval.high)}
                </td>
                <td className="py-1 text-end">
                  {p.correct} of {p.n}
                </td>
                <td className={`py-1 text-end ${change !== null && change < 0 ? "text-error" : "text-soft"}`}>
                  {change === null || change === 0 ? "–" : `${change > 0 ? "+" : "−"}${Math.abs(change).toFixed(2)}`}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
