"use client";
import { useEffect, useId, useState } from "react";
import { IMPORT_KINDS, type ImportKind } from "@/server/core/importing/record";

const KIND_WORDS: Record<ImportKind, string> = {
  problems: "problems alone",
  attempts: "problems and attempts",
  traces: "all: attempts with labels, verifications, interventions",
};
const FIELD = "h-8 rounded-sm border border-edge bg-raised px-2";

interface Seen {
  format: { id: string; holds: ImportKind } | null;
  as: ImportKind | null;
  problemSet: string | null;
  formats: readonly { id: string; title: string }[];
}

/** Format, what is taken, and the problem set; each can be changed. */
export function PreviewOptions(props: {
  preview: Seen;
  question: { format: string; as?: ImportKind | undefined; problemSet?: string | undefined };
  onChange: (field: "format" | "as" | "set", value: string) => void;
}) {
  const { preview, question } = props;
  const holds = preview.format?.holds ?? "traces";
  const kinds = IMPORT_KINDS.slice(0, IMPORT_KINDS.indexOf(holds) + 1);
  return (
    <div className="mt-4 flex flex-wrap gap-x-6 gap-y-3 text-sm">
      <label className="flex min-w-0 flex-wrap items-center gap-2">
        <span className="text-faint">Format</span>
        <select
          value={question.format}
          onChange={(e) => props.onChange("format", e.target.value === "auto" ? "" : e.target.value)}
          className={`${FIELD} max-w-full`}
        >
          <option value="auto">by the first rows</option>
          {preview.formats.map((f) => (
            <option key={f.id} value={f.id}>
              {f.title}
            </option>
          ))}
        </select>
      </label>
      <label className="flex min-w-0 flex-wrap items-center gap-2">
        <span className="text-faint">Take</span>
        <select
          value={preview.as ?? holds}
          onChange={(e) => props.onChange("as", e.target.value === holds ? "" : e.target.value)}
          className={`${FIELD} max-w-full`}
        >
          {kinds.map((k) => (
            <option key={k} value={k}>
              {KIND_WORDS[k]}
            </option>
          ))}
        </select>
      </label>
      <SetField value={question.problemSet ?? ""} otherwise={preview.problemSet ?? ""} onChange={(v) => props.onChange("set", v)} />
    </div>
  );
}

/** Told when it is left, so that not every letter asks for a preview. */
function SetField(props: { value: string; otherwise: string; onChange: (value: string) => void }) {
  const id = useId();
  const [text, setText] = useState(props.value);
  useEffect(() => setText(props.value), [props.value]);
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-2">
      <label htmlFor={id} className="text-faint">
        Problem set
      </label>
      <input
        id={id}
        value={text}
        placeholder={props.otherwise}
        onChange={(e) => setText(e.target.value)}
        onBlur={() => props.onChange(text.trim())}
        onKeyDown={(e) => e.key === "Enter" && props.onChange(text.trim())}
        className={`${FIELD} w-56 max-w-full placeholder:text-faint`}
      />
    </span>
  );
}
