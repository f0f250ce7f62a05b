import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { SearchParams } from "@/app/search-params";
import { isNotFound } from "@/app/trpc/not-found";
import { Hydrate, serverQueries } from "@/app/trpc/server";
import { inputOf, questionOf } from "./question";
import { TableView } from "./table-view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Final table" };

interface Props {
  params: Promise<{ study: string }>;
  searchParams: Promise<SearchParams>;
}

export default async function FinalTablePage({ params, searchParams }: Props) {
  const study = decodeURIComponent((await params).study);
  const input = inputOf(study, questionOf(await searchParams));
  const { queries, trpc } = serverQueries();
  await queries.fetchQuery(trpc.compareTable.get.queryOptions(input)).catch((error: unknown) => {
    if (isNotFound(error)) notFound();
    throw error;
  });
  return (
    <Hydrate queries={queries}>
      <TableView study={study} />
    </Hydrate>
  );
}
