import type { Metadata } from "next";
import { type SearchParams, single } from "@/app/search-params";
import { Hydrate, serverQueries } from "@/app/trpc/server";
import { ImportView } from "./import-view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Import" };

/** Bring a file or a dataset of the hub into a study. What is chosen stands in the address. */
export default async function ImportPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const search = await searchParams;
  const { queries, trpc } = serverQueries();
  const run = single(search.run);
  await Promise.all([
    queries.prefetchQuery(trpc.studies.list.queryOptions()),
    run !== undefined && queries.prefetchQuery(trpc.imports.get.queryOptions({ run })),
  ]);
  return (
    <Hydrate queries={queries}>
      <ImportView />
    </Hydrate>
  );
}
