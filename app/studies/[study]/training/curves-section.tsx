"use client";
import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import { replaceSearch } from "@/app/search-params";
import { useTRPC } from "@/app/trpc/client";
import { ChartFrame } from "@/components/charts/frame";
import { lookOf } from "@/components/charts/look";
import { chartsOf, chartTable, type Line, nameOf, runningMean } from "@/components/training/curves-prepare";
import { Legend } from "@/components/training/legend";
import { NumberField } from "@/components/ui/fields";
import { Message } from "@/components/ui/message";
import { Section } from "@/components/ui/section";
import type { ChainView, TrainingView } from "@/server/core/views/training";

// Recharts is 100 kB that no other page of a study needs.
const MetricChart = dynamic(() => import("@/components/training/metric-chart"), { ssr: false, loading: () => <div className="h-52" /> });

/** Metrics over the steps, live while it trains. */
export function CurvesSection(props: { study: string; trainings: readonly { chain: ChainView; training: TrainingView }[] }) {
  const trpc = useTRPC();
  const params = useSearchParams();
  const smooth = Math.min(50, Math.max(1, Math.round(Number(params.get("smooth") ?? 1)) || 1));
  const ids = props.trainings.map((t) => t.training.id);
  const read = useQuery(trpc.trainings.curves.queryOptions({ study: props.study, trainings: ids }, { placeholderData: (before) => before }));
  const charts = useMemo(() => chartsOf(read.data ?? [], runningMean(smooth)), [read.data, smooth]);
  const lines: Line[] = props.trainings.map(({ chain, training }, i) => ({ id: training.id, name: nameOf(training, chain), look: lookOf(i) }));
  return (
    <Section
      title="Curves"
      note="metrics of every step, as the trainer tells them"
      aside={
        <NumberField
          label="Running mean over steps"
          value={smooth}
          min={1}
          max={50}
          step={1}
          onChange={(n) => replaceSearch((search) => (n <= 1 ? search.delete("smooth") : search.set("smooth", String(Math.round(n)))))}
        />
      }
    >
      {read.error !== null && <Message tone="error">{read.error.message}</Message>}
      <Legend lines={lines} eventsHref={(id) => `/api/trainings/${id}/events`} />
      <div className="mt-4 grid gap-x-8 gap-y-6 sm:grid-cols-2 xl:grid-cols-3">
        {charts.map((data) => (
          <ChartFrame
            key={data.metric.key}
            title={data.metric.label}
            note={data.metric.about}
            file={`curve-${data.metric.key.replace(/\W+/g, "-")}`}
            label={`${data.metric.label} over the steps: ${data.metric.about}`}
            table={() => chartTable(data, lines)}
            series={lines.map(({ name, look }) => ({ name, look }))}
            legendElsewhere
          >
            <MetricChart data={data} lines={lines} />
          </ChartFrame>
        ))}
      </div>
    </Section>
  );
}
