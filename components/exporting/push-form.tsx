"use client";
import { type FormEvent, useId, useState } from "react";
import { Button } from "../ui/button";
import { CheckField } from "../ui/fields";

export interface PushInput {
  repo: string;
  private: boolean;
  token?: string;
}

/** Where on the hub it goes. The token lives in this field and is sent once. */
export function PushForm(props: {
  hub: string;
  hasToken: boolean;
  busy: boolean;
  submit: string;
  onPush: (push: PushInput) => void;
}) {
  const id = useId();
  const [repo, setRepo] = useState("");
  const [token, setToken] = useState("");
  const [hidden, setHidden] = useState(true);
  const send = (event: FormEvent) => {
    event.preventDefault();
    props.onPush({ repo: repo.trim(), private: hidden, ...(token.trim() === "" ? {} : { token: token.trim() }) });
    setToken("");
  };
  const field = "mt-1 h-8 w-full max-w-72 rounded-sm border border-edge bg-raised px-2 text-ink";
  return (
    <form onSubmit={send} className="space-y-3" autoComplete="off">
      <div className="grid gap-4 sm:grid-cols-2">
        <div>
          <label htmlFor={`${id}-repo`} className="block text-sm text-soft">
            Dataset repository
          </label>
          <input
            id={`${id}-repo`}
            value={repo}
            onChange={(e) => setRepo(e.target.value)}
            placeholder="owner/name"
            required
            spellCheck={false}
            className={field}
          />
          <p className="mt-0.5 text-sm text-faint">On {props.hub.replace(/^https?:\/\//, "")}; made when there is none.</p>
        </div>
        <div>
          <label htmlFor={`${id}-token`} className="block text-sm text-soft">
            Token
          </label>
          <input
            id={`${id}-token`}
            type="password"
            value={token}
            onChange={(e) => setToken(e.target.value)}
            required={!props.hasToken}
            autoComplete="off"
            className={field}
          />
          <p className="mt-0.5 text-sm text-faint">
            {props.hasToken ? "Left empty: the server's own (HF_TOKEN)." : "With write access; used once and not kept."}
          </p>
        </div>
      </div>
      <CheckField label="Private" checked={hidden} onChange={setHidden} />
      <Button type="submit" disabled={props.busy}>
        {props.submit}
      </Button>
    </form>
  );
}
