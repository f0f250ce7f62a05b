"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useBranchStream } from "@/app/studies/[study]/attempts/[attempt]/use-branch-stream";
import { useTRPC } from "@/app/trpc/client";
import { BranchSamples } from "@/components/branching/branch-samples";
import { stateWords } from "@/components/branching/branch-words";
import { Disclosure } from "@/components/ui/disclosure";
import { Message } from "@/components/ui/message";
import { isOver } from "@/server/core/run-state";
import type { OwnSamples } from "@/server/core/views/judging";

const SAMPLES = 4;
/** The rows of a branch come whole; between them the stream says what is being written. */
const LOOK_EVERY_MS = 1_500;

/** Sampling from a judge's own correction. */
export function useOwnSamples(item: string) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const again = () => queries.invalidateQueries({ queryKey: trpc.queues.samples.queryKey({ item }) });
  const ask = useMutation(trpc.queues.sample.mutationOptions({ onSuccess: again }));
  return {
    busy: ask.isPending,
    error: ask.error?.message ?? null,
    ask: (content: string, location: number) => {
      if (!ask.isPending) ask.mutate({ item, content, location, samples: SAMPLES });
    },
  };
}

/** What a judge has sampled from their own corrections of this item, newest first; only they see it. */
export function OwnSamplesPanel({ item, error, onShown }: { item: string; error: string | null; onShown: () => void }) {
  const trpc = useTRPC();
  const read = useQuery(
    trpc.queues.samples.queryOptions(
      { item },
      { refetchInterval: (q) => (q.state.data?.some((b) => !isOver(b.state)) ? LOOK_EVERY_MS : false) },
    ),
  );
  const any = (read.data?.length ?? 0) > 0;
  useEffect(() => {
    if (any) onShown();
  }, [any, onShown]);
  const [newest, ...earlier] = read.data ?? [];
  if (error === null && newest === undefined) return null;
  return (
    <section aria-label="Samples from your correction" className="space-y-2">
      <h3 className="font-sans text-sm font-medium">Samples from your correction</h3>
      {error !== null && <Message tone="error">{error}</Message>}
      {newest !== undefined && <Branch key={newest.id} of={newest} onEnded={() => void read.refetch()} />}
      {earlier.map((b) => (
        <Disclosure key={b.id} title={`Earlier: ${b.correct} of ${b.done} right, in place of step ${b.step}`}>
          <Branch of={b} onEnded={() => void read.refetch()} />
        </Disclosure>
      ))}
    </section>
  );
}

function Branch({ of: b, onEnded }: { of: OwnSamples; onEnded: () => void }) {
  const live = !isOver(b.state);
  const streamed = useBranchStream(b.id, live, onEnded);
  // One worker at least is supposed: how many there are is not asked here, and a message of the branch says what it waits for.
  const says = stateWords(b, 1);
  return (
    <div data-testid="own-samples" data-state={b.state}>
      <p className="text-sm tabular-nums" aria-live="polite">
        {b.correct} of {b.done} right{b.done < b.samples && live && `, ${b.samples - b.done} to come`}
      </p>
      {says !== "" && <p className="text-sm text-uncertainty">{says}</p>}
      <BranchSamples samples={b.samples} rows={b.rows} streamed={streamed} live={live} replaced raw={false} />
    </div>
  );
}
