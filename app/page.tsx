import { StudiesView } from "./studies-view";
import { Hydrate, serverQueries } from "./trpc/server";

export const dynamic = "force-dynamic";

export default async function StudiesPage() {
  const { queries, trpc } = serverQueries();
  await queries.fetchQuery(trpc.studies.list.queryOptions());
  return (
    <Hydrate queries={queries}>
      <StudiesView />
    </Hydrate>
  );
}
