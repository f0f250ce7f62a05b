"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "@/app/trpc/client";
import { Failures } from "@/components/study/failures";
import { type RunCommand, RunControls } from "@/components/study/run-controls";
import { SettingsList } from "@/components/study/settings-list";
import { Stages } from "@/components/study/stages";
import { Button } from "@/components/ui/button";
import { Disclosure } from "@/components/ui/disclosure";
import { count, plural } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import { Section } from "@/components/ui/section";
import type { PipelineView, WorkerView } from "@/server/core/views/study";

/** The stages of a run as they fill, and the commands to it. */
export function StagesSection({ pipeline, workers }: { pipeline: PipelineView; workers: readonly WorkerView[] }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const options = { onSettled: () => queries.invalidateQueries({ queryKey: trpc.pathKey() }) };
  const pause = useMutation(trpc.runs.pause.mutationOptions(options));
  const resume = useMutation(trpc.runs.resume.mutationOptions(options));
  const cancel = useMutation(trpc.runs.cancel.mutationOptions(options));
  const retry = useMutation(trpc.runs.retry.mutationOptions(options));
  const commands: Record<RunCommand, typeof pause> = { pause, resume, cancel };
  const busy = pause.isPending || resume.isPending || cancel.isPending;
  const error = pause.error ?? resume.error ?? cancel.error ?? retry.error;
  const failed = pipeline.stages.reduce((sum, s) => sum + s.failed, 0);
  const live = pipeline.state === "running" || pipeline.state === "queued";
  return (
    <Section
      title="Stages"
      note={live ? workersNote(workers) : undefined}
      aside={
        <RunControls
          state={pipeline.state}
          busy={busy}
          onCommand={(command) => {
            for (const c of Object.values(commands)) c.reset();
            commands[command].mutate({ pipelineId: pipeline.id });
          }}
        />
      }
    >
      {live && workers.length === 0 && (
        <Message tone="uncertainty">
          No worker has been seen for a minute, so nothing moves. <code className="font-mono text-sm">npm start</code>{" "}
          starts one; <code className="font-mono text-sm">npm run intervene -- worker</code> adds another.
        </Message>
      )}
      {error !== null && <Message tone="error">{error.message}</Message>}
      <Stages stages={pipeline.stages} waitsFor={workers.find((w) => w.waitsFor !== "")?.waitsFor ?? ""} />
      {failed > 0 && (
        <Disclosure
          title={
            <>
              What failed <span className="font-normal text-error">({plural(failed, "row")})</span>
            </>
          }
          aside={
            <Button tone="quiet" disabled={retry.isPending} onClick={() => retry.mutate({ pipelineId: pipeline.id })}>
              Try the failed ones again
            </Button>
          }
        >
          <FailureList pipeline={pipeline.id} />
        </Disclosure>
      )}
      <Disclosure title="Settings of this run">
        <p className="mb-2 max-w-prose text-sm text-faint">
          Frozen when the run was started. The prompt texts are the exact words that the model saw.
        </p>
        <SettingsList settings={pipeline.settings} />
      </Disclosure>
    </Section>
  );
}

function workersNote(workers: readonly WorkerView[]): string | undefined {
  if (workers.length === 0) return undefined;
  const inFlight = workers.reduce((sum, w) => sum + w.inFlight, 0);
  return `${plural(workers.length, "worker")}, ${plural(inFlight, "request")} in flight of ${count(workers.reduce((sum, w) => sum + w.limit, 0))}`;
}

function FailureList({ pipeline }: { pipeline: string }) {
  const trpc = useTRPC();
  const failures = useQuery(trpc.studies.failures.queryOptions({ pipeline }));
  if (failures.data === undefined) return <p className="text-faint">{failures.error?.message ?? "Reading…"}</p>;
  return <Failures items={failures.data} />;
}
