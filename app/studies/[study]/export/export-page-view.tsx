"use client";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useDeferredValue } from "react";
import { LiveProvider, useLiveState } from "@/app/live";
import { useTRPC } from "@/app/trpc/client";
import { useAddressForm } from "@/app/use-address-form";
import { type ExportForm, ExportOptions } from "@/components/exporting/export-form";
import { PreviewOf } from "@/components/exporting/export-preview";
import { Button } from "@/components/ui/button";
import { LiveMark } from "@/components/ui/live-mark";
import { Message } from "@/components/ui/message";
import { Page } from "@/components/ui/page";
import { Section } from "@/components/ui/section";
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
        <div>
          <h1 className="text-2xl">Export</h1>
          <p className="mt-1 max-w-prose text-soft">
            A folder with the rows, a manifest (counts, filters, digests) and a dataset card. A worker writes it from one
            state of the database: this page can be closed.
          </p>
        </div>
        <div className="grid gap-x-12 gap-y-12 lg:grid-cols-2">
          <Section title="What to write">
            <ExportOptions form={form} choices={choices} onChange={change} />
          </Section>
          <Section title="What it would be">
            {preview.error !== null && <Message tone="error">{preview.error.message}</Message>}
            {preview.data !== undefined && preview.error === null && (
              <PreviewOf preview={preview.data} stale={preview.isPlaceholderData || asked !== form} />
            )}
            {preview.isPending && <p className="text-faint">Reading…</p>}
            <div className="mt-6 flex flex-wrap items-center gap-4">
              <Button
                disabled={start.isPending || preview.error !== null}
                onClick={() => start.mutate({ study, wish: form })}
              >
                Write it
              </Button>
              {start.isSuccess && !start.isPending && (
                <p role="status" className="text-sm text-faint">
                  Asked for: see below.
                </p>
              )}
            </div>
            {start.error !== null && (
              <div className="mt-3">
                <Message tone="error">{start.error.message}</Message>
              </div>
            )}
          </Section>
        </div>
        <ExportsSection study={study} hub={choices.hub} hasToken={choices.hasToken} />
      </div>
    </Page>
  );
}
