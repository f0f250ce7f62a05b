"use client";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { LiveProvider, useLiveState } from "@/app/live";
import { useTRPC } from "@/app/trpc/client";
import { StudyHead } from "@/components/study/study-head";
import { LiveMark } from "@/components/ui/live-mark";
import { Message } from "@/components/ui/message";
import { Page } from "@/components/ui/page";
import type { StudyView } from "@/server/core/views/study";
import { AttemptsSection } from "./attempts-section";
import { OutcomesSections } from "./outcomes-sections";
import { PeopleSection } from "./people-section";
import { StagesSection } from "./stages-section";

/** The page of one study: stages, conditioning, proposals, attempts. */
export function StudyPageView({ study }: { study: string }) {
  const trpc = useTRPC();
  const pipeline = useSearchParams().get("pipeline") ?? undefined;
  // Events say when rows changed; rates and "waits for" also change when nothing happens.
  const head = useQuery(trpc.studies.get.queryOptions({ study, pipeline }, { refetchInterval: 5_000 }));
  if (head.data === undefined)
    return <Page crumbs={[]}>{head.error && <Message tone="error">{head.error.message}</Message>}</Page>;
  return (
    <LiveProvider study={head.data.id}>
      <Content study={head.data} problem={head.error === null ? "" : head.error.message} />
    </LiveProvider>
  );
}

function Content({ study, problem }: { study: StudyView; problem: string }) {
  const live = useLiveState();
  const base = `/studies/${encodeURIComponent(study.name)}`;
  return (
    <Page crumbs={[{ label: study.name, href: base }]} status={<LiveMark state={live} />}>
      <div className="space-y-12">
        <StudyHead study={study} href={base} />
        {problem !== "" && <Message tone="uncertainty">What you see may be out of date. {problem}</Message>}
        {study.pipeline !== null && (
          <>
            <StagesSection pipeline={study.pipeline} workers={study.workers} />
            <OutcomesSections pipeline={study.pipeline} kind={study.kind} />
            <PeopleSection study={study.name} pipeline={study.pipeline.id} />
          </>
        )}
        <div id="attempts" className="scroll-mt-14">
          <AttemptsSection
            study={study.name}
            href={base}
            expected={study.attempts}
            shown={{ model: study.models.length > 1, run: study.pipelines.length > 0 }}
          />
        </div>
      </div>
    </Page>
  );
}
