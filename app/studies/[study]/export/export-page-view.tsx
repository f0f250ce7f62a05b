"use client";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useDeferredValue } from "react";
import { LiveProvider, useLiveState } from "@/app/live";
import { useTRPC } from "@/app/trpc/client";
import { useAddressForm } from "@/app/use-address-form";
import { type ExportForm, ExportOptions } from "@/components/exporting/export-form";
import { PreviewOf } from "@/components/exporting/export-preview";
import { TaskOrder } from "@/components/study/task-order";
import { LiveMark } from "@/components/ui/live-mark";
import { Message } from "@/components/ui/message";
import { Page } from "@/components/ui/page";
import type { ExportChoices } from "@/server/core/views/exports";
import { ExportsSection } from "./exports-section";
import { formOf, formSearch } from "./options";

/** What can leave a study: a form with its preview, and what was written. */
export function ExportPageView({ study }: { study: string }) {
  const trpc = useTRPC();
  const choices = useQuery(trpc.exports.choices.queryOptions({ study }));
  if (choices.data === undefined)
    return <Page crumbs={[]}>{choices.error && <Message tone="error">{choices.error.message}</Message>}</Page>;
  return (
    <LiveProvider study={choices.data.studyId}>
      <Content study={study} choices={choices.data} />
    </LiveProvider>
  );
}

function Content({ study, choices }: { study: string; choices: ExportChoices }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const live = useLiveState();
  const [form, change] = useAddressForm(
    useCallback((search: URLSearchParams) => formOf(search, choices), [choices]),
    useCallback((next: ExportForm) => formSearch(next, choices), [choices]),
  );
  const asked = useDeferredValue(form);
  const preview = useQuery(
    trpc.exports.preview.queryOptions(
      { study, wish: asked },
      // It counts rows, so it is not made again with every row that a run elsewhere makes.
      { placeholderData: keepPreviousData, retry: false, meta: { fixed: true }, staleTime: 10_000 },
    ),
  );
  const start = useMutation(
    trpc.exports.start.mutationOptions({ onSuccess: () => queries.invalidateQueries({ queryKey: trpc.exports.list.queryKey() }) }),
  );
  const base = `/studies/${encodeURIComponent(study)}`;
  return (
    <Page
      crumbs={[
        { label: study, href: base },
        { label: "export", href: `${base}/export` },
      ]}
      status={<LiveMark state={live} />}
    >
      <div className="space-y-12">
        <TaskOrder
          title="Export"
          about="A folder with the rows, a manifest (counts, filters, digests) and a dataset card. A worker writes it from one state of the database: this page can be closed."
          form={{ title: "What to write", content: <ExportOptions form={form} choices={choices} onChange={change} /> }}
          preview={{
            title: "What it would be",
            content: preview.data === undefined ? null : <PreviewOf preview={preview.data} stale={preview.isPlaceholderData || asked !== form} />,
            error: preview.error?.message ?? null,
          }}
          button={{ words: "Write it", disabled: false, onClick: () => start.mutate({ study, wish: form }) }}
          order={start}
        />
        <ExportsSection study={study} hub={choices.hub} hasToken={choices.hasToken} />
      </div>
    </Page>
  );
}
