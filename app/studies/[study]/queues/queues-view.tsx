"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { replaceSearch } from "@/app/search-params";
import { useTRPC } from "@/app/trpc/client";
import { QueueTable } from "@/components/judging/queue-table";
import { Button } from "@/components/ui/button";
import { plural } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import { Page } from "@/components/ui/page";
import { Section } from "@/components/ui/section";
import { NewQueue } from "./new-queue";

/** The queues of a study, and the form of a new one. */
export function QueuesView({ study }: { study: string }) {
  const trpc = useTRPC();
  const asked = useSearchParams().has("new");
  const list = useQuery(trpc.queues.list.queryOptions({ study }, { refetchInterval: 10_000 }));
  const base = `/studies/${encodeURIComponent(study)}`;
  const rows = list.data ?? [];
  return (
    <Page
      crumbs={[
        { label: study, href: base },
        { label: "judging", href: `${base}/queues` },
      ]}
    >
      <div className="space-y-12">
        <div>
          <h1 className="text-2xl">Judging</h1>
          <p className="mt-1 max-w-prose text-soft">
            Queues in which people confirm, correct and reject. An item is reserved for whoever judges it; decisions are
            never changed, only taken back by another row.
          </p>
        </div>
        <Section
          title="Queues"
          note={rows.length > 0 ? plural(rows.length, "queue") : undefined}
          aside={!asked && <Button onClick={() => show(true)}>New queue</Button>}
        >
          {list.error !== null && (
            <Message tone="error" action={<Button onClick={() => list.refetch()}>Try again</Button>}>
              {list.error.message}
            </Message>
          )}
          {rows.length > 0 ? (
            <QueueTable rows={rows} href={(q) => `${base}/queues/${q.id}`} link={Link} />
          ) : (
            <p className="max-w-prose text-faint">
              {list.isPending
                ? "Reading…"
                : "None yet. A queue is made from any filter of attempts or proposals: choose what to judge, and see how many items it gives before it is made."}
            </p>
          )}
        </Section>
        {asked && <NewQueue study={study} taken={rows.map((q) => q.name)} onClose={() => show(false)} />}
      </div>
    </Page>
  );
}

function show(open: boolean): void {
  replaceSearch((search) => {
    if (open) search.set("new", "1");
    else for (const name of [...search.keys()]) search.delete(name);
  });
}
