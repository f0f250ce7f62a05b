"use client";
import { useState } from "react";
import { Button } from "../ui/button";

/** Removing asks once, in its own place. @param what what goes: "with its files". */
export function RemoveTask(props: { what: string; busy: boolean; onRemove: () => void }) {
  const [asked, setAsked] = useState(false);
  if (!asked)
    return (
      <Button tone="quiet" onClick={() => setAsked(true)}>
        Remove…
      </Button>
    );
  return (
    <span className="flex items-center gap-3">
      <Button tone="danger" disabled={props.busy} onClick={props.onRemove}>
        Remove {props.what}
      </Button>
      <Button tone="quiet" onClick={() => setAsked(false)}>
        Keep
      </Button>
    </span>
  );
}
