"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useMemo, useState } from "react";
import { useTRPC } from "@/app/trpc/client";
import { stateWords } from "@/components/branching/branch-words";
import { Choice } from "@/components/branching/fields";
import { Button } from "@/components/ui/button";
import { count, moment } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import { againstDrop, chartSteps, dropWords, locatedErrors } from "@/components/values/prepare";
import { ValueForm } from "@/components/values/value-form";
import { ValueTable } from "@/components/values/value-table";
import { largestDrop } from "@/server/core/branching/values";
import { isOver } from "@/server/core/run-state";
import type { ValueRunView, ValuesView } from "@/server/core/views/values";
import type { PanelProps } from "./panel-props";

// The chart's library is not worth its weight to who never opens it.
const ValueChart = dynamic(() => import("@/components/values/value-chart"), {
  ssr: false,
  loading: () => <div className="h-56" />,
});

/** V(t): how good the attempt's chances are after each step, where they fall most, and what was located as the error. */
export function ValuesPanel({ attempt, reader }: PanelProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const here = { study: attempt.study.name, attempt: attempt.id };
  const read = useQuery(trpc.values.get.queryOptions(here));
  const defaults = useQuery(trpc.branches.defaults.queryOptions(here));
  const again = () => void queries.invalidateQueries({ queryKey: trpc.values.pathKey() });
  const start = useMutation(trpc.values.start.mutationOptions({ onSuccess: again }));
  const error = read.error ?? defaults.error;
  if (error) return <Message tone="error">{error.message}</Message>;
  if (read.data === undefined || defaults.data === undefined) return <p className="text-faint">Reading…</p>;
  const { model, models } = defaults.data;
  return (
    <div className="space-y-5">
      {read.data.points.length > 0 && <Values values={read.data} attempt={attempt} reader={reader} />}
      <Runs values={read.data} onChange={again} />
      {model === null ? (
        <Message tone="uncertainty">
          This study has no model that a server serves, so nothing can be sampled here. Start a run on it with --model
          first.
        </Message>
      ) : (
        <section aria-label="More values">
          <h3 className="mb-2 font-sans text-sm font-medium">
            {read.data.runs.length === 0 ? "Sample step values" : "Sample more"}
          </h3>
          {read.data.runs.length === 0 && (
            <p className="mb-2 text-sm text-soft">
              V(t) is the share of right answers among fresh continuations of the first t steps. Where it falls, the
              attempt went wrong.
            </p>
          )}
          <ValueForm
            steps={attempt.steps.length}
            models={models.map((m) => m.name)}
            model={model}
            busy={start.isPending}
            error={start.error?.message ?? null}
            onStart={(choice) => start.mutate({ ...here, choice })}
          />
        </section>
      )}
    </div>
  );
}

function Values({ values, attempt, reader }: PanelProps & { values: ValuesView }) {
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
          <ValueChart
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

const PLAN_WORD = { all: "every step", every: "each k-th step", bisect: "around the largest drop" } as const;

function Runs({ values, onChange }: { values: ValuesView; onChange: () => void }) {
  if (values.runs.length === 0) return null;
  return (
    <section aria-label="Runs of step values">
      <h3 className="mb-1 font-sans text-sm font-medium">Asked for</h3>
      <ul className="divide-y divide-rule border-y border-rule text-sm">
        {values.runs.map((r) => (
          <Run key={r.runId} run={r} workers={values.workers} onChange={onChange} />
        ))}
      </ul>
    </section>
  );
}

function Run({ run: r, workers, onChange }: { run: ValueRunView; workers: number; onChange: () => void }) {
  const trpc = useTRPC();
  const options = { onSuccess: onChange };
  const cancel = useMutation(trpc.runs.cancel.mutationOptions(options));
  const pause = useMutation(trpc.runs.pause.mutationOptions(options));
  const resume = useMutation(trpc.runs.resume.mutationOptions(options));
  const target = { pipelineId: r.pipelineId };
  const says = stateWords(r, workers);
  const error = cancel.error ?? pause.error ?? resume.error;
  return (
    <li className="py-1.5" data-testid="value-run" data-state={r.state}>
      <p className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span>
          {r.plan === "every" ? `each ${r.every}th step` : PLAN_WORD[r.plan]}, {r.samples} each
        </span>
        <span className="tabular-nums">
          {count(r.done)} of {count(r.total)}
          {r.state === "done" ? "" : `, ${r.state}`}
        </span>
      </p>
      <p className="flex flex-wrap items-baseline justify-between gap-x-3 text-faint">
        <span>
          {r.author ?? "anonymous"}, {r.model}, seed {r.seed}, {moment(r.createdAt)}
        </span>
        {!isOver(r.state) && (
          <span className="flex gap-3">
            {r.state === "paused" ? (
              <Button tone="quiet" onClick={() => resume.mutate(target)}>
                Resume
              </Button>
            ) : (
              <Button tone="quiet" onClick={() => pause.mutate(target)}>
                Pause
              </Button>
            )}
            <Button tone="quiet" onClick={() => cancel.mutate(target)}>
              Cancel
            </Button>
          </span>
        )}
      </p>
      {says !== "" && <Message tone={r.state === "failed" ? "error" : "uncertainty"}>{says}</Message>}
      {error && <Message tone="error">{error.message}</Message>}
    </li>
  );
}
