"use client";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { LiveProvider, useLiveState } from "@/app/live";
import { useTRPC } from "@/app/trpc/client";
import { LiveMark } from "@/components/ui/live-mark";
import { Message } from "@/components/ui/message";
import { Page } from "@/components/ui/page";
import { type ListName, specOf } from "@/server/core/lists/tables";
import { ListView } from "./list-view";
import { ListsNav } from "./lists-nav";

/** The page of one list. */
export function ListPageView({ study, list }: { study: string; list: ListName }) {
  const trpc = useTRPC();
  const head = useQuery(trpc.lists.head.queryOptions({ study, list }));
  if (head.data === undefined) return <Page crumbs={[]}>{head.error && <Message tone="error">{head.error.message}</Message>}</Page>;
  return (
    <LiveProvider study={head.data.study.id}>
      <Content study={head.data.study.name} list={list} />
    </LiveProvider>
  );
}

function Content({ study, list }: { study: string; list: ListName }) {
  const live = useLiveState();
  const base = `/studies/${encodeURIComponent(study)}`;
  return (
    <Page
      wide
      crumbs={[
        { label: study, href: base },
        { label: specOf(list).many, href: `${base}/${list}` },
      ]}
      status={<LiveMark state={live} />}
    >
      <div className="space-y-6">
        <ListsNav base={base} list={list} />
        <ListView key={list} study={study} list={list} empty={<p>{EMPTY[list]}</p>} />
      </div>
    </Page>
  );
}

const EMPTY: Record<ListName, ReactNode> = {
  problems: "This study has no problems yet: import some, or start the lab.",
  attempts: "No attempt has been sampled or imported yet.",
  proposals: "Nothing has been proposed yet: proposals come from verifying failed attempts, and from people who judge.",
  runs: "Nothing has been run in this study yet.",
  models: "This study has no models yet: they come with a run, or with imported answers.",
  datasets: "None yet.",
};
