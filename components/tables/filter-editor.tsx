"use client";
import { useId, useState } from "react";
import { type Column, fixedOptions } from "@/server/core/lists/column";
import type { Filter } from "@/server/core/lists/filter";
import { Button } from "../ui/button";
import { FIELD, Select } from "../ui/select";

const BOX = `${FIELD} min-w-0`;

/** What one column is asked for. */
export function FilterEditor(props: {
  column: Column;
  filter: Filter | undefined;
  /** Values of the study's own. */
  choices: readonly string[];
  onApply: (filter: Filter) => void;
}) {
  const { column, filter } = props;
  const [draft, setDraft] = useState<Draft>(() => draftOf(column, filter));
  const made = filterOf(column, draft);
  return (
    <form
      className="space-y-3 text-sm"
      onSubmit={(e) => {
        e.preventDefault();
        if (made !== null) props.onApply(made);
      }}
    >
      <Modes column={column} mode={draft.mode} onChange={(mode) => setDraft({ ...draft, mode })} />
      {(draft.mode === "in" || draft.mode === "not") && (
        <Values column={column} choices={props.choices} chosen={draft.values} onChange={(values) => setDraft({ ...draft, values })} />
      )}
      {draft.mode === "range" && (
        <div className="flex flex-wrap items-end gap-2">
          <Bound label="From" type={column.type} value={draft.min} onChange={(min) => setDraft({ ...draft, min })} />
          <Bound label={column.type === "date" ? "Through" : "To"} type={column.type} value={draft.max} onChange={(max) => setDraft({ ...draft, max })} />
        </div>
      )}
      {(draft.mode === "has" || draft.mode === "is") && (
        <label className="block">
          <span className="sr-only">Text</span>
          <input className={`${FIELD} w-full`} value={draft.text} maxLength={500} onChange={(e) => setDraft({ ...draft, text: e.target.value })} />
        </label>
      )}
      <Button type="submit" disabled={made === null}>
        Filter
      </Button>
    </form>
  );
}

type Mode = "in" | "not" | "range" | "has" | "is" | "any" | "none";

interface Draft {
  mode: Mode;
  values: (string | null)[];
  min: string;
  max: string;
  below: boolean;
  text: string;
}

const MODES: Record<Mode, string> = {
  in: "is one of",
  not: "is none of",
  range: "lies between",
  has: "has in it",
  is: "is exactly",
  any: "has a value",
  none: "has no value",
};

function modesOf(column: Column): Mode[] {
  const nullable: Mode[] = column.nullable === true ? ["any", "none"] : [];
  if (column.type === "number" || column.type === "date") return ["range", ...nullable];
  if (column.type === "text") return ["has", "is", ...nullable];
  return column.nullable === true ? ["in", "not", "any"] : ["in", "not"];
}

function draftOf(column: Column, filter: Filter | undefined): Draft {
  const draft: Draft = { mode: modesOf(column)[0] ?? "in", values: [], min: "", max: "", below: false, text: "" };
  if (filter === undefined) return draft;
  if (filter.is === "any") return { ...draft, mode: "any" };
  if (filter.is === "has") return { ...draft, mode: "has", text: filter.text };
  if (filter.is === "range")
    return { ...draft, mode: "range", min: String(filter.min ?? ""), max: String(filter.max ?? ""), below: filter.below === true };
  if (modesOf(column).includes("none")) {
    return filter.values[0] === null ? { ...draft, mode: "none" } : { ...draft, mode: "is", text: filter.values[0] ?? "" };
  }
  return { ...draft, mode: column.type === "text" ? "is" : filter.is, values: filter.values, text: filter.values[0] ?? "" };
}

/** The filter of a draft; null while it says nothing. */
function filterOf(column: Column, draft: Draft): Filter | null {
  switch (draft.mode) {
    case "any":
      return { is: "any" };
    case "none":
      return { is: "in", values: [null] };
    case "has":
      return draft.text === "" ? null : { is: "has", text: draft.text };
    case "is":
      return draft.text === "" ? null : { is: "in", values: [draft.text] };
    case "in":
    case "not":
      return draft.values.length === 0 ? null : { is: draft.mode, values: draft.values };
    case "range": {
      const read = (text: string) => (text.trim() === "" ? null : column.type === "number" ? Number(text) : text);
      const [min, max] = [read(draft.min), read(draft.max)];
      if ((min === null && max === null) || Number.isNaN(min) || Number.isNaN(max)) return null;
      return { is: "range", min, max, ...(draft.below && max !== null ? { below: true } : {}) };
    }
  }
}

function Modes(props: { column: Column; mode: Mode; onChange: (mode: Mode) => void }) {
  const modes = modesOf(props.column);
  if (modes.length === 1) return null;
  return (
    <label className="flex items-center gap-2">
      <span className="sr-only">How it is compared</span>
      <Select value={props.mode} options={modes.map((m) => [m, MODES[m]] as const)} onChange={props.onChange} className="min-w-0" />
    </label>
  );
}

function Values(props: {
  column: Column;
  choices: readonly string[];
  chosen: readonly (string | null)[];
  onChange: (values: (string | null)[]) => void;
}) {
  const { column, chosen } = props;
  const options: [string | null, string][] = [
    ...(fixedOptions(column)?.map(([v, words]): [string, string] => [v, words]) ?? props.choices.map((v): [string, string] => [v, v])),
    ...(column.nullable === true ? [[null, "none"] as [null, string]] : []),
  ];
  if (options.length === 0) return <p className="text-faint">This study has none.</p>;
  return (
    <fieldset className="max-h-64 space-y-1 overflow-y-auto">
      <legend className="sr-only">{column.label}</legend>
      {options.map(([value, words]) => (
        <label key={value ?? "\0"} className="flex min-h-6 items-center gap-2">
          <input
            type="checkbox"
            className="size-4 shrink-0 accent-ink"
            checked={chosen.includes(value)}
            onChange={(e) => props.onChange(e.target.checked ? [...chosen, value] : chosen.filter((v) => v !== value))}
          />
          <span className={value === null ? "text-faint" : "min-w-0 break-words"}>{words}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Bound(props: { label: string; type: Column["type"]; value: string; onChange: (value: string) => void }) {
  const id = useId();
  return (
    <span className="flex min-w-0 flex-1 flex-col">
      <label htmlFor={id} className="text-faint">
        {props.label}
      </label>
      <input
        id={id}
        type={props.type === "date" ? "date" : "number"}
        step="any"
        value={props.type === "date" ? props.value.slice(0, 10) : props.value}
        onChange={(e) => props.onChange(e.target.value)}
        className={BOX}
      />
    </span>
  );
}
