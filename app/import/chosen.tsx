"use client";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { replaceSearch } from "@/app/search-params";
import { useTRPC } from "@/app/trpc/client";
import { bytesOf } from "@/components/importing/bytes";
import { MappingEditor } from "@/components/importing/mapping-editor";
import { PreviewOptions } from "@/components/importing/preview-options";
import { PreviewRows } from "@/components/importing/preview-rows";
import { Button } from "@/components/ui/button";
import { Disclosure } from "@/components/ui/disclosure";
import { Message } from "@/components/ui/message";
import { Section } from "@/components/ui/section";
import type { ColumnMapping, Target } from "@/server/core/importing/record";
import { mappingOf, questionOf } from "./question";

/** What the chosen source is taken for, by its first rows; what can be changed about it; and the button that starts. */
export function Chosen({ study }: { study: string }) {
  const trpc = useTRPC();
  const question = questionOf(useSearchParams());
  const preview = useQuery(
    trpc.imports.preview.queryOptions(question ?? { source: { hub: { dataset: "none" } } }, {
      enabled: question !== null,
      placeholderData: keepPreviousData,
      retry: false,
      staleTime: Number.POSITIVE_INFINITY,
      meta: { fixed: true },
    }),
  );
  const start = useMutation(
    trpc.imports.start.mutationOptions({
      onSuccess: ({ runId }) =>
        replaceSearch((search) => {
          for (const field of [...search.keys()]) if (field !== "study") search.delete(field);
          search.set("run", runId);
        }),
    }),
  );
  if (question === null) return null;
  const set = (field: string, value: string) =>
    replaceSearch((search) => (value === "" ? search.delete(field) : search.set(field, value)));
  // On what the address says now: two quick changes must not undo each other.
  const setMapping = (target: Target, source: ColumnMapping[Target]) =>
    replaceSearch((search) => {
      const { [target]: _before, ...rest } = mappingOf(search.get("map"));
      const mapping = source === undefined ? rest : { ...rest, [target]: source };
      if (Object.keys(mapping).length === 0) search.delete("map");
      else search.set("map", JSON.stringify(mapping));
    });
  const seen = preview.data;
  if (seen === undefined) {
    return (
      <Section title="First rows">
        {preview.error === null ? (
          <p className="text-faint" role="status">
            Reading the first rows…
          </p>
        ) : (
          <Message tone="error" action={<Button onClick={() => void preview.refetch()}>Try again</Button>}>
            {preview.error.message}
          </Message>
        )}
      </Section>
    );
  }
  const usable = seen.rows.some((row) => "problem" in row);
  const why = study === "" ? "Name the study first." : seen.format === null ? "Say which columns hold what." : usable ? "" : "None of the first rows can be used as they are read now.";
  return (
    <>
      <Section title={seen.name} note={`${seen.container}, ${bytesOf(seen.bytes)}`}>
        {preview.error !== null && <Message tone="error">{preview.error.message}</Message>}
        {seen.format === null ? <Message tone="uncertainty">{seen.sentence}</Message> : <p className="max-w-prose">{seen.sentence}</p>}
        <PreviewOptions preview={seen} question={question} onChange={set} />
        {seen.notKept.length > 0 && (
          <p className="mt-3 max-w-prose text-sm text-soft">
            <span className="text-uncertainty">Not kept:</span> <span className="break-words">{seen.notKept.join(", ")}</span>
          </p>
        )}
        <div className="mt-3">
          <Disclosure title="Which field comes from where" open={seen.format === null || Object.keys(question.mapping).length > 0}>
            <MappingEditor columns={seen.columns} takes={seen.takes} mapping={question.mapping} onChange={setMapping} />
          </Disclosure>
        </div>
      </Section>
      <div>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Button disabled={why !== "" || start.isPending || preview.isPlaceholderData} onClick={() => start.mutate({ ...question, study })} className="font-medium">
            {study === "" ? "Import" : `Import into “${study}”`}
          </Button>
          {why !== "" && <p className="text-sm text-faint">{why}</p>}
        </div>
        {start.error !== null && (
          <div className="mt-3">
            <Message tone="error">{start.error.message}</Message>
          </div>
        )}
      </div>
      <Section title="First rows, as they would be imported">
        <PreviewRows rows={seen.rows} />
      </Section>
    </>
  );
}
