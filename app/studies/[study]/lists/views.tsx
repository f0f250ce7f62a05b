"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useTRPC } from "@/app/trpc/client";
import { SavedViews } from "@/components/tables/saved-views";
import type { ListName } from "@/server/core/lists/tables";

/** The saved views of a list. */
export function Views({ study, list, base, search }: { study: string; list: ListName; base: string; search: string }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const views = useQuery(trpc.lists.views.queryOptions({ study, list }));
  const again = { onSuccess: () => queries.invalidateQueries({ queryKey: trpc.lists.views.queryKey({ study, list }) }) };
  const save = useMutation(trpc.lists.saveView.mutationOptions(again));
  const remove = useMutation(trpc.lists.removeView.mutationOptions(again));
  return (
    <SavedViews
      views={(views.data ?? []).map((v) => ({
        id: v.id,
        name: v.name,
        createdBy: v.createdBy,
        href: `${base}/${list}${v.search === "" ? "" : `?${v.search}`}`,
        current: v.search === search,
      }))}
      link={Link}
      busy={save.isPending || remove.isPending}
      error={save.error?.message ?? remove.error?.message ?? views.error?.message ?? null}
      onSave={(name, replace) => save.mutate({ study, list, name, search, replace })}
      onRemove={(view) => remove.mutate({ study, view })}
    />
  );
}
