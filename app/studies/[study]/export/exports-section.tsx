"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "@/app/trpc/client";
import { ExportList } from "@/components/exporting/export-list";
import { plural } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import { Section } from "@/components/ui/section";

/** What was written, live, with what can be done with it. */
export function ExportsSection(props: { study: string; hub: string; hasToken: boolean }) {
  const { study } = props;
  const trpc = useTRPC();
  const queries = useQueryClient();
  const list = useQuery(trpc.exports.list.queryOptions({ study }));
  const options = { onSettled: () => queries.invalidateQueries({ queryKey: trpc.exports.list.queryKey() }) };
  const pause = useMutation(trpc.runs.pause.mutationOptions(options));
  const resume = useMutation(trpc.runs.resume.mutationOptions(options));
  const cancel = useMutation(trpc.runs.cancel.mutationOptions(options));
  const retry = useMutation(trpc.runs.retry.mutationOptions(options));
  const push = useMutation(trpc.exports.push.mutationOptions(options));
  const remove = useMutation(trpc.exports.remove.mutationOptions(options));
  const commands = { pause, resume, cancel };
  const all = [pause, resume, cancel, retry, push, remove];
  const error = list.error ?? all.find((m) => m.error !== null)?.error ?? null;
  const exports = list.data ?? [];
  return (
    <Section title="Written" note={exports.length > 0 ? plural(exports.length, "export") : undefined}>
      {error !== null && (
        <div className="mb-4">
          <Message tone="error">{error.message}</Message>
        </div>
      )}
      {exports.length === 0 ? (
        <p className="text-faint">{list.isPending ? "Reading…" : "Nothing has been exported from this study yet."}</p>
      ) : (
        <ExportList
          exports={exports}
          actions={{
            busy: all.some((m) => m.isPending),
            hub: props.hub,
            hasToken: props.hasToken,
            fileHref: (run, file) => `/api/exports/${run}/${encodeURIComponent(file)}`,
            onCommand: (run, command) => commands[command].mutate({ pipelineId: run.pipelineId }),
            onRetry: (run) => retry.mutate({ pipelineId: run.pipelineId }),
            onPush: (run, wish) => push.mutate({ study, runId: run.id, push: wish }),
            onRemove: (run) => remove.mutate({ study, runId: run.id }),
          }}
        />
      )}
    </Section>
  );
}
