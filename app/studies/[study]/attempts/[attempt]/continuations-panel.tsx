"use client";
import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import { Continuation } from "@/components/attempt/continuation";
import { partAt } from "@/components/attempt/part-at";
import { SiftControls } from "@/components/attempt/sift-controls";
import { siftMarks } from "@/components/attempt/sift";
import { PeopleStrips } from "@/components/attempt/people-strips";
import { Strips } from "@/components/attempt/strips";
import { useAttemptTexts } from "@/components/attempt/texts";
import { Button } from "@/components/ui/button";
import { Message } from "@/components/ui/message";
import type { AttemptView, ContinuationMark } from "@/server/core/views/attempt";
import type { PanelProps } from "./panel-props";
import type { SamplePlace } from "./place";
import { placeOfMark } from "./use-reader";

/** What was sampled beside this attempt: a strip per arm, the continuation that is open, and one to compare it with. */
export function ContinuationsPanel({ attempt, reader }: PanelProps) {
  const { place, set } = reader;
  // The next mark that is pressed is the one to compare with.
  const [choosing, setChoosing] = useState(false);
  const find = (at: SamplePlace | null): ContinuationMark | null =>
    (at && attempt.strips.find((s) => s.arm === at.arm)?.marks.find((m) => m.sampleIndex === at.sample)) ?? null;
  const open = find(place.open);
  const compared = open === null ? null : find(place.compared);
  const marks = siftMarks(attempt.strips.find((s) => s.arm === open?.arm)?.marks ?? [], place.sift);
  const at = marks.findIndex((m) => m.id === open?.id);
  const show = (mark: ContinuationMark | undefined) => mark !== undefined && set({ open: placeOfMark(mark) });
  const close = () => set({ open: null, compared: null });
  const press = (mark: ContinuationMark) => {
    if (choosing && open !== null && mark.id !== open.id) {
      setChoosing(false);
      set({ compared: placeOfMark(mark) });
    } else if (mark.id === open?.id) close();
    else if (mark.id === compared?.id) set({ compared: null });
    else show(mark);
  };
  return (
    <div>
      {attempt.strips.length > 0 && (
        <SiftControls
          marks={attempt.strips.flatMap((s) => s.marks)}
          sift={place.sift}
          onSift={(sift) => set({ sift })}
        />
      )}
      <Strips
        strips={attempt.strips}
        sift={place.sift}
        open={open?.id ?? null}
        compared={compared?.id ?? null}
        onOpen={press}
      />
      <PeopleStrips strips={attempt.peopleStrips} />
      {open !== null && (
        <div className="mt-4 border-t border-ink pt-1">
          <div className="mb-1 flex flex-wrap items-center gap-x-4">
            <Button tone="quiet" disabled={at <= 0} onClick={() => show(marks[at - 1])} title="Key ,">
              Previous sample
            </Button>
            <Button tone="quiet" disabled={at >= marks.length - 1} onClick={() => show(marks[at + 1])} title="Key .">
              Next sample
            </Button>
            {compared === null ? (
              <Button tone="quiet" aria-pressed={choosing} onClick={() => setChoosing(!choosing)}>
                {choosing ? "Now press the other one" : "Compare with another"}
              </Button>
            ) : (
              <Button tone="quiet" onClick={() => set({ compared: null })}>
                End the comparison
              </Button>
            )}
            <Button tone="quiet" className="ms-auto" onClick={close}>
              Close
            </Button>
          </div>
          <Opened attempt={attempt} marks={compared === null ? [open] : [open, compared]} raw={place.raw} />
        </div>
      )}
    </div>
  );
}

/** One continuation, or two side by side. */
function Opened({ attempt, marks, raw }: { attempt: AttemptView; marks: readonly ContinuationMark[]; raw: boolean }) {
  const texts = useAttemptTexts();
  const reads = useQueries({ queries: marks.map((mark) => texts.continuation(mark.id)) });
  const [left, right] = reads.map((r) => r.data);
  const parts = left !== undefined && right !== undefined ? partAt(left, right) : null;
  return (
    <>
      {parts !== null && <p className="mb-2 text-sm text-soft">{parts}</p>}
      <div className="@container">
        <div className={marks.length > 1 ? "grid gap-x-6 gap-y-6 @xl:grid-cols-2" : ""}>
          {marks.map((mark, i) => {
            const read = reads[i];
            if (read?.error)
              return (
                <Message key={mark.id} tone="error">
                  {read.error.message}
                </Message>
              );
            if (read?.data === undefined)
              return (
                <p key={mark.id} className="text-faint">
                  Reading…
                </p>
              );
            const proposal = attempt.proposals.find((p) => p.id === mark.proposalId) ?? null;
            return <Continuation key={mark.id} of={read.data} attempt={attempt.steps} proposal={proposal} raw={raw} />;
          })}
        </div>
      </div>
    </>
  );
}
