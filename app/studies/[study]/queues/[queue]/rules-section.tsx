"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "@/app/trpc/client";
import { Key } from "@/components/judging/key-hint";
import { LabelsEditor } from "@/components/judging/labels-editor";
import { ModelText } from "@/components/text/model-text";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/fields";
import { Message } from "@/components/ui/message";
import { Section } from "@/components/ui/section";
import type { LabelOption } from "@/server/core/judging/labels";
import type { QueueView } from "@/server/core/views/judging";

/** What judges are told and may say. Labels can be changed until the first decision. */
export function RulesSection({ queue }: { queue: QueueView }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [editing, setEditing] = useState(false);
  const [instructions, setInstructions] = useState(queue.instructions);
  const [schema, setSchema] = useState(queue.schema);
  const edit = useMutation(
    trpc.queues.edit.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.queues.pathKey() });
        setEditing(false);
      },
    }),
  );
  return (
    <Section
      title="Instructions and labels"
      aside={
        !editing && (
          <Button tone="quiet" onClick={() => setEditing(true)}>
            Edit
          </Button>
        )
      }
    >
      {editing ? (
        <form
          className="max-w-4xl space-y-6"
          onSubmit={(e) => {
            e.preventDefault();
            edit.mutate({ queue: queue.id, instructions, ...(queue.frozen === null ? { schema } : {}) });
          }}
        >
          <TextField label="Instructions" rows={8} value={instructions} maxLength={20_000} onChange={setInstructions} />
          {queue.frozen === null ? (
            <LabelsEditor value={schema} onChange={setSchema} />
          ) : (
            <Message>{queue.frozen}</Message>
          )}
          {edit.error !== null && <Message tone="error">{edit.error.message}</Message>}
          <div className="flex gap-3">
            <Button type="submit" disabled={edit.isPending}>
              {edit.isPending ? "Keeping…" : "Keep"}
            </Button>
            <Button tone="quiet" onClick={() => setEditing(false)}>
              Leave as it was
            </Button>
          </div>
        </form>
      ) : (
        <div className="space-y-4">
          {queue.instructions === "" ? (
            <p className="text-faint">No instructions.</p>
          ) : (
            <div className="max-w-prose">
              <ModelText text={queue.instructions} small />
            </div>
          )}
          <Options title="Reasons of a rejection" of={queue.schema.reasons} />
          <Options title="Kinds of errors" of={queue.schema.errorTypes} />
          <p className="max-w-prose text-sm text-faint">
            {queue.frozen ?? "The labels can be changed until the first decision; then they are frozen."}
          </p>
        </div>
      )}
    </Section>
  );
}

function Options({ title, of }: { title: string; of: readonly LabelOption[] }) {
  if (of.length === 0) return null;
  return (
    <div className="text-sm">
      <h3 className="font-sans font-medium">{title}</h3>
      <ul className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-soft">
        {of.map((o) => (
          <li key={o.id}>
            <Key of={String(o.key)} /> {o.label}
          </li>
        ))}
      </ul>
    </div>
  );
}
