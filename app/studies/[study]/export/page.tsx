import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { SearchParams } from "@/app/search-params";
import { isNotFound } from "@/app/trpc/not-found";
import { Hydrate, serverQueries } from "@/app/trpc/server";
import { ExportPageView } from "./export-page-view";
import { formOf } from "./options";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Export" };

interface Props {
  params: Promise<{ study: string }>;
  searchParams: Promise<SearchParams>;
}

export default async function ExportPage({ params, searchParams }: Props) {
  const study = decodeURIComponent((await params).study);
  const { queries, trpc } = serverQueries();
  const [choices] = await Promise.all([
    queries.fetchQuery(trpc.exports.choices.queryOptions({ study })),
    queries.fetchQuery(trpc.exports.list.queryOptions({ study })),
  ]).catch((error: unknown) => {
    if (isNotFound(error)) notFound();
    throw error;
  });
  await queries.prefetchQuery(
    trpc.exports.preview.queryOptions({ study, wish: formOf(await searchParams, choices) }, { retry: false }),
  );
  return (
    <Hydrate queries={queries}>
      <ExportPageView study={study} />
    </Hydrate>
  );
}
