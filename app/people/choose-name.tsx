"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { NameForm } from "@/components/judging/name-form";
import { useTRPC } from "../trpc/client";

/** Be somebody in this browser, before anything that is kept under a name. */
export function ChooseName({ label = "Your name" }: { label?: string }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const choose = useMutation(trpc.people.choose.mutationOptions({ onSuccess: () => queries.invalidateQueries() }));
  return (
    <NameForm
      label={label}
      button="Be this person"
      busy={choose.isPending}
      error={choose.error?.message ?? null}
      onName={(name) => choose.mutate({ name })}
    />
  );
}
