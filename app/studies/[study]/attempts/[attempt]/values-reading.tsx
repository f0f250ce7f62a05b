"use client";
import { type ComponentProps, type ComponentType, useMemo, useState } from "react";
import { Choice } from "@/components/branching/fields";
import { Button } from "@/components/ui/button";
import { count } from "@/components/ui/format";
import { againstDrop, chartSteps, dropWords, locatedErrors } from "@/components/values/prepare";
import type ValueChart from "@/components/values/value-chart";
import { ValueTable } from "@/components/values/value-table";
import { largestDrop } from "@/server/core/branching/values";
import type { ValuesView } from "@/server/core/views/values";
import type { PanelProps } from "./panel-props";

/** V(t) as a curve or a table, with the largest drop and who located what. @param Chart comes when it is drawn. */
export function ValuesReading(
  props: PanelProps & {
    values: Pick<ValuesView, "points" | "model">;
    Chart: ComponentType<ComponentProps<typeof ValueChart>>;
  },
) {
  const { values, attempt, reader, Chart } = props;
  const { points } = values;
  const [view, setView] = useState<"chart" | "table">("chart");
  const drop = useMemo(() => largestDrop(points), [points]);
  const steps = useMemo(() => chartSteps(points, attempt.steps.length), [points, attempt.steps.length]);
  const located = locatedErrors(attempt, reader.look.verification?.firstError ?? null);
  const [least, most] = [Math.min(...points.map((p) => p.n)), Math.max(...points.map((p) => p.n))];
  const words = dropWords(drop);
  return (
    <section aria-label="Step values" data-testid="values" className="text-sm">
      <div className="mb-1 flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <p className="text-soft">
          V(t) under {values.model}, {least === most ? count(least) : `${count(least)} to ${count(most)}`} samples a
          point
        </p>
        <Choice
          label="View"
          value={view}
          options={[
            ["chart", "Chart"],
            ["table", "Table"],
          ]}
          onValue={setView}
        />
      </div>
      {view === "chart" ? (
        <>
          <Chart
            steps={steps}
            drop={drop}
            located={located}
            label={`Value after each step, ${points.length} points from ${points[0]?.value.toFixed(2)} to ${points.at(-1)?.value.toFixed(2)}. ${words}`}
          />
          <p className="text-faint">
            Steps to the right, V(t) upwards; bars are Wilson 95 % intervals. No line where nothing was sampled.
          </p>
        </>
      ) : (
        <ValueTable points={points} onGo={reader.go} />
      )}
      <p className="mt-2">
        {words}{" "}
        {drop !== null && (
          <Button tone="quiet" onClick={() => reader.go(Math.min(drop.from + 1, attempt.steps.length))}>
            Go there
          </Button>
        )}
      </p>
      <ul className="mt-1 space-y-0.5">
        {located.map((e) => (
          <li key={`${e.by}-${e.step}`} className="flex flex-wrap gap-x-2">
            <span aria-hidden className={e.kind === "model" ? "text-error" : "text-ink"}>
              {e.kind === "model" ? "┆" : "│"}
            </span>
            <span>
              First error by {e.by}: step {e.step}
              {drop !== null && <span className="text-soft">, {againstDrop(e, drop)}</span>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
