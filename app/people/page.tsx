import type { Metadata } from "next";
import { Hydrate, serverQueries } from "../trpc/server";
import { PeopleView } from "./people-view";

export const metadata: Metadata = { title: "People" };
export const dynamic = "force-dynamic";

export default async function PeoplePage() {
  const { queries, trpc } = serverQueries();
  await Promise.all([
    queries.fetchQuery(trpc.people.me.queryOptions()),
    queries.fetchQuery(trpc.people.list.queryOptions()),
  ]);
  return (
    <Hydrate queries={queries}>
      <PeopleView />
    </Hydrate>
  );
}
