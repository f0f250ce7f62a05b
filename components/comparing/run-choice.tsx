import type { ComparedLineage } from "@/server/core/views/comparing-runs";
import { Swatch } from "../charts/mark";
import { count } from "../ui/format";
import { StateWord } from "../ui/state-word";
import type { LookedTraining } from "./run-curves";

/** Which trainings are drawn, by lineage; the legend too. */
export function RunChoice(props: {
  lineages: readonly ComparedLineage[];
  looks: readonly LookedTraining[];
  chosen: ReadonlySet<string>;
  onChange: (ids: readonly string[], on: boolean) => void;
}) {
  return (
    <ul className="grid gap-x-10 gap-y-4 sm:grid-cols-2 xl:grid-cols-3" aria-label="Trainings">
      {props.lineages.map((lineage) => {
        const ids = lineage.trainings.map((t) => t.id);
        const on = ids.filter((id) => props.chosen.has(id)).length;
        return (
          <li key={lineage.label} className="min-w-0">
            <label className="flex items-baseline gap-2 font-medium">
              <input
                type="checkbox"
                className="size-4 shrink-0 self-center accent-ink"
                checked={on > 0}
                ref={(box) => {
                  if (box !== null) box.indeterminate = on > 0 && on < ids.length;
                }}
                onChange={() => props.onChange(ids, on < ids.length)}
              />
              <span className="min-w-0 [overflow-wrap:anywhere]">{lineage.label}</span>
            </label>
            <ul className="mt-1 space-y-0.5 ps-6 text-sm">
              {lineage.trainings.map((training) => {
                const look = props.looks.find((l) => l.training.id === training.id)?.line.look;
                return (
                  <li key={training.id} className="flex flex-wrap items-baseline gap-x-2">
                    <label className="flex min-w-0 items-baseline gap-2" title={training.name}>
                      <input
                        type="checkbox"
                        className="size-4 shrink-0 self-center accent-ink"
                        aria-label={`${lineage.label}, ${training.label}`}
                        checked={props.chosen.has(training.id)}
                        disabled={training.step === 0}
                        onChange={(e) => props.onChange([training.id], e.target.checked)}
                      />
                      {look !== undefined && <Swatch look={look} mark />}
                      <span className="min-w-0 [overflow-wrap:anywhere]">{training.label}</span>
                    </label>
                    <span className="text-faint">
                      {count(training.step)}{training.steps > 0 && ` / ${count(training.steps)}`} steps
                    </span>
                    {training.state !== "done" && <StateWord state={training.state} />}
                    <a href={`/api/trainings/${training.id}/events`} className="text-faint" aria-label={`Raw events of ${lineage.label}, ${training.label}`}>
                      events
                    </a>
                  </li>
                );
              })}
            </ul>
          </li>
        );
      })}
    </ul>
  );
}
