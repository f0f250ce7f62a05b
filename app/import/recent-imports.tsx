"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTRPC } from "@/app/trpc/client";
import { count, moment } from "@/components/ui/format";
import { Section } from "@/components/ui/section";
import { StateWord } from "@/components/ui/state-word";

/** The latest imports that were started here. */
export function RecentImports() {
  const trpc = useTRPC();
  const imports = useQuery(trpc.imports.list.queryOptions({}));
  if (!imports.data || imports.data.length === 0) return null;
  return (
    <Section title="Latest imports">
      <ul className="divide-y divide-rule text-sm">
        {imports.data.map((i) => (
          <li key={i.runId} className="flex flex-wrap items-baseline gap-x-4 gap-y-1 py-2">
            <Link href={`/import?run=${i.runId}`} className="min-w-0 break-words">
              {i.name}
            </Link>
            <span className="text-soft">into {i.study}</span>
            <StateWord state={i.state} />
            <span className="text-faint">
              {count(i.done)} {i.done === 1 ? "row" : "rows"}
            </span>
            <span className="text-faint">{moment(i.createdAt)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
