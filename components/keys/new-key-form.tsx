"use client";
import { useId, useState } from "react";
import type { Scope } from "@/server/core/programs/keys";
import { Button } from "../ui/button";

const CHOICES: readonly { scopes: Scope[]; words: string; note: string }[] = [
  { scopes: ["read", "write"], words: "Read and write", note: "push rollouts, start runs" },
  { scopes: ["read"], words: "Read only", note: "pull data, read tables" },
];

/** Name a key and say what it may do. */
export function NewKeyForm(props: { busy: boolean; onCreate: (key: { name: string; scopes: Scope[] }) => void }) {
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState(0);
  const id = useId();
  const scopes = CHOICES[chosen]?.scopes ?? ["read"];
  return (
    <form
      className="flex flex-col gap-4 sm:flex-row sm:flex-wrap sm:items-end sm:gap-x-6"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") props.onCreate({ name, scopes });
      }}
    >
      <div className="w-full max-w-sm sm:w-72">
        <label htmlFor={id} className="mb-1 block text-sm text-faint">
          What uses it
        </label>
        <input
          id={id}
          value={name}
          maxLength={100}
          autoComplete="off"
          placeholder="training loop"
          onChange={(event) => setName(event.target.value)}
          className="h-8 w-full rounded-sm border border-edge bg-raised px-2 placeholder:text-faint"
        />
      </div>
      <fieldset>
        <legend className="mb-1 text-sm text-faint">It may</legend>
        <div className="flex flex-wrap gap-x-5 gap-y-1">
          {CHOICES.map((choice, i) => (
            <label key={choice.words} className="flex min-h-8 items-center gap-2 text-sm">
              <input type="radio" name={`${id}-may`} checked={chosen === i} onChange={() => setChosen(i)} className="accent-ink" />
              <span>
                {choice.words} <span className="text-faint">({choice.note})</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <div>
        <Button type="submit" disabled={props.busy || name.trim() === ""} className="font-medium">
          Make a key
        </Button>
      </div>
    </form>
  );
}
