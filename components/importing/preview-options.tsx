"use client";
import { useEffect, useId, useState } from "react";
import { IMPORT_KINDS, type ImportKind } from "@/server/core/importing/record";
import { FIELD, LabelledSelect } from "../ui/select";

const KIND_WORDS: Record<ImportKind, string> = {
  problems: "problems alone",
  attempts: "problems and attempts",
  traces: "all: attempts with labels, verifications, interventions",
};

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
      <LabelledSelect
        label="Format"
        value={question.format}
        options={[["auto", "by the first rows"], ...preview.formats.map((f) => [f.id, f.title] as const)]}
        onChange={(format) => props.onChange("format", format === "auto" ? "" : format)}
      />
      <LabelledSelect label="Take" value={preview.as ?? holds} options={kinds.map((k) => [k, KIND_WORDS[k]] as const)} onChange={(k) => props.onChange("as", k === holds ? "" : k)} />
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
