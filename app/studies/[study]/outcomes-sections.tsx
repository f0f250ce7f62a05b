"use client";
import { Switch } from "@base-ui/react/switch";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTRPC } from "@/app/trpc/client";
import { ConditioningTable } from "@/components/study/conditioning-table";
import { ProposalCountsView } from "@/components/study/proposal-counts";
import { Message } from "@/components/ui/message";
import { Section } from "@/components/ui/section";
import type { PipelineView } from "@/server/core/views/study";

/** The conditioning table, and what became of the proposals. */
export function OutcomesSections({ pipeline, kind }: { pipeline: PipelineView; kind: string }) {
  const trpc = useTRPC();
  const [published, setPublished] = useState(false);
  const outcomes = useQuery(trpc.studies.outcomes.queryOptions({ pipeline: pipeline.id }));
  const over = pipeline.state === "done" || pipeline.state === "cancelled" || pipeline.state === "failed";
  // A verification by itself conditions nothing.
  const continues = pipeline.stages.some((s) => s.stage === "continue");
  const failed = outcomes.error && outcomes.data === undefined;
  return (
    <>
      {continues && (
        <Section
          title="Conditioning"
          note={over ? undefined : <span className="text-uncertainty">provisional until the run is done</span>}
          aside={<PublishedSwitch on={published} onChange={setPublished} />}
        >
          {failed ? (
            <Message tone="error">{outcomes.error?.message}</Message>
          ) : (
            <ConditioningTable arms={outcomes.data?.arms ?? []} published={published} provisional={!over} />
          )}
          {published && (
            <p className="mt-2 max-w-prose text-sm text-faint italic">
              Published: arXiv 2601.14209, Qwen3-4B-Instruct-2507 on 334 hard problems, 32 samples each, no intervals
              given.
              {kind === "lab"
                ? " The lab’s model and problems are of another kind altogether; the two columns cannot be compared."
                : ""}
            </p>
          )}
        </Section>
      )}
      <Section title="Verifications and proposals">
        {failed ? null : outcomes.data === undefined ? (
          <p className="text-faint">Reading…</p>
        ) : (
          <ProposalCountsView counts={outcomes.data.proposals} continues={continues} />
        )}
      </Section>
    </>
  );
}

function PublishedSwitch({ on, onChange }: { on: boolean; onChange: (on: boolean) => void }) {
  const id = useId();
  return (
    <div className="flex items-center gap-2 text-sm text-soft">
      <Switch.Root
        id={id}
        checked={on}
        onCheckedChange={onChange}
        className="flex h-5 w-9 items-center rounded-full border border-edge bg-sunken p-0.5 data-checked:bg-ink"
      >
        <Switch.Thumb className="size-3.5 rounded-full bg-edge transition-transform data-checked:translate-x-4 data-checked:bg-paper" />
      </Switch.Root>
      <label htmlFor={id}>Show the paper’s figures</label>
    </div>
  );
}
