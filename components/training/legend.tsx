import { Disclosure } from "../ui/disclosure";
import { figure } from "../ui/format";
import type { ChartData, Line } from "./curves-prepare";
import { lookOf } from "./look";

/** Which line is which training, and its raw events. */
export function Legend(props: { lines: readonly Line[]; eventsHref: (trainingId: string) => string }) {
  return (
    <ul className="flex flex-wrap gap-x-8 gap-y-1 text-sm">
      {props.lines.map((line) => (
        <li key={line.id} className="flex items-baseline gap-2">
          <svg width="28" height="8" aria-hidden className="shrink-0 self-center">
            <line x1="1" x2="27" y1="4" y2="4" stroke={lookOf(line).stroke} strokeDasharray={lookOf(line).dash} strokeWidth="2" />
          </svg>
          {line.name}
          <a href={props.eventsHref(line.id)} className="text-soft underline decoration-edge underline-offset-4 hover:decoration-current">
            events
          </a>
        </li>
      ))}
    </ul>
  );
}

/** The chart's data as a table. */
export function PointsTable({ data, lines }: { data: ChartData; lines: readonly Line[] }) {
  return (
    <Disclosure title="As a table">
      <div className="max-h-64 overflow-auto" tabIndex={0} role="group" aria-label={`${data.metric.label} as a table`}>
        <table className="text-sm">
          <thead>
            <tr className="text-faint">
              <th scope="col" className="pe-4 text-end font-normal">Step</th>
              {lines.map((line) => (
                <th key={line.id} scope="col" className="ps-4 text-end font-normal">{line.name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.rows.map((row) => (
              <tr key={row.step}>
                <th scope="row" className="pe-4 text-end font-normal">{row.step}</th>
                {lines.map((line) => {
                  const value = row[line.id];
                  return (
                    <td key={line.id} className="ps-4 text-end">{value === undefined ? "" : figure(value)}</td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Disclosure>
  );
}
