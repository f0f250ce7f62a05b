"use client";
import { useQuery } from "@tanstack/react-query";
import { LiveProvider, useLiveState } from "@/app/live";
import { useTRPC } from "@/app/trpc/client";
import { BuildState } from "@/components/datasets/build-state";
import { Funnel } from "@/components/datasets/funnel";
import { ManifestFacts } from "@/components/datasets/manifest-facts";
import { SettingsList } from "@/components/study/settings-list";
import { Disclosure } from "@/components/ui/disclosure";
import { moment, plural } from "@/components/ui/format";
import { LiveMark } from "@/components/ui/live-mark";
import { Message } from "@/components/ui/message";
import { Page } from "@/components/ui/page";
import { Section } from "@/components/ui/section";
import { SOURCE_LABEL, SOURCE_SAYS } from "@/server/core/datasets/sources";
import type { DatasetView } from "@/server/core/datasets/view";
import { BuildControls } from "./build-controls";
import { RowsSection } from "./rows-section";
import { READY_ACTIONS } from "./ready-actions";

/** One data set: what it says of itself, where its candidates went, and its rows as they are trained. */
export function DatasetPageView({ study, dataset }: { study: string; dataset: string }) {
  const trpc = useTRPC();
  const view = useQuery(trpc.datasets.get.queryOptions({ study, dataset }));
  if (view.data === undefined)
    return <Page crumbs={[]}>{view.error && <Message tone="error">{view.error.message}</Message>}</Page>;
  return (
    <LiveProvider study={view.data.studyId}>
      <Content study={study} dataset={view.data} problem={view.error?.message ?? ""} />
    </LiveProvider>
  );
}

function Content({ study, dataset: d, problem }: { study: string; dataset: DatasetView; problem: string }) {
  const live = useLiveState();
  const base = `/studies/${encodeURIComponent(study)}`;
  return (
    <Page
      crumbs={[
        { label: study, href: base },
        { label: "data sets", href: `${base}/datasets` },
        { label: d.name, href: `${base}/datasets/${encodeURIComponent(d.name)}` },
      ]}
      status={<LiveMark state={live} />}
    >
      <div className="space-y-12">
        <div>
          <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-3">
            <div className="min-w-0">
              <h1 className="text-2xl break-words">{d.name}</h1>
              <p className="mt-1 flex flex-wrap items-baseline gap-x-3 gap-y-1 text-soft">
                <span>{SOURCE_LABEL[d.source]}</span>
                <span>{plural(d.rows, "row")}</span>
                {d.base !== null && <span>for {d.base}</span>}
                <BuildState dataset={d} />
                <span className="text-faint">{moment(d.createdAt)}</span>
              </p>
            </div>
            <div className="flex flex-wrap gap-3">
              <BuildControls study={study} dataset={d} />
              {d.state === "ready" && READY_ACTIONS.map(({ id, Action }) => <Action key={id} study={study} dataset={d} />)}
            </div>
          </div>
          <p className="mt-2 max-w-prose text-sm text-faint">{SOURCE_SAYS[d.source]}</p>
        </div>
        {problem !== "" && <Message tone="uncertainty">What you see may be out of date. {problem}</Message>}
        {d.state === "failed" && <Message tone="error">It could not be built. {d.message}</Message>}
        {d.state === "cancelled" && (
          <Message>Its build was cancelled. Remove it to free its name, and ask for it again.</Message>
        )}
        {d.state === "building" && d.build !== null && d.build.message !== "" && (
          <Message tone="uncertainty">{d.build.message}</Message>
        )}
        {d.manifest !== null && (
          <div className="grid gap-x-12 gap-y-12 lg:grid-cols-2">
            <Section title="Candidates">
              <Funnel counts={d.manifest.counts} />
            </Section>
            <Section title="Manifest">
              <ManifestFacts manifest={d.manifest} />
            </Section>
          </div>
        )}
        <RowsSection study={study} dataset={d} />
        <Disclosure title="Settings of this data set">
          <SettingsList settings={d.settings} />
        </Disclosure>
        {d.manifest !== null && (
          <Disclosure title="Manifest as JSON">
            <pre
              // A long text that scrolls must be reachable by keyboard.
              tabIndex={0}
              role="region"
              aria-label="Manifest as JSON"
              className="max-h-[32rem] overflow-auto bg-sunken p-3 font-mono text-xs leading-5"
            >
              {JSON.stringify(d.manifest, null, 2)}
            </pre>
          </Disclosure>
        )}
      </div>
    </Page>
  );
}
