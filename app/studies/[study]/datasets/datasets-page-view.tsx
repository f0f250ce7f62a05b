"use client";
import { useQuery } from "@tanstack/react-query";
import { LiveProvider, useLiveState } from "@/app/live";
import { useTRPC } from "@/app/trpc/client";
import { useAddressForm } from "@/app/use-address-form";
import { Button } from "@/components/ui/button";
import { LiveMark } from "@/components/ui/live-mark";
import { Message } from "@/components/ui/message";
import { Page } from "@/components/ui/page";
import { datasetOptionsSchema } from "@/server/core/datasets/settings";
import type { DatasetChoices } from "@/server/core/datasets/view";
import { ListView } from "../lists/list-view";
import { ListsNav } from "../lists/lists-nav";
import { NewDatasetSection } from "./new-dataset-section";
import { besidesForm, type DatasetForm, formOf, formSearch } from "./options";
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
        <div className="space-y-6">
          <ListsNav base={base} list="datasets" />
          <p className="max-w-prose text-soft">
            Training rows of one source each. Every row knows the attempt, the proposal and the decision that it came
            from; once ready, a data set never changes.
          </p>
          <ListView
            study={study}
            list="datasets"
            aside={form === null && <Button onClick={() => show(usual)}>New data set</Button>}
            empty={
              <p className="max-w-prose">
                None yet. A run that has ended, imported attempts or reference solutions are enough to build one: choose
                a source, and see how many rows it gives before anything is written.
              </p>
            }
          />
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

/** The form in the address, beside the list's own question. */
const searchOf = (form: DatasetForm | null) =>
  new URLSearchParams([...besidesForm(new URLSearchParams(window.location.search)), ...(form === null ? [] : formSearch(form))]);
