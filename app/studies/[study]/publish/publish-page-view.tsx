"use client";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useDeferredValue } from "react";
import { LiveProvider, useLiveState } from "@/app/live";
import { useTRPC } from "@/app/trpc/client";
import { useAddressForm } from "@/app/use-address-form";
import { PublicationList } from "@/components/publishing/publication-list";
import { PublishForm } from "@/components/publishing/publish-form";
import { TaskOrder } from "@/components/study/task-order";
import { plural } from "@/components/ui/format";
import { LiveMark } from "@/components/ui/live-mark";
import { Message } from "@/components/ui/message";
import { Page } from "@/components/ui/page";
import { Section } from "@/components/ui/section";
import type { PublicationPreview } from "@/server/core/views/publication";
import { publishFormOf, publishSearch } from "./options";

/** A study as static pages: a form with what they would hold, and the folders that were written. */
export function PublishPageView({ study }: { study: string }) {
  const trpc = useTRPC();
  const head = useQuery(trpc.studies.get.queryOptions({ study }));
  if (head.data === undefined)
    return <Page crumbs={[]}>{head.error && <Message tone="error">{head.error.message}</Message>}</Page>;
  return (
    <LiveProvider study={head.data.id}>
      <Content study={study} />
    </LiveProvider>
  );
}

function Content({ study }: { study: string }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const live = useLiveState();
  const [form, change] = useAddressForm(publishFormOf, publishSearch);
  const wish = useDeferredValue(form);
  const preview = useQuery(
    trpc.publications.preview.queryOptions(
      { study, wish },
      // It counts continuations, so it is not made again with every row that a run elsewhere makes.
      { placeholderData: keepPreviousData, retry: false, meta: { fixed: true }, staleTime: 10_000 },
    ),
  );
  const start = useMutation(
    trpc.publications.start.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.publications.list.queryKey() }),
    }),
  );
  const base = `/studies/${encodeURIComponent(study)}`;
  return (
    <Page
      crumbs={[
        { label: study, href: base },
        { label: "publish", href: `${base}/publish` },
      ]}
      status={<LiveMark state={live} />}
    >
      <div className="space-y-12">
        <TaskOrder
          title="Publish"
          about="The study as a folder of read-only pages: its figures, and every attempt with its steps, verifications, interventions and continuations. It opens from files or any web server, loads nothing from the network, and every step has an address that a paper can link to. Keys, machines and paths are never part of it."
          form={{ title: "What to publish", content: <PublishForm form={form} onChange={change} /> }}
          preview={{
            title: "What it would hold",
            content: preview.data === undefined ? null : <Preview of={preview.data} />,
            error: preview.error?.message ?? null,
          }}
          button={{ words: "Publish it", disabled: preview.data?.attempts === 0, onClick: () => start.mutate({ study, wish: form }) }}
          order={start}
        />
        <Publications study={study} />
      </div>
    </Page>
  );
}

function Preview({ of }: { of: PublicationPreview }) {
  if (of.attempts === 0) return <p className="text-faint">The study has no attempts of that kind.</p>;
  const about = of.exact ? "" : "about ";
  return (
    <ul className="space-y-1">
      <li>{plural(of.attempts, "attempt")}</li>
      <li>
        {of.exact ? "at " : "at most at "}
        {plural(of.problems, "problem")}
      </li>
      <li>
        {about}
        {plural(of.continuations, "continuation")}
      </li>
      {of.decisions > 0 && <li>{plural(of.decisions, "decision")} of the whole study’s queues</li>}
      {of.withheldDecisions > 0 && (
        <li className="text-uncertainty">{plural(of.withheldDecisions, "decision")} held back: their queues are blind and open</li>
      )}
    </ul>
  );
}

function Publications({ study }: { study: string }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const list = useQuery(trpc.publications.list.queryOptions({ study }));
  const options = { onSettled: () => queries.invalidateQueries({ queryKey: trpc.publications.list.queryKey() }) };
  const pause = useMutation(trpc.runs.pause.mutationOptions(options));
  const resume = useMutation(trpc.runs.resume.mutationOptions(options));
  const cancel = useMutation(trpc.runs.cancel.mutationOptions(options));
  const retry = useMutation(trpc.runs.retry.mutationOptions(options));
  const remove = useMutation(trpc.publications.remove.mutationOptions(options));
  const commands = { pause, resume, cancel };
  const all = [pause, resume, cancel, retry, remove];
  const error = list.error ?? all.find((m) => m.error !== null)?.error ?? null;
  const publications = list.data ?? [];
  return (
    <Section title="Published" note={publications.length > 0 ? plural(publications.length, "folder") : undefined}>
      {error !== null && (
        <div className="mb-4">
          <Message tone="error">{error.message}</Message>
        </div>
      )}
      {publications.length === 0 ? (
        <p className="text-faint">{list.isPending ? "Reading…" : "Nothing of this study has been published yet."}</p>
      ) : (
        <PublicationList
          publications={publications}
          actions={{
            busy: all.some((m) => m.isPending),
            fileHref: (run, file) => `/publications/${run}/${file}`,
            onCommand: (run, command) => commands[command].mutate({ pipelineId: run.pipelineId }),
            onRetry: (run) => retry.mutate({ pipelineId: run.pipelineId }),
            onRemove: (run) => remove.mutate({ study, runId: run.id }),
          }}
        />
      )}
    </Section>
  );
}
