"use client";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/app/trpc/client";
import { Continuation } from "@/components/attempt/continuation";
import { Strips } from "@/components/attempt/strips";
import { Button } from "@/components/ui/button";
import { Message } from "@/components/ui/message";
import type { AttemptView, ContinuationMark } from "@/server/core/views/attempt";
import type { Reader } from "./use-reader";

/** What was sampled beside this attempt: a strip per arm, and the continuation that is open. */
export function ContinuationsPanel({ attempt, reader }: { attempt: AttemptView; reader: Reader }) {
  const { place, set } = reader;
  const marks = attempt.strips.find((s) => s.arm === place.arm)?.marks ?? [];
  const at = marks.findIndex((m) => m.sampleIndex === place.sample);
  const open = marks[at] ?? null;
  const close = () => set({ arm: null, sample: null });
  const show = (mark: ContinuationMark | undefined) => {
    if (mark !== undefined) set({ arm: mark.arm, sample: mark.sampleIndex });
  };
  return (
    <section aria-labelledby="continuations" className="pb-4">
      <h2 id="continuations" className="mb-3 text-lg">
        Continuations
      </h2>
      <Strips
        strips={attempt.strips}
        open={open?.id ?? null}
        onOpen={(mark) => (mark.id === open?.id ? close() : show(mark))}
      />
      {open !== null && (
        <div className="mt-4">
          <div className="mb-2 flex items-center gap-4">
            <Button tone="quiet" disabled={at <= 0} onClick={() => show(marks[at - 1])}>
              Previous sample
            </Button>
            <Button tone="quiet" disabled={at >= marks.length - 1} onClick={() => show(marks[at + 1])}>
              Next sample
            </Button>
            <Button tone="quiet" className="ms-auto" onClick={close}>
              Close
            </Button>
          </div>
          <Opened attempt={attempt} mark={open} raw={place.raw} />
        </div>
      )}
    </section>
  );
}

function Opened({ attempt, mark, raw }: { attempt: AttemptView; mark: ContinuationMark; raw: boolean }) {
  const trpc = useTRPC();
  const read = useQuery(
    trpc.attempts.continuation.queryOptions(
      { study: attempt.study.name, continuation: mark.id },
      { staleTime: Number.POSITIVE_INFINITY, meta: { fixed: true } },
    ),
  );
  if (read.error) return <Message tone="error">{read.error.message}</Message>;
  if (read.data === undefined) return <p className="text-faint">Reading…</p>;
  const proposal = attempt.proposals.find((p) => p.id === mark.proposalId) ?? null;
  return <Continuation of={read.data} attempt={attempt.steps} proposal={proposal} raw={raw} />;
}
