"use client";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useDeferredValue, useId, useState } from "react";
import { useTRPC } from "@/app/trpc/client";
import { DatasetForm as OptionsForm } from "@/components/datasets/dataset-form";
import { Funnel } from "@/components/datasets/funnel";
import { Button } from "@/components/ui/button";
import { Message } from "@/components/ui/message";
import { Section } from "@/components/ui/section";
import { FROM_ATTEMPTS } from "@/server/core/datasets/sources";
import type { DatasetChoices } from "@/server/core/datasets/view";
import { type DatasetForm, suggestedName } from "./options";

/** The form of a new data set beside the counts that it would have. */
export function NewDatasetSection(props: {
  study: string;
  form: DatasetForm;
  choices: DatasetChoices;
  taken: readonly string[];
  onChange: (form: DatasetForm) => void;
  onClose: () => void;
}) {
  const { study, form, choices } = props;
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();
  const nameId = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const name = typed ?? suggestedName(form.options, props.taken);
  const base = form.base === "" ? undefined : form.base;
  const asked = useDeferredValue(form);
  const preview = useQuery(
    trpc.datasets.preview.queryOptions(
      { study, options: asked.options, base: asked.base === "" ? undefined : asked.base },
      // It reads much, so it is not read again with every row that a run elsewhere makes.
      { placeholderData: keepPreviousData, retry: false, meta: { fixed: true }, staleTime: 10_000 },
    ),
  );
  const create = useMutation(
    trpc.datasets.create.mutationOptions({
      onSuccess: async (made) => {
        await queries.invalidateQueries({ queryKey: trpc.datasets.pathKey() });
        router.push(`/studies/${encodeURIComponent(study)}/datasets/${encodeURIComponent(made.name)}`);
      },
    }),
  );
  const none = preview.data?.rows === 0 && preview.data.complete;
  return (
    <Section
      title="New data set"
      aside={
        <Button tone="quiet" onClick={props.onClose}>
          Close
        </Button>
      }
    >
      <div className="grid gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,1fr)_minmax(0,26rem)]">
        <OptionsForm
          options={form.options}
          base={form.base}
          choices={choices}
          onChange={(change) => {
            create.reset();
            props.onChange({ ...form, options: { ...form.options, ...change } });
          }}
          onBase={(chosen) => props.onChange({ ...form, base: chosen })}
        />
        <div className="space-y-4 lg:border-s lg:border-rule lg:ps-8">
          <div aria-live="polite" aria-busy={preview.isFetching} className={preview.isPlaceholderData ? "opacity-60" : ""}>
            {preview.error !== null ? (
              <Message tone="uncertainty">{preview.error.message}</Message>
            ) : preview.data === undefined ? (
              <p className="text-faint">Counting…</p>
            ) : (
              <>
                <Funnel counts={preview.data} complete={preview.data.complete} />
                {FROM_ATTEMPTS.has(asked.options.source) && preview.data.from.length > 0 && (
                  <p className="mt-2 text-sm text-faint">From attempts by {preview.data.from.join(", ")}.</p>
                )}
                {!preview.data.complete && (
                  <p className="mt-2 text-sm text-faint">
                    Counting all of them takes longer than a page should; the data set itself takes all.
                  </p>
                )}
              </>
            )}
          </div>
          <form
            className="space-y-2"
            onSubmit={(e) => {
              e.preventDefault();
              create.mutate({ study, options: form.options, base, name });
            }}
          >
            <label htmlFor={nameId} className="block text-sm text-soft">
              Name
            </label>
            <div className="flex flex-wrap gap-2">
              <input
                id={nameId}
                value={name}
                onChange={(e) => setTyped(e.target.value)}
                maxLength={100}
                required
                spellCheck={false}
                className="h-8 min-w-0 flex-1 rounded-sm border border-edge bg-raised px-2 text-ink"
              />
              <Button type="submit" disabled={create.isPending || preview.error !== null || none}>
                {create.isPending ? "Asking…" : "Build"}
              </Button>
            </div>
            {none && <p className="text-sm text-faint">There would be no row in it.</p>}
            {create.error !== null && <Message tone="error">{create.error.message}</Message>}
          </form>
        </div>
      </div>
    </Section>
  );
}
