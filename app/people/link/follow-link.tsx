"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useEffect, useState } from "react";
import { useTRPC } from "@/app/trpc/client";
import { Button } from "@/components/ui/button";
import { Message } from "@/components/ui/message";
import { Page } from "@/components/ui/page";

/** The token stands behind the #, so that it is in no server's log; following it takes a press. */
export function FollowLink() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [token, setToken] = useState<string | null>(null);
  useEffect(() => setToken(window.location.hash.slice(1)), []);
  const follow = useMutation(
    trpc.people.follow.mutationOptions({
      onSuccess: () => {
        window.history.replaceState(null, "", window.location.pathname);
        return queries.invalidateQueries();
      },
    }),
  );
  return (
    <Page crumbs={[{ label: "people", href: "/people" }]}>
      <h1 className="mb-2 text-2xl">Personal link</h1>
      {follow.data !== undefined ? (
        <p className="max-w-prose">
          You are {follow.data.name} in this browser now. <Link href="/">Go on to the studies</Link>.
        </p>
      ) : token === "" ? (
        <p className="max-w-prose text-soft">
          This address holds no link. Copy it whole from <Link href="/people">People</Link> in the browser where you
          have your name.
        </p>
      ) : (
        <div className="max-w-prose space-y-3">
          <p className="text-soft">
            This browser will act as the person whose link this is, instead of whoever it was.
          </p>
          <Button disabled={token === null || follow.isPending} onClick={() => follow.mutate({ token: token ?? "" })}>
            Be this person here
          </Button>
          {follow.error !== null && <Message tone="error">{follow.error.message}</Message>}
        </div>
      )}
    </Page>
  );
}
