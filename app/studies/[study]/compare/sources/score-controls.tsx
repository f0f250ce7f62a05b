"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "@/app/trpc/client";
import { quoted } from "@/components/comparing/sources/words";
import { Button } from "@/components/ui/button";
import { NumberField } from "@/components/ui/fields";
import { count, plural } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import { SCORED_TRACES } from "@/server/core/scoring/sample";
import type { SourceRow, SourcesPage } from "@/server/core/views/comparing-sources";

const live = ({ scoring }: SourceRow) => scoring !== null && (scoring.state === "queued" || scoring.state === "running" || scoring.state === "paused");

/** Score a sample of each data set under the base; and scores that failed, once more. */
export function ScoreControls({ page }: { page: SourcesPage }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const settled = { onSettled: () => queries.invalidateQueries({ queryKey: trpc.compareSources.pathKey() }) };
  const start = useMutation(trpc.compareSources.score.mutationOptions(settled));
  const retry = useMutation(trpc.runs.retry.mutationOptions(settled));
  const [samples, setSamples] = useState(SCORED_TRACES);
  const { base, study } = page;
  if (base === null) return null;
  const open = page.rows.filter((r) => r.state === "ready" && r.rows > 0 && !live(r) && (r.nll[0]?.traces ?? 0) < Math.min(samples, r.rows));
  const failed = page.rows.flatMap((r) => (r.scoring !== null && r.scoring.failed > 0 && !live(r) ? [r.scoring] : []));
  const error = start.error ?? retry.error;
  const waiting = page.rows.some(live) && page.workers === 0;
  const rows = open.reduce((sum, r) => sum + Math.min(samples, r.rows) - (r.nll[0]?.traces ?? 0), 0);
  return (
    <div className="mt-5 space-y-3">
      <div className="flex flex-wrap items-end gap-x-4 gap-y-2">
        <NumberField label="Rows of each data set" value={samples} min={1} max={100_000} step={1} onChange={(n) => setSamples(Math.round(n))} />
        <Button
          disabled={open.length === 0 || !base.served || start.isPending}
          onClick={() => start.mutate({ study, base: base.name, datasets: open.map((r) => r.dataset), samples })}
        >
          {start.isPending ? "Asking…" : `Score them under ${base.name}`}
        </Button>
        {failed.length > 0 && (
          <Button disabled={retry.isPending} onClick={() => {
              for (const { pipelineId } of failed) retry.mutate({ pipelineId });
            }}>
            Score what failed once more
          </Button>
        )}
        <p className="text-sm text-faint">
          {!base.served
            ? `No server serves ${base.name}, so nothing can be scored under it.`
            : open.length === 0
              ? page.rows.some(live)
                ? "Scoring is at work."
                : `Every data set has ${plural(samples, "scored row")}, or all it has.`
              : `${plural(rows, "row")} of ${open.map((r) => r.dataset).join(", ")}: a seeded sample; what is scored stays.`}
        </p>
      </div>
      {waiting && <Message tone="uncertainty">No worker is at work, so nothing is being scored. Start one with “npm start”, or “npm run -s intervene -- worker”.</Message>}
      {error !== null && <Message tone="error">{error.message}</Message>}
      {open.length > 0 && (
        <p className="max-w-prose text-sm text-faint">
          From the command line:{" "}
          <code className="font-mono text-xs [overflow-wrap:anywhere]">
            npm run -s intervene -- run score --study {quoted(study)} --dataset {quoted(open[0]?.dataset ?? "")}
            {samples === SCORED_TRACES ? "" : ` --samples ${count(samples).replaceAll(",", "")}`} --model {quoted(base.name)}
          </code>
        </p>
      )}
    </div>
  );
}
