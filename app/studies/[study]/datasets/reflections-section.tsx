"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "@/app/trpc/client";
import { Button } from "@/components/ui/button";
import { NumberField } from "@/components/ui/fields";
import { count, percent, plural } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import { Section } from "@/components/ui/section";
import type { DatasetChoices } from "@/server/core/datasets/view";

/** What self-reflection has made, and the command to have more made. */
export function ReflectionsSection(props: { study: string; counts: DatasetChoices["reflections"]; served: boolean }) {
  const { counts } = props;
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [samples, setSamples] = useState(4);
  const start = useMutation(
    trpc.datasets.reflect.mutationOptions({
      onSettled: () => queries.invalidateQueries({ queryKey: trpc.datasets.pathKey() }),
    }),
  );
  const live = counts.live !== null;
  return (
    <Section
      title="Self-reflections"
      note={
        counts.reflections > 0
          ? `${plural(counts.reflections, "rewriting")}, ${count(counts.right)} right (${percent(counts.right / counts.reflections)})`
          : undefined
      }
    >
      <p className="max-w-prose text-soft">
        The model, given the problem, its reference solution and a failed attempt, rewrites the whole attempt; each
        rewriting is graded. They are the rows of the source “self-reflection”.{" "}
        {counts.attempts === 0
          ? "There is no failed attempt in this study yet."
          : `There ${counts.attempts === 1 ? "is" : "are"} ${plural(counts.attempts, "failed attempt")}; those whose problem has a reference solution are taken.`}
      </p>
      {counts.live !== null && (
        <p className="mt-3">
          Being written: {count(counts.live.done)} of {count(counts.live.total)}
          {counts.live.message !== "" && <span className="text-uncertainty"> {counts.live.message}</span>}
        </p>
      )}
      {counts.attempts > 0 && !live && (
        <div className="mt-4 flex flex-wrap items-end gap-4">
          <NumberField
            label="Rewritings of each attempt"
            value={samples}
            min={1}
            max={64}
            step={1}
            onChange={(n) => setSamples(Math.round(n))}
          />
          <Button disabled={!props.served || start.isPending} onClick={() => start.mutate({ study: props.study, samples })}>
            {start.isPending ? "Asking…" : counts.reflections > 0 ? "Have them rewritten again" : "Have them rewritten"}
          </Button>
          {!props.served && <p className="text-sm text-faint">No server serves a model of this study.</p>}
        </div>
      )}
      {start.error !== null && (
        <div className="mt-3">
          <Message tone="error">{start.error.message}</Message>
        </div>
      )}
    </Section>
  );
}
