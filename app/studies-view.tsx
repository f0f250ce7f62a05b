"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { NoStudies } from "@/components/study/no-studies";
import { StudyList } from "@/components/study/study-list";
import { LiveMark } from "@/components/ui/live-mark";
import { Message } from "@/components/ui/message";
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
  const queries = useQueryClient();
  const live = useLiveState();
  const studies = useQuery(trpc.studies.list.queryOptions(undefined, { refetchInterval: 15_000 }));
  const startLab = useMutation(
    trpc.studies.startLab.mutationOptions({ onSettled: () => queries.invalidateQueries({ queryKey: trpc.pathKey() }) }),
  );
  const error = startLab.error ?? studies.error;
  return (
    <Page status={<LiveMark state={live} />}>
      <div className="mb-6 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h1 className="text-2xl">Studies</h1>
        <span className="flex gap-x-5">
          <Link href="/import">Import data</Link>
          <Link href="/keys">Keys for programs</Link>
        </span>
      </div>
      {error !== null && <Message tone="error">{error.message}</Message>}
      {studies.data?.length === 0 ? (
        <NoStudies busy={startLab.isPending} onStartLab={() => startLab.mutate()} />
      ) : (
        <StudyList studies={studies.data ?? []} />
      )}
    </Page>
  );
}
