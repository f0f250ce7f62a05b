"use client";
import { useEffect, useState } from "react";
import { type ColumnMapping, TARGET_NOTES, type Target, TARGETS } from "@/server/core/importing/record";

const FIELD = "h-8 min-w-0 rounded-sm border border-edge bg-raised px-2 text-sm";
/** The choice that is no column. */
const [AS_FOUND, FIXED] = ["", "\u0000"];

/** For each of our fields the column it is read from: as recognised, another one, or one text for every row. */
export function MappingEditor(props: {
  columns: readonly { name: string; example: string }[];
  takes: Partial<Record<Target, string>>;
  mapping: ColumnMapping;
  onChange: (target: Target, source: ColumnMapping[Target]) => void;
}) {
  const { mapping } = props;
  return (
    <div>
      <p className="mb-3 max-w-prose text-sm text-faint">
        Choosing a column reads every row by its columns, whatever format it was taken for.
      </p>
      <dl className="grid gap-x-6 gap-y-2 md:grid-cols-[10rem_minmax(0,20rem)_minmax(0,1fr)]">
        {TARGETS.map((target) => (
          <Line
            key={target}
            target={target}
            columns={props.columns}
            found={mapping[target] === undefined ? props.takes[target] : undefined}
            source={mapping[target]}
            onChange={(source) => props.onChange(target, source)}
          />
        ))}
      </dl>
    </div>
  );
}

function Line(props: {
  target: Target;
  columns: readonly { name: string; example: string }[];
  found: string | undefined;
  source: ColumnMapping[Target];
  onChange: (source: ColumnMapping[Target]) => void;
}) {
  const { target, source } = props;
  const value = source === undefined ? AS_FOUND : "value" in source ? FIXED : source.column;
  const example = props.columns.find((c) => c.name === (source && "column" in source ? source.column : props.found))?.example;
  const other = source && "column" in source && !props.columns.some((c) => c.name === source.column);
  return (
    <>
      <dt className="self-center font-mono text-sm">{target}</dt>
      <dd className="flex flex-col gap-1">
        <select
          aria-label={`Where ${target} comes from`}
          value={value}
          onChange={(e) => {
            const chosen = e.target.value;
            props.onChange(chosen === AS_FOUND ? undefined : chosen === FIXED ? { value: "" } : { column: chosen });
          }}
          className={FIELD}
        >
          <option value={AS_FOUND}>{props.found === undefined ? "— nothing" : `as recognised: ${props.found}`}</option>
          {other && <option value={source.column}>{source.column}</option>}
          {props.columns.map((c) => (
            <option key={c.name} value={c.name}>
              {c.name}
            </option>
          ))}
          <option value={FIXED}>the same text for every row…</option>
        </select>
        {source && "value" in source && <FixedText target={target} value={source.value} onChange={(v) => props.onChange({ value: v })} />}
      </dd>
      <dd className="mb-2 min-w-0 self-center text-sm text-faint md:mb-0">
        {example !== undefined && example !== "" ? <span className="block truncate text-soft">{example}</span> : TARGET_NOTES[target]}
      </dd>
    </>
  );
}

/** Told when it is left, so that not every letter asks for a preview. */
function FixedText(props: { target: Target; value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(props.value);
  useEffect(() => setText(props.value), [props.value]);
  return (
    <input
      aria-label={`Text of ${props.target} for every row`}
      value={text}
      onChange={(e) => setText(e.target.value)}
      onBlur={() => props.onChange(text)}
      onKeyDown={(e) => e.key === "Enter" && props.onChange(text)}
      className={FIELD}
    />
  );
}
