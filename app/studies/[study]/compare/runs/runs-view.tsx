"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import { replaceSearch } from "@/app/search-params";
import { useTRPC } from "@/app/trpc/client";
import { ChartFrame } from "@/components/charts/frame";
import { RunChoice } from "@/components/comparing/run-choice";
import { looksOf, meanCharts, metricsOf, pointWords, seedCharts } from "@/components/comparing/run-curves";
import MetricChart from "@/components/training/metric-chart";
import { CheckField } from "@/components/ui/fields";
import { Message } from "@/components/ui/message";
import { Section } from "@/components/ui/section";
import type { ComparedLineage, ComparedRuns } from "@/server/core/views/comparing-runs";
import type { TrainingCurve } from "@/server/core/views/training";
import { chosenRuns, type Question, questionOf } from "./question";
import { SmoothingField } from "./smoothing-field";

const KINDS = [
  ["grpo", "Reinforcement learning"],
  ["sft", "Fine-tuning"],
] as const;

/** Trainings side by side: the same metric of several runs in one chart. */
export function RunsView({ study }: { study: string }) {
  const trpc = useTRPC();
  const question = questionOf(new URLSearchParams(useSearchParams()));
  const runs = useQuery(
    trpc.compareRuns.get.queryOptions({ study }, { refetchInterval: (q) => (atWork(q.state.data) ? 10_000 : false) }),
  );
  const ids = runs.data === undefined ? [] : chosenRuns(runs.data, question.runs);
  const curves = useQuery(
    trpc.compareRuns.curves.queryOptions(
      { study, trainings: ids },
      { placeholderData: (before) => before, refetchInterval: atWork(runs.data) ? 10_000 : false, enabled: runs.data !== undefined },
    ),
  );
  if (runs.data === undefined) return runs.error ? <Message tone="error">{runs.error.message}</Message> : null;
  const error = runs.error ?? curves.error;
  const there = KINDS.filter(([kind]) => runs.data.lineages.some((l) => l.kind === kind));
  return (
    <div className="space-y-12">
      {error !== null && <Message tone="uncertainty">What you see may be out of date. {error.message}</Message>}
      {there.length === 0 ? (
        <Section title="Runs side by side">
          <p className="max-w-prose text-soft">
            Nothing was trained in this study yet. Start a chain on the page of{" "}
            <Link href={`/studies/${encodeURIComponent(study)}/training`}>trainings</Link>; its curves stand here beside those of others.
          </p>
        </Section>
      ) : (
        <>
          <Controls question={question} />
          {there.map(([kind, title]) => (
            <Kind key={kind} kind={kind} title={title} runs={runs.data} chosen={ids} curves={curves.data ?? []} question={question} />
          ))}
        </>
      )}
    </div>
  );
}

function Controls({ question }: { question: Question }) {
  return (
    <div className="flex flex-wrap items-start gap-x-10 gap-y-3">
      <SmoothingField value={question.ema} />
      <CheckField
        label="One line for each lineage"
        hint="mean over its seeds; band: 95 % t-interval over seeds from three on, lowest to highest of two"
        checked={question.overSeeds}
        onChange={(on) => replaceSearch((search) => (on ? search.set("over", "seeds") : search.delete("over")))}
      />
    </div>
  );
}

function Kind(props: {
  kind: ComparedLineage["kind"];
  title: string;
  runs: ComparedRuns;
  chosen: readonly string[];
  curves: readonly TrainingCurve[];
  question: Question;
}) {
  const { kind, runs, curves, question } = props;
  const lineages = useMemo(() => runs.lineages.filter((l) => l.kind === kind), [runs, kind]);
  const looks = useMemo(() => looksOf(lineages), [lineages]);
  const chosen = new Set(props.chosen);
  const drawn = looks.filter((l) => chosen.has(l.training.id));
  const charts = (question.overSeeds ? meanCharts : seedCharts)(drawn, curves, metricsOf(kind), question.ema);
  const said = (smoothed: boolean) =>
    [pointWords(drawn), ...(question.overSeeds ? ["n: seeds"] : []), smoothed ? `EMA ${question.ema} over the raw line` : "not smoothed"].join("; ");
  const choose = (ids: readonly string[], on: boolean) => {
    const next = on ? [...new Set([...props.chosen, ...ids])] : props.chosen.filter((id) => !ids.includes(id));
    replaceSearch((search) => search.set("runs", next.join(",")));
  };
  return (
    <Section title={props.title}>
      <RunChoice lineages={lineages} looks={looks} chosen={chosen} onChange={choose} />
      {drawn.length === 0 ? (
        <p className="mt-6 text-faint">No run of this kind is chosen, or none has made a step yet.</p>
      ) : (
        <div className="mt-6 grid gap-x-8 gap-y-8 md:grid-cols-2">
          {charts.map(({ data, lines, table }) => (
            <ChartFrame
              key={data.metric.key}
              title={data.metric.label}
              note={`${data.metric.about}; ${said(data.smoothed)}`}
              file={`${kind}-${data.metric.key.replace(/\W+/g, "-")}`}
              label={`${data.metric.label} over the steps of ${lines.map((l) => l.name).join("; ")}`}
              table={table}
              series={lines.map(({ name, look }) => ({ name, look, as: "both" as const }))}
              legendElsewhere={!question.overSeeds}
            >
              <MetricChart data={data} lines={lines} band={question.overSeeds} marks />
            </ChartFrame>
          ))}
        </div>
      )}
    </Section>
  );
}

const WORKING = new Set(["queued", "running"]);
const atWork = (runs: ComparedRuns | undefined) => runs?.lineages.some((l) => l.trainings.some((t) => WORKING.has(t.state))) ?? false;
