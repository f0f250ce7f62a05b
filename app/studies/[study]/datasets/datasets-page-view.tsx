"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useCallback } from "react";
import { LiveProvider, useLiveState } from "@/app/live";
import { useTRPC } from "@/app/trpc/client";
import { useAddressForm } from "@/app/use-address-form";
import { DatasetsTable } from "@/components/datasets/datasets-table";
import { Button } from "@/components/ui/button";
import { LiveMark } from "@/components/ui/live-mark";
import { Message } from "@/components/ui/message";
import { Page } from "@/components/ui/page";
import { datasetOptionsSchema } from "@/server/core/datasets/settings";
import type { DatasetCard, DatasetChoices } from "@/server/core/datasets/view";
import { NewDatasetSection } from "./new-dataset-section";
import { type DatasetForm, formOf, formSearch } from "./options";
import { ReflectionsSection } from "./reflections-section";

/** The data sets of a study, and the form of a new one. */
export function DatasetsPageView({ study }: { study: string }) {
  const trpc = useTRPC();
  const choices = useQuery(trpc.datasets.choices.queryOptions({ study }));
  if (choices.data === undefined)
    return <Page crumbs={[]}>{choices.error && <Message tone="error">{choices.error.message}</Message>}</Page>;
  return (
    <LiveProvider study={choices.data.studyId}>
      <Content study={study} choices={choices.data} />
    </LiveProvider>
  );
}

function Content({ study, choices }: { study: string; choices: DatasetChoices }) {
  const trpc = useTRPC();
  const live = useLiveState();
  const [form, show] = useAddressForm(formOf, searchOf);
  const list = useQuery(trpc.datasets.list.queryOptions({ study }));
  const base = `/studies/${encodeURIComponent(study)}`;
  const hrefOf = useCallback((d: DatasetCard) => `${base}/datasets/${encodeURIComponent(d.name)}`, [base]);
  const rows = list.data ?? [];
  return (
    <Page
      crumbs={[
        { label: study, href: base },
        { label: "data sets", href: `${base}/datasets` },
      ]}
      status={<LiveMark state={live} />}
    >
      <div className="space-y-12">
        <div>
          <div className="flex flex-wrap items-baseline justify-between gap-x-8 gap-y-3">
            <h1 className="text-2xl">Data sets</h1>
            {form === null && <Button onClick={() => show(usual)}>New data set</Button>}
          </div>
          <p className="mt-1 mb-6 max-w-prose text-soft">
            Training rows of one source each. Every row knows the attempt, the proposal and the decision that it came
            from; once ready, a data set never changes.
          </p>
          {list.error !== null && (
            <Message tone="error" action={<Button onClick={() => list.refetch()}>Try again</Button>}>
              {list.error.message}
            </Message>
          )}
          {rows.length > 0 ? (
            <DatasetsTable rows={rows} href={hrefOf} link={Link} />
          ) : (
            <p className="max-w-prose border-t border-ink pt-3 text-faint">
              {list.isPending
                ? "Reading…"
                : "None yet. A run that has ended, imported attempts or reference solutions are enough to build one: choose a source, and see how many rows it gives before anything is written."}
            </p>
          )}
        </div>
        {form !== null && (
          <NewDatasetSection
            study={study}
            form={form}
            choices={choices}
            taken={rows.map((d) => d.name)}
            onChange={show}
            onClose={() => show(null)}
          />
        )}
        <ReflectionsSection study={study} counts={choices.reflections} served={choices.models.some((m) => m.served)} />
      </div>
    </Page>
  );
}

const usual: DatasetForm = { options: datasetOptionsSchema.parse({ source: "int" }), base: "" };

const searchOf = (form: DatasetForm | null) => (form === null ? new URLSearchParams() : formSearch(form));
