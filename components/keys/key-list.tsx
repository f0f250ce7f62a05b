"use client";
import { useState } from "react";
import type { KeyView } from "@/server/core/programs/keys";
import { Button } from "../ui/button";
import { moment } from "../ui/format";

/** Keys by their first characters. Without `onRevoke` they are those that are revoked already. */
export function KeyList(props: { label: string; keys: readonly KeyView[]; busy: string | null; onRevoke?: (id: string) => void }) {
  const [asked, setAsked] = useState<string | null>(null);
  const { onRevoke } = props;
  return (
    <ul aria-label={props.label} className="divide-y divide-rule border-y border-rule">
      {props.keys.map((key) => (
        <li key={key.id} className="grid items-baseline gap-x-8 gap-y-1 py-3 md:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)_auto]">
          <div className="min-w-0">
            <p className="break-words font-medium">{key.name}</p>
            <p className="text-sm text-faint">
              <span className="font-mono">{key.prefix}…</span> · {key.scopes.includes("write") ? "reads and writes" : "reads only"}
            </p>
          </div>
          <p className="text-sm text-soft">
            Made {moment(key.createdAt)}
            {key.person !== null && ` by ${key.person}`}
            <br />
            {key.revokedAt !== null
              ? `Revoked ${moment(key.revokedAt)}`
              : key.lastUsedAt === null
                ? "Not used yet"
                : `Last used ${moment(key.lastUsedAt)}`}
          </p>
          {onRevoke !== undefined && (
            <div className="flex flex-wrap items-center gap-3">
              {asked === key.id ? (
                <>
                  <Button
                    tone="danger"
                    disabled={props.busy === key.id}
                    onClick={() => {
                      onRevoke(key.id);
                      setAsked(null);
                    }}
                  >
                    Refuse it from now on
                  </Button>
                  <Button tone="quiet" onClick={() => setAsked(null)}>
                    Keep it
                  </Button>
                </>
              ) : (
                <Button disabled={props.busy === key.id} aria-label={`Revoke ${key.name}`} onClick={() => setAsked(key.id)}>
                  Revoke
                </Button>
              )}
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}
