import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { attemptQueryOf, type SearchParams, single } from "@/app/search-params";
import { isNotFound, whyClosed } from "@/app/trpc/not-found";
import { Hydrate, serverQueries } from "@/app/trpc/server";
import { Page } from "@/components/ui/page";
import { AttemptPageView } from "./attempt-page-view";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ study: string; attempt: string }>;
  searchParams: Promise<SearchParams>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Attempt · ${decodeURIComponent((await params).study)}` };
}

export default async function AttemptPage({ params, searchParams }: Props) {
  const { study: name, attempt } = await params;
  const study = decodeURIComponent(name);
  const { queries, trpc } = serverQueries();
  const search = await searchParams;
  const asked = single(search.list);
  const closed = await Promise.all([
    queries.fetchQuery(trpc.attempts.get.queryOptions({ study, attempt })),
    asked === undefined
      ? queries.fetchQuery(trpc.attempts.neighbours.queryOptions({ study, attempt, query: attemptQueryOf(search) }))
      : queries.fetchQuery(trpc.lists.neighbours.queryOptions({ study, attempt, search: asked })),
  ]).then(
    () => null,
    (error: unknown) => {
      if (isNotFound(error)) notFound();
      const why = whyClosed(error);
      if (why === null) throw error;
      return why;
    },
  );
  if (closed !== null) {
    return (
      <Page>
        <h1 className="text-2xl">Not before you have judged it</h1>
        <p className="mt-3 max-w-prose text-soft">{closed}</p>
      </Page>
    );
  }
  return (
    <Hydrate queries={queries}>
      <AttemptPageView key={attempt} study={study} attempt={attempt} />
    </Hydrate>
  );
}
