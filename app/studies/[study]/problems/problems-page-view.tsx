"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTRPC } from "@/app/trpc/client";
import { ProblemsTable } from "@/components/study/problems-table";
import { Button } from "@/components/ui/button";
import { Message } from "@/components/ui/message";
import { Page } from "@/components/ui/page";

/** The problems of a study, each with its attempts. */
export function ProblemsPageView({ study }: { study: string }) {
  const trpc = useTRPC();
  const base = `/studies/${encodeURIComponent(study)}`;
  const list = useInfiniteQuery(
    trpc.attempts.problems.infiniteQueryOptions({ study }, { getNextPageParam: (p) => p.next }),
  );
  const rows = list.data?.pages.flatMap((p) => p.rows) ?? [];
  return (
    <Page
      crumbs={[
        { label: study, href: base },
        { label: "problems", href: `${base}/problems` },
      ]}
    >
      <h1 className="mb-4 text-2xl">Problems</h1>
      {list.error !== null && <Message tone="error">{list.error.message}</Message>}
      {rows.length === 0 ? (
        <p className="text-faint">{list.isPending ? "Reading…" : "This study has no problems."}</p>
      ) : (
        <ProblemsTable rows={rows} href={(id) => `${base}?problem=${id}`} />
      )}
      {list.hasNextPage && (
        <p className="pt-3">
          <Button onClick={() => list.fetchNextPage()} disabled={list.isFetchingNextPage}>
            {list.isFetchingNextPage ? "Reading…" : "Show more"}
          </Button>
        </p>
      )}
    </Page>
  );
}
