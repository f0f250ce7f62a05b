"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { NameForm } from "@/components/judging/name-form";
import { Button } from "@/components/ui/button";
import { plural } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import { Page } from "@/components/ui/page";
import { Section } from "@/components/ui/section";
import type { Me } from "@/server/core/people";
import { useTRPC } from "../trpc/client";
import { ChooseName } from "./choose-name";

/** Who acts in this browser, and who else there is. */
export function PeopleView() {
  const trpc = useTRPC();
  const me = useQuery(trpc.people.me.queryOptions());
  const people = useQuery(trpc.people.list.queryOptions(undefined, { refetchInterval: 15_000 }));
  const error = me.error ?? people.error;
  return (
    <Page crumbs={[{ label: "people", href: "/people" }]}>
      <h1 className="mb-2 text-2xl">People</h1>
      <p className="mb-6 max-w-prose text-soft">
        Decisions, corrections and samples are kept under a name. There are no passwords: this is for a team on a
        network that it trusts. Whoever can open these pages can take any free name, and a name protects nothing.
      </p>
      {error !== null && <Message tone="error">{error.message}</Message>}
      <div className="space-y-10">
        <Section title={me.data ? `You are ${me.data.name}` : "Who are you?"}>
          {me.data ? <Known me={me.data} /> : <ChooseName />}
        </Section>
        <Section title="Everybody" note={people.data && plural(people.data.length, "person", "people")}>
          {people.data?.length === 0 ? (
            <p className="text-faint">Nobody has chosen a name yet.</p>
          ) : (
            <ul className="columns-[12rem] gap-x-8">
              {people.data?.map((p) => (
                <li key={p.id} className="break-inside-avoid truncate py-0.5">
                  {p.name}
                  {p.id === me.data?.id && <span className="text-faint"> (you)</span>}
                </li>
              ))}
            </ul>
          )}
        </Section>
      </div>
    </Page>
  );
}

function Known({ me }: { me: Me }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const again = { onSuccess: () => queries.invalidateQueries() };
  const rename = useMutation(trpc.people.rename.mutationOptions(again));
  const leave = useMutation(trpc.people.leave.mutationOptions(again));
  return (
    <div className="space-y-6">
      <NameForm
        key={me.name}
        label="Another name; what you decided stays yours"
        button="Rename"
        initial={me.name}
        busy={rename.isPending}
        error={rename.error?.message ?? null}
        onName={(name) => rename.mutate({ name })}
      />
      <PersonalLink />
      <div>
        <Button onClick={() => leave.mutate()} disabled={leave.isPending}>
          Be nobody in this browser
        </Button>
        <p className="mt-1 max-w-prose text-sm text-faint">
          What you decided stays. Copy your link first: without it nobody can be {me.name} again.
        </p>
        {leave.error !== null && <Message tone="error">{leave.error.message}</Message>}
      </div>
    </div>
  );
}

/** The link is shown when it is asked for: whoever has it is this person. */
function PersonalLink() {
  const trpc = useTRPC();
  const [copied, setCopied] = useState(false);
  const link = useMutation(trpc.people.link.mutationOptions({ gcTime: 0 }));
  const address = link.data === undefined ? "" : `${window.location.origin}/people/link#${link.data.token}`;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address);
      setCopied(true);
    } catch {
      setCopied(false); // The clipboard may be forbidden; the field can be copied by hand.
    }
  };
  return (
    <div className="max-w-2xl">
      {link.data === undefined ? (
        <Button onClick={() => link.mutate()} disabled={link.isPending}>
          Show my personal link
        </Button>
      ) : (
        <div className="flex flex-wrap gap-2">
          <input
            readOnly
            value={address}
            aria-label="Personal link"
            onFocus={(e) => e.target.select()}
            className="h-8 min-w-0 flex-1 rounded-sm border border-edge bg-sunken px-2 font-mono text-sm"
          />
          <Button onClick={() => void copy()}>{copied ? "Copied" : "Copy"}</Button>
        </div>
      )}
      <p className="mt-1 text-sm text-faint">
        Open it in another browser to be the same person there. Whoever has it can decide in your name.
      </p>
      {link.error !== null && <Message tone="error">{link.error.message}</Message>}
    </div>
  );
}
