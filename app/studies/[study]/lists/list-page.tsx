import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import type { SearchParams } from "@/app/search-params";
import { isNotFound } from "@/app/trpc/not-found";
import { Hydrate, serverQueries } from "@/app/trpc/server";
import { searchOfQuery } from "@/server/core/lists/query";
import type { ListName } from "@/server/core/lists/tables";
import { ListPageView } from "./list-page-view";
import { askedOf, paramsOf, searchOfAsked } from "./question";

export interface ListPageProps {
  params: Promise<{ study: string }>;
  searchParams: Promise<SearchParams>;
}

/** Read a list on the server: what the page shows first comes with it. */
export async function prefetchList(
  { queries, trpc }: ReturnType<typeof serverQueries>,
  study: string,
  list: ListName,
  search: SearchParams,
): Promise<void> {
  const asked = askedOf(list, paramsOf(search));
  const filters = searchOfQuery(list, { filters: asked.query.filters, sort: [], columns: null }).toString();
  await Promise.all([
    queries.fetchQuery(trpc.lists.head.queryOptions({ study, list })),
    queries.fetchQuery(trpc.lists.page.queryOptions({ study, list, search: searchOfAsked(list, asked).toString() })),
    queries.prefetchQuery(trpc.lists.count.queryOptions({ study, list, search: filters })),
    queries.prefetchQuery(trpc.lists.views.queryOptions({ study, list })),
  ]);
}

/** The page of one list of a study. */
export async function listPage(list: ListName, { params, searchParams }: ListPageProps): Promise<ReactNode> {
  const study = decodeURIComponent((await params).study);
  const server = serverQueries();
  await prefetchList(server, study, list, await searchParams).catch((error: unknown) => {
    if (isNotFound(error)) notFound();
    throw error;
  });
  return (
    <Hydrate queries={server.queries}>
      <ListPageView study={study} list={list} />
    </Hydrate>
  );
}
