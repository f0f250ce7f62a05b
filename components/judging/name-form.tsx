"use client";
import { useId, useState } from "react";
import { Button } from "../ui/button";
import { Message } from "../ui/message";

/** Choose a name, or another one. */
export function NameForm(props: {
  label: string;
  button: string;
  initial?: string;
  busy: boolean;
  error: string | null;
  onName: (name: string) => void;
}) {
  const id = useId();
  const [name, setName] = useState(props.initial ?? "");
  return (
    <form
      className="max-w-md space-y-2"
      onSubmit={(e) => {
        e.preventDefault();
        props.onName(name);
      }}
    >
      <label htmlFor={id} className="block text-sm text-soft">
        {props.label}
      </label>
      <div className="flex flex-wrap gap-2">
        <input
          id={id}
          value={name}
          onChange={(e) => setName(e.target.value)}
          maxLength={60}
          required
          autoComplete="nickname"
          spellCheck={false}
          className="h-8 min-w-0 flex-1 rounded-sm border border-edge bg-raised px-2 text-ink"
        />
        <Button type="submit" disabled={props.busy}>
          {props.busy ? "Asking…" : props.button}
        </Button>
      </div>
      {props.error !== null && <Message tone="error">{props.error}</Message>}
    </form>
  );
}
