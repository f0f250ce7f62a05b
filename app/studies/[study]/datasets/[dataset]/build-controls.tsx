"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTRPC } from "@/app/trpc/client";
import { Button } from "@/components/ui/button";
import { Message } from "@/components/ui/message";
import type { DatasetView } from "@/server/core/datasets/view";

/** Commands to a data set that is not ready: cancel its build, try it again, or remove it. */
export function BuildControls({ study, dataset: d }: { study: string; dataset: DatasetView }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();
  const options = { onSettled: () => queries.invalidateQueries({ queryKey: trpc.pathKey() }) };
  const cancel = useMutation(trpc.runs.cancel.mutationOptions(options));
  const retry = useMutation(trpc.runs.retry.mutationOptions(options));
  const remove = useMutation(
    trpc.datasets.remove.mutationOptions({
      onSuccess: () => router.push(`/studies/${encodeURIComponent(study)}/datasets`),
    }),
  );
  if (d.state === "ready") return null;
  const pipelineId = d.build?.pipelineId;
  const error = cancel.error ?? retry.error ?? remove.error;
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap gap-3">
        {d.state === "building" && pipelineId !== undefined && (
          <Button tone="danger" disabled={cancel.isPending} onClick={() => cancel.mutate({ pipelineId })}>
            Cancel
          </Button>
        )}
        {d.state === "failed" && pipelineId !== undefined && (
          <Button disabled={retry.isPending} onClick={() => retry.mutate({ pipelineId })}>
            Try again
          </Button>
        )}
        {d.state !== "building" && (
          <Button disabled={remove.isPending} onClick={() => remove.mutate({ study, dataset: d.name })}>
            Remove
          </Button>
        )}
      </div>
      {error !== null && <Message tone="error">{error.message}</Message>}
    </div>
  );
}
