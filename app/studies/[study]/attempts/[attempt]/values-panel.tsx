"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useTRPC } from "@/app/trpc/client";
import { stateWords } from "@/components/branching/branch-words";
import { Button } from "@/components/ui/button";
import { count, moment } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import { ValueForm } from "@/components/values/value-form";
import { isOver } from "@/server/core/run-state";
import type { ValueRunView, ValuesView } from "@/server/core/views/values";
import type { PanelProps } from "./panel-props";
import { ValuesReading } from "./values-reading";

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
      {read.data.points.length > 0 && (
        <ValuesReading values={read.data} attempt={attempt} reader={reader} Chart={ValueChart} />
      )}
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
