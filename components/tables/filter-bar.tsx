"use client";
import { useState } from "react";
import type { ChoiceSource, ListSpec } from "@/server/core/lists/column";
import type { Filter } from "@/server/core/lists/filter";
import { buttonClass } from "../ui/button";
import { Pop } from "../ui/pop";
import { Select } from "../ui/select";
import { FilterEditor } from "./filter-editor";

export type Filters = Record<string, Filter>;

/** The filters of a list: each is a chip that can be changed and taken away. */
export function FilterBar(props: {
  spec: ListSpec;
  filters: Filters;
  choices: Partial<Record<ChoiceSource, string[]>>;
  /** A filter's words. */
  words: (id: string, filter: Filter) => string;
  onChange: (filters: Filters) => void;
}) {
  const { spec, filters } = props;
  const choicesOf = (id: string) => {
    const options = spec.columns[id]?.options;
    return typeof options === "string" ? (props.choices[options] ?? []) : [];
  };
  const without = (id: string) => Object.fromEntries(Object.entries(filters).filter(([other]) => other !== id));
  const chips = Object.entries(filters);
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-2" role="group" aria-label="Filters">
      {chips.map(([id, filter]) => {
        const column = spec.columns[id];
        if (column === undefined) return null;
        const text = `${column.label}: ${props.words(id, filter)}`;
        const fixed = column.type === "id" || column.hidden === true;
        return (
          <span key={id} className="inline-flex max-w-full items-stretch rounded-sm border border-edge bg-raised text-sm">
            {fixed ? (
              <span className="min-w-0 truncate px-2 py-1">{text}</span>
            ) : (
              <Pop label={<span className="truncate">{text}</span>} title={column.label} className="min-h-7 min-w-0 max-w-72 truncate px-2 hover:underline">
                {(close) => (
                  <FilterEditor
                    column={column}
                    filter={filter}
                    choices={choicesOf(id)}
                    onApply={(next) => {
                      close();
                      props.onChange({ ...filters, [id]: next });
                    }}
                  />
                )}
              </Pop>
            )}
            <button
              type="button"
              aria-label={`Take the filter away: ${text}`}
              className="min-w-7 border-s border-rule px-1.5 text-faint hover:text-ink"
              onClick={() => props.onChange(without(id))}
            >
              ×
            </button>
          </span>
        );
      })}
      <Pop label="Filter…" title="Filter">
        {(close) => (
          <NewFilter
            spec={spec}
            filters={filters}
            choicesOf={choicesOf}
            onApply={(id, filter) => {
              close();
              props.onChange({ ...filters, [id]: filter });
            }}
          />
        )}
      </Pop>
      {chips.length > 1 && (
        <button type="button" className={buttonClass("quiet")} onClick={() => props.onChange({})}>
          Take all away
        </button>
      )}
    </div>
  );
}

function NewFilter(props: {
  spec: ListSpec;
  filters: Filters;
  choicesOf: (id: string) => readonly string[];
  onApply: (id: string, filter: Filter) => void;
}) {
  const offered = Object.entries(props.spec.columns).filter(
    ([, c]) => c.filter === true && c.type !== "id" && (c.hidden !== true || c.label === "Statement"),
  );
  const [id, setId] = useState(offered.find(([one]) => props.filters[one] === undefined)?.[0] ?? "");
  const column = props.spec.columns[id];
  return (
    <div className="space-y-3">
      <label className="flex flex-col text-sm">
        <span className="text-faint">Column</span>
        <Select value={id} options={offered.map(([one, c]) => [one, c.label] as const)} onChange={setId} />
      </label>
      {column !== undefined && (
        <>
          {column.about !== undefined && <p className="text-sm text-faint">{column.about}</p>}
          <FilterEditor
            key={id}
            column={column}
            filter={props.filters[id]}
            choices={props.choicesOf(id)}
            onApply={(filter) => props.onApply(id, filter)}
          />
        </>
      )}
    </div>
  );
}
