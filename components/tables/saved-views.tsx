"use client";
import { useState } from "react";
import { Button } from "../ui/button";
import { Message } from "../ui/message";
import { Pop } from "../ui/pop";
import type { LinkLike } from "./cell";

export interface ViewLink {
  id: string;
  name: string;
  href: string;
  createdBy: string;
  /** The list asks just this now. */
  current: boolean;
}

/** Questions that were kept under names, for everybody; and a name for the one that is asked now. */
export function SavedViews(props: {
  views: readonly ViewLink[];
  link: LinkLike;
  busy: boolean;
  error: string | null;
  onSave: (name: string, replace: boolean) => void;
  onRemove: (id: string) => void;
}) {
  const { views, link: Link } = props;
  const [name, setName] = useState("");
  const current = views.find((v) => v.current);
  const taken = views.some((v) => v.name === name.trim());
  return (
    <Pop label={current === undefined ? "Views" : `View: ${current.name}`} title="Saved views">
      {() => (
        <div className="space-y-4 text-sm">
          {views.length === 0 ? (
            <p className="text-faint">None yet. A saved view keeps filters, order and columns for everybody in this study.</p>
          ) : (
            <ul className="space-y-1">
              {views.map((v) => (
                <li key={v.id} className="flex items-baseline gap-3">
                  <span className="min-w-0 flex-1 truncate" aria-current={v.current || undefined}>
                    <Link href={v.href} className={v.current ? "font-semibold" : ""}>
                      {v.name}
                    </Link>
                    {v.createdBy !== "" && <span className="text-faint"> by {v.createdBy}</span>}
                  </span>
                  <button
                    type="button"
                    className="min-h-6 min-w-6 text-faint hover:text-error"
                    aria-label={`Remove the view ${v.name}`}
                    onClick={() => props.onRemove(v.id)}
                  >
                    ×
                  </button>
                </li>
              ))}
            </ul>
          )}
          <form
            className="space-y-2 border-t border-rule pt-3"
            onSubmit={(e) => {
              e.preventDefault();
              if (name.trim() === "") return;
              props.onSave(name.trim(), taken);
              setName("");
            }}
          >
            <label className="block text-faint">
              Save what is shown as
              <input
                value={name}
                maxLength={120}
                onChange={(e) => setName(e.target.value)}
                className="mt-1 h-8 w-full rounded-sm border border-edge bg-raised px-2 text-ink"
              />
            </label>
            <Button type="submit" disabled={props.busy || name.trim() === ""}>
              {taken ? "Replace the view" : "Save the view"}
            </Button>
          </form>
          {props.error !== null && <Message tone="error">{props.error}</Message>}
        </div>
      )}
    </Pop>
  );
}
