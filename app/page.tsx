import { Hydrate, serverQueries } from "./trpc/server";
import { StudiesView } from "./studies-view";

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
