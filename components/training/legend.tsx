import { Swatch } from "../charts/mark";
import type { Line } from "./curves-prepare";

/** Which line is which training, and its raw events. */
export function Legend(props: { lines: readonly Line[]; eventsHref: (trainingId: string) => string }) {
  return (
    <ul className="flex flex-wrap gap-x-8 gap-y-1 text-sm">
      {props.lines.map((line) => (
        <li key={line.id} className="flex min-w-0 items-baseline gap-2">
          <Swatch look={line.look} />
          <span className="min-w-0 [overflow-wrap:anywhere]">{line.name}</span>
          <a href={props.eventsHref(line.id)} className="text-soft underline decoration-edge underline-offset-4 hover:decoration-current">
            events
          </a>
        </li>
      ))}
    </ul>
  );
}
