import type { Metadata } from "next";
import { Hydrate, serverQueries } from "../trpc/server";
import { KeysView } from "./keys-view";

export const metadata: Metadata = { title: "Keys" };
export const dynamic = "force-dynamic";

export default async function KeysPage() {
  const { queries, trpc } = serverQueries();
  await queries.fetchQuery(trpc.keys.list.queryOptions());
  return (
    <Hydrate queries={queries}>
      <KeysView />
    </Hydrate>
  );
}
