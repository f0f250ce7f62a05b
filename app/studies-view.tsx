"use client";
import { useQuery } from "@tanstack/react-query";
import { StudyList } from "@/components/study/study-list";
import { LiveMark } from "@/components/ui/live-mark";
import { Page } from "@/components/ui/page";
import { LiveProvider, useLiveState } from "./live";
import { useTRPC } from "./trpc/client";

/** All studies, kept up to date. */
export function StudiesView() {
  return (
    <LiveProvider>
      <Content />
    </LiveProvider>
  );
}

function Content() {
  const trpc = useTRPC();
  const live = useLiveState();
  const studies = useQuery(trpc.studies.list.queryOptions(undefined, { refetchInterval: 15_000 }));
  return (
    <Page status={<LiveMark state={live} />}>
      <h1 className="mb-6 text-2xl">Studies</h1>
      <StudyList studies={studies.data ?? []} />
    </Page>
  );
}
