"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { replaceSearch } from "@/app/search-params";
import { useTRPC } from "@/app/trpc/client";
import { BranchForm, type BranchPlace, type Chosen } from "@/components/branching/branch-form";
import { BranchList } from "@/components/branching/branch-list";
import { BranchSamples } from "@/components/branching/branch-samples";
import { branchWords, settingsWords, stateWords } from "@/components/branching/branch-words";
import { ModelText } from "@/components/text/model-text";
import { Button } from "@/components/ui/button";
import { Disclosure } from "@/components/ui/disclosure";
import { moment } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import { isOver } from "@/server/core/run-state";
import type { AttemptView } from "@/server/core/views/attempt";
import type { OpenBranch } from "@/server/core/views/branches";
import { branchPlaceOf, setBranchPlace } from "./branch-place";
import type { PanelProps } from "./panel-props";
import type { Reader } from "./use-reader";
import { useBranchStream } from "./use-branch-stream";

/** Sampling by hand from a step, live, and what was sampled so before. The open branch and the step stand in the address. */
export function BranchesPanel({ attempt, reader }: PanelProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const search = useSearchParams();
  const open = search.get("branch");
  const here = { study: attempt.study.name, attempt: attempt.id };
  const list = useQuery(trpc.branches.list.queryOptions(here));
  const defaults = useQuery(trpc.branches.defaults.queryOptions(here));
  const me = useQuery(trpc.people.me.queryOptions());
  const start = useMutation(
    trpc.branches.start.mutationOptions({
      onSuccess: ({ branchId }) => {
        show(branchId);
        void queries.invalidateQueries({ queryKey: trpc.branches.list.queryKey() });
      },
    }),
  );

  const error = list.error ?? defaults.error;
  const place = branchPlaceOf(new URLSearchParams(search), reader, attempt.steps.length);
  const setPlace = (next: BranchPlace) => {
    setBranchPlace(next);
    if (next.step > 0 && next.step !== reader.place.step) reader.go(next.step);
  };
  return (
    <div className="space-y-5">
      {error && <Message tone="error">{error.message}</Message>}
      {defaults.data !== undefined && (
        <BranchForm
          key={attempt.id}
          steps={attempt.steps}
          answer={attempt.problem.answer}
          place={place}
          onPlace={setPlace}
          defaults={defaults.data}
          author={me.data?.name ?? null}
          busy={start.isPending}
          error={start.error?.message ?? null}
          onStart={(chosen: Chosen) => start.mutate({ ...here, choice: chosen })}
        />
      )}
      {open !== null && (
        <Opened key={open} branch={open} attempt={attempt} reader={reader} onClose={() => show(null)} />
      )}
      <section aria-label="Earlier branches">
        <h3 className="mb-1 font-sans text-sm font-medium">Branches at this attempt</h3>
        {list.data === undefined ? (
          !error && <p className="text-faint">Reading…</p>
        ) : (
          <BranchList branches={list.data} open={open} hrefOf={hrefOf} onOpen={(id) => show(id === open ? null : id)} />
        )}
      </section>
    </div>
  );
}

function show(branch: string | null): void {
  replaceSearch((s) => (branch === null ? s.delete("branch") : s.set("branch", branch)));
}

function hrefOf(branch: string): string {
  return `?panel=branches&branch=${branch}`;
}

function Opened(props: { branch: string; attempt: AttemptView; reader: Reader; onClose: () => void }) {
  const { attempt, branch: id } = props;
  const trpc = useTRPC();
  const queries = useQueryClient();
  const read = useQuery(trpc.branches.get.queryOptions({ branch: id }));
  const live = read.data !== undefined && !isOver(read.data.state);
  const again = () => {
    void queries.invalidateQueries({ queryKey: trpc.branches.pathKey() });
  };
  const streamed = useBranchStream(id, live, again);
  const cancel = useMutation(trpc.runs.cancel.mutationOptions({ onSuccess: again }));
  if (read.error) return <Message tone="error">{read.error.message}</Message>;
  if (read.data === undefined) return <p className="text-faint">Reading…</p>;
  const b = read.data;
  if (b.attemptId !== attempt.id)
    return <Message tone="uncertainty">The branch that the address names is at another attempt.</Message>;
  const says = stateWords(b, b.workers);
  return (
    <section aria-label={`Branch ${branchWords(b)}`} data-testid="branch" data-state={b.state}>
      <div className="mb-1 flex flex-wrap items-baseline justify-between gap-x-3">
        <h3 className="font-sans text-sm font-medium">
          Branch {branchWords(b)}: <Counts of={b} streamed={streamed} />
        </h3>
        <span className="flex gap-3">
          {live && (
            <Button
              tone="quiet"
              disabled={cancel.isPending}
              onClick={() => cancel.mutate({ pipelineId: b.pipelineId })}
            >
              Cancel
            </Button>
          )}
          <Button tone="quiet" onClick={props.onClose}>
            Close
          </Button>
        </span>
      </div>
      <p className="mb-1 text-sm text-faint">
        {b.author ?? "anonymous"}, {settingsWords(b)}, {moment(b.createdAt)}
        {b.hidden && ", only you see it"}
      </p>
      <div aria-live="polite">
        {says !== "" && <Message tone={b.state === "failed" ? "error" : "uncertainty"}>{says}</Message>}
        {cancel.error && <Message tone="error">{cancel.error.message}</Message>}
      </div>
      {b.kind === "replace" && (
        <div className="my-2 border-s-2 border-intervention bg-intervention-wash px-3 py-1">
          <ModelText text={b.content} raw={props.reader.place.raw} small />
        </div>
      )}
      <Shared branch={b} steps={attempt.steps} raw={props.reader.place.raw} />
      <BranchSamples
        samples={b.samples}
        rows={b.rows}
        streamed={streamed}
        live={live}
        replaced={b.kind === "replace"}
        raw={props.reader.place.raw}
      />
    </section>
  );
}

function Counts({ of: b, streamed }: { of: OpenBranch; streamed: ReturnType<typeof useBranchStream> }) {
  const kept = new Set(b.rows.map((r) => r.index));
  const more = [...streamed].filter(([i, s]) => s.outcome !== null && !kept.has(i)).map(([, s]) => s);
  const ended = b.rows.length + more.length;
  const right = b.correct + more.filter((s) => s.outcome === "success").length;
  return (
    <span className="font-normal tabular-nums">
      {right} of {ended} right{ended < b.samples && `, ${b.samples - ended} to come`}
    </span>
  );
}

function Shared({ branch: b, steps, raw }: { branch: OpenBranch; steps: readonly string[]; raw: boolean }) {
  const shared = steps.slice(0, b.kind === "continue" ? b.step : b.step - 1);
  if (shared.length === 0) return null;
  return (
    <Disclosure title={`${shared.length === 1 ? "Step 1" : `Steps 1 to ${shared.length}`} before the branch`}>
      <div className="text-soft">
        {shared.map((text, i) => (
          <ModelText key={i} text={text} raw={raw} small />
        ))}
      </div>
    </Disclosure>
  );
}
