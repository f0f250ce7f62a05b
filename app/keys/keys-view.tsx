"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyList } from "@/components/keys/key-list";
import { MadeKey } from "@/components/keys/made-key";
import { NewKeyForm } from "@/components/keys/new-key-form";
import { Button } from "@/components/ui/button";
import { Disclosure } from "@/components/ui/disclosure";
import { plural } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import { Page } from "@/components/ui/page";
import { Section } from "@/components/ui/section";
import { useTRPC } from "../trpc/client";

/** Keys of programs: make one (shown once), see when each was used, revoke. */
export function KeysView() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const refresh = { onSettled: () => queries.invalidateQueries({ queryKey: trpc.keys.pathKey() }) };
  const keys = useQuery(trpc.keys.list.queryOptions(undefined, { refetchInterval: 15_000 }));
  // gcTime 0: the key itself stays nowhere once the page lets go of it.
  const create = useMutation(trpc.keys.create.mutationOptions({ ...refresh, gcTime: 0 }));
  const revoke = useMutation(trpc.keys.revoke.mutationOptions(refresh));
  const all = keys.data ?? [];
  const inUse = all.filter((k) => k.revokedAt === null);
  const revoked = all.filter((k) => k.revokedAt !== null);
  return (
    <Page crumbs={[{ label: "Keys", href: "/keys" }]}>
      <h1 className="mb-2 text-2xl">Keys for programs</h1>
      <p className="mb-6 max-w-prose text-soft">
        A training loop or a notebook reads and writes studies over <code className="text-base">/api/v1</code> with a key:{" "}
        <a href="/api/v1/openapi.json">what it can do</a> (OpenAPI).
      </p>
      <div className="space-y-10">
        <Section title="New key">
          {create.data === undefined ? (
            <NewKeyForm busy={create.isPending} onCreate={(key) => create.mutate(key)} />
          ) : (
            <MadeKey made={create.data} onDone={() => create.reset()} />
          )}
          {create.error !== null && (
            <div className="mt-3">
              <Message tone="error">{create.error.message}</Message>
            </div>
          )}
        </Section>
        <Section title="Keys in use" {...(inUse.length > 0 ? { note: plural(inUse.length, "key") } : {})}>
          {(keys.error ?? revoke.error) !== null && (
            <div className="mb-3">
              <Message tone="error" action={<Button onClick={() => void keys.refetch()}>Try again</Button>}>
                {(keys.error ?? revoke.error)?.message}
              </Message>
            </div>
          )}
          {inUse.length === 0 ? (
            <p className="max-w-prose text-soft">No program has a key yet.</p>
          ) : (
            <KeyList
              label="Keys in use"
              keys={inUse}
              busy={revoke.isPending ? revoke.variables.id : null}
              onRevoke={(id) => revoke.mutate({ id })}
            />
          )}
          {revoked.length > 0 && (
            <div className="mt-6">
              <Disclosure title={`${plural(revoked.length, "revoked key")}`}>
                <KeyList label="Revoked keys" keys={revoked} busy={null} />
              </Disclosure>
            </div>
          )}
        </Section>
      </div>
    </Page>
  );
}
