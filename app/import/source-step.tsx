"use client";
import { useId, useState } from "react";
import { replaceSearch } from "@/app/search-params";
import { DropZone } from "@/components/importing/drop-zone";
import { Button } from "@/components/ui/button";
import { Message } from "@/components/ui/message";
import { Section } from "@/components/ui/section";
import { useUpload } from "./use-upload";

/** What the address forgets when another source is chosen. */
const OF_SOURCE = ["upload", "hub", "format", "as", "set", "map"];

/** A file dropped or picked, or a dataset of the hub by its name. */
export function SourceStep({ upload, hub }: { upload: string; hub: string }) {
  const choose = (name: "upload" | "hub", value: string) =>
    replaceSearch((search) => {
      for (const field of OF_SOURCE) search.delete(field);
      search.set(name, value);
    });
  const { state, send, stop } = useUpload((file) => choose("upload", file.id));
  const chosen = upload !== "" || hub !== "";
  return (
    <Section title="Data">
      <DropZone sending={state.kind === "sending" ? state : null} small={chosen} onFile={send} onStop={stop} />
      {state.kind === "failed" && (
        <div className="mt-3">
          <Message tone="error">{state.message}</Message>
        </div>
      )}
      <HubField hub={hub} onChoose={(name) => choose("hub", name)} />
    </Section>
  );
}

function HubField({ hub, onChoose }: { hub: string; onChoose: (name: string) => void }) {
  const id = useId();
  const [text, setText] = useState(hub);
  return (
    <form
      className="mt-5"
      onSubmit={(e) => {
        e.preventDefault();
        if (text.trim() !== "") onChoose(text.trim());
      }}
    >
      <label htmlFor={id} className="block text-sm text-faint">
        or a dataset of the Hugging Face hub: name, or name:configuration:split
      </label>
      <div className="mt-1 flex max-w-md gap-2">
        <input
          id={id}
          value={text}
          onChange={(e) => setText(e.target.value)}
          placeholder="openai/gsm8k:main:test"
          autoComplete="off"
          spellCheck={false}
          className="h-9 min-w-0 flex-1 rounded-sm border border-edge bg-raised px-2 font-mono text-sm placeholder:text-faint"
        />
        <Button type="submit" className="h-9" disabled={text.trim() === ""}>
          Look
        </Button>
      </div>
    </form>
  );
}
