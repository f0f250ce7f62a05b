"use client";
import { useEffect, useId, useRef, useState } from "react";
import { Button } from "../ui/button";

/** A key that was just made, to be copied now: it is shown this once. */
export function MadeKey(props: { made: { name: string; key: string }; onDone: () => void }) {
  const { name, key } = props.made;
  const [copied, setCopied] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => field.current?.select(), []);
  const copy = async () => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(key);
      setCopied(true);
    } catch {
      setCopied(false); // it is selected: the keyboard copies it
    }
  };
  return (
    <div className="max-w-3xl border-s-2 border-success bg-success-wash px-3 py-3">
      <label htmlFor={id} className="mb-2 block">
        The key of <strong className="font-semibold">{name}</strong>. Copy it now: it is kept nowhere, and not shown again.
      </label>
      <div className="flex flex-wrap items-center gap-3">
        <input
          ref={field}
          id={id}
          readOnly
          value={key}
          onFocus={(event) => event.currentTarget.select()}
          className="h-8 min-w-0 flex-1 basis-64 rounded-sm border border-edge bg-raised px-2 font-mono text-sm"
        />
        <Button onClick={() => void copy()}>{copied ? "Copied" : "Copy"}</Button>
        <Button tone="quiet" onClick={props.onDone}>
          Done
        </Button>
      </div>
      <p role="status" className="sr-only">
        {copied ? "The key is copied." : ""}
      </p>
    </div>
  );
}
