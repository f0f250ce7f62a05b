"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useTRPC } from "@/app/trpc/client";
import { ImportCounts } from "@/components/importing/import-counts";
import { ImportProgress } from "@/components/importing/import-progress";
import { Message } from "@/components/ui/message";
import { Section } from "@/components/ui/section";

/** An import as a worker runs it: live, with its report; it goes on whether somebody looks or not. */
export function RunningImport({ run }: { run: string }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const found = useQuery(
    trpc.imports.get.queryOptions({ run }, { refetchInterval: (q) => (q.state.data?.endedAt ? false : 2_000) }),
  );
  const options = { onSettled: () => queries.invalidateQueries({ queryKey: trpc.imports.pathKey() }) };
  const pause = useMutation(trpc.runs.pause.mutationOptions(options));
  const resume = useMutation(trpc.runs.resume.mutationOptions(options));
  const cancel = useMutation(trpc.runs.cancel.mutationOptions(options));
  const retry = useMutation(trpc.runs.retry.mutationOptions(options));
  const commands = { pause, resume, cancel };
  const error = found.error ?? pause.error ?? resume.error ?? cancel.error ?? retry.error;
  const seen = found.data;
  if (seen === undefined) {
    return found.error === null ? <p className="text-faint">Reading…</p> : <Message tone="error">{found.error.message}</Message>;
  }
  const href = `/studies/${encodeURIComponent(seen.study)}`;
  return (
    <div className="space-y-10">
      <p className="max-w-prose text-soft">
        <b className="font-medium break-words text-ink">{seen.name}</b> into the study <Link href={href}>{seen.study}</Link>. A
        worker does it: this page can be closed.
      </p>
      {error !== null && <Message tone="error">{error.message}</Message>}
      <ImportProgress
        of={seen}
        busy={pause.isPending || resume.isPending || cancel.isPending || retry.isPending}
        onCommand={(command) => commands[command].mutate({ pipelineId: seen.pipelineId })}
        onRetry={() => retry.mutate({ pipelineId: seen.pipelineId })}
      />
      {seen.report !== null && (
        <Section title={seen.state === "done" ? "What came in" : "What has come in so far"}>
          <ImportCounts report={seen.report} reportHref={seen.hasReport ? `/api/import/report?run=${seen.runId}` : null} />
        </Section>
      )}
      <p className="flex flex-wrap gap-x-6 gap-y-2">
        <Link href={href}>Open the study</Link>
        <Link href={`/import?study=${encodeURIComponent(seen.study)}`}>Import something else</Link>
      </p>
    </div>
  );
}

