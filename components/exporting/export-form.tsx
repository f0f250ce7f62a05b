import { useId } from "react";
import { ARM_LABEL, ARMS } from "@/server/core/arms";
import type { AnyFormat, FileKind } from "@/server/core/exporting/format";
import { formatsOf } from "@/server/core/exporting/registry";
import { type Filters, FILTERS_OF, LABEL_SOURCES, sourceOf, type What } from "@/server/core/exporting/request";
import { TABLES } from "@/server/core/exporting/shapes";
import type { ExportChoices } from "@/server/core/views/exports";
import { cx } from "../ui/cx";
import { CheckField, SelectField } from "../ui/fields";
import { moment, plural } from "../ui/format";

/** What is asked for, whole: nothing is left to defaults. */
export interface ExportForm {
  what: What;
  format: string;
  file: FileKind;
  filters: Filters;
  names: boolean;
  openBlindQueues: string[];
}

/** The formats that can be chosen: rows of hinted prompts have no completion to train on. */
export function formatsFor(what: What, choices: Pick<ExportChoices, "datasets">): readonly AnyFormat[] {
  const formats = formatsOf(sourceOf(what));
  const hinted = what.kind === "dataset" && choices.datasets.some((d) => d.name === what.name && d.source === "hint");
  return hinted ? formats.filter((f) => f.shape === "columns" || f.shape === "problems") : formats;
}

const FILE_WORDS: Record<FileKind, string> = { jsonl: "JSON lines", parquet: "Parquet" };

/** What to write, as what, and which rows of it. */
export function ExportOptions(props: { form: ExportForm; choices: ExportChoices; onChange: (form: ExportForm) => void }) {
  const { form, choices, onChange } = props;
  const formats = formatsFor(form.what, choices);
  const format = formats.find((f) => f.id === form.format) ?? formats[0];
  const change = (part: Partial<ExportForm>) => onChange({ ...form, ...part });
  return (
    <div className="space-y-6">
      <WhatField form={form} choices={choices} onChange={change} />
      <FormatField form={form} choices={choices} onChange={change} />
      {format !== undefined && format.files.length > 1 && (
        <fieldset>
          <legend className="mb-1 text-sm font-medium text-soft">Files</legend>
          <div className="flex flex-wrap gap-x-5">
            {format.files.map((file) => (
              <label key={file} className="flex min-h-8 items-center gap-2">
                <input
                  type="radio"
                  name="file"
                  checked={form.file === file}
                  onChange={() => change({ file })}
                  className="size-4 accent-ink"
                />
                {FILE_WORDS[file]}
              </label>
            ))}
          </div>
        </fieldset>
      )}
      <FilterFields form={form} choices={choices} shape={format?.shape ?? "columns"} onChange={change} />
    </div>
  );
}

type Part = (part: Partial<ExportForm>) => void;

const key = (what: What) => (what.kind === "dataset" ? `dataset:${what.name}` : `table:${what.table}`);

function WhatField({ form, choices, onChange }: { form: ExportForm; choices: ExportChoices; onChange: Part }) {
  const id = useId();
  const ready = choices.datasets.filter((d) => d.ready);
  const pick = (value: string) => {
    const [kind, name = ""] = [value.slice(0, value.indexOf(":")), value.slice(value.indexOf(":") + 1)];
    const table = TABLES.find((t) => t === name);
    const what: What | null = kind === "dataset" ? { kind, name } : table === undefined ? null : { kind: "table", table };
    if (what === null) return;
    // The same format where the other source has it; filters are those of the other source.
    const formats = formatsFor(what, choices);
    const format = formats.find((f) => f.id === form.format) ?? formats[0];
    if (format === undefined) return;
    const file = format.files.find((f) => f === form.file) ?? format.files[0] ?? "jsonl";
    onChange({ what, format: format.id, file, filters: {} });
  };
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-sm font-medium text-soft">
        What
      </label>
      <select
        id={id}
        value={key(form.what)}
        onChange={(e) => pick(e.target.value)}
        className="h-8 w-full max-w-md rounded-sm border border-edge bg-raised px-2 text-ink"
      >
        {ready.length > 0 && (
          <optgroup label="Data sets">
            {ready.map((d) => (
              <option key={d.name} value={`dataset:${d.name}`}>
                {d.name} ({plural(d.rows, "row")})
              </option>
            ))}
          </optgroup>
        )}
        <optgroup label="Tables of the study">
          {TABLES.map((table) => (
            <option key={table} value={`table:${table}`}>
              {table}
            </option>
          ))}
        </optgroup>
      </select>
      {ready.length === 0 && (
        <p className="mt-1 max-w-prose text-sm text-faint">
          This study has no data set that is ready: training formats need one.
        </p>
      )}
    </div>
  );
}

function FormatField({ form, choices, onChange }: { form: ExportForm; choices: ExportChoices; onChange: Part }) {
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium text-soft">Format</legend>
      <div className="grid gap-x-6 sm:grid-cols-2">
        {formatsFor(form.what, choices).map((format) => {
          const chosen = format.id === form.format;
          return (
            <label
              key={format.id}
              className={cx("flex cursor-pointer gap-2 border-s-2 py-1.5 ps-2", chosen ? "border-ink" : "border-transparent")}
            >
              <input
                type="radio"
                name="format"
                checked={chosen}
                onChange={() =>
                  onChange({
                    format: format.id,
                    file: format.files.find((f) => f === form.file) ?? format.files[0] ?? "jsonl",
                    ...(format.shape === "steps" ? {} : { filters: { ...form.filters, labels: undefined } }),
                  })
                }
                className="mt-1 size-4 shrink-0 accent-ink"
              />
              <span className="min-w-0">
                {format.label}
                <span className="block text-sm text-faint">{format.about}</span>
              </span>
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}

function FilterFields(props: { form: ExportForm; choices: ExportChoices; shape: string; onChange: Part }) {
  const { form, choices, onChange } = props;
  const { filters, what } = form;
  const known = FILTERS_OF[sourceOf(what)];
  const set = (part: Filters) => {
    const next = Object.fromEntries(Object.entries({ ...filters, ...part }).filter(([, v]) => v !== undefined));
    onChange({ filters: next });
  };
  const has = (name: keyof Filters) => known.includes(name);
  const table = what.kind === "table" ? what.table : "";
  const judged = table === "decisions" || table === "proposals" || props.shape === "steps";
  const blind = choices.queues.filter((q) => q.blind && q.open);
  const any = (words: string): readonly [string, string] => ["", words];
  const stages = RUN_STAGES[table] ?? [];
  return (
    <fieldset className="space-y-4">
      <legend className="mb-2 text-sm font-medium text-soft">Which rows</legend>
      <div className="grid gap-4 sm:grid-cols-2">
        {has("problemSet") && choices.problemSets.length > 1 && (
          <SelectField
            label="Problem set"
            value={filters.problemSet ?? ""}
            options={[any("all"), ...choices.problemSets.map((s) => [s, s] as const)]}
            onChange={(v) => set({ problemSet: v === "" ? undefined : v })}
          />
        )}
        {has("model") && choices.models.length > 1 && (
          <SelectField
            label="Model"
            value={filters.model ?? ""}
            options={[any("all"), ...choices.models.map((m) => [m, m] as const)]}
            onChange={(v) => set({ model: v === "" ? undefined : v })}
          />
        )}
        {has("run") && (
          <SelectField
            label="Run"
            value={filters.run ?? ""}
            options={[
              any("all"),
              ...choices.runs
                .filter((r) => stages.length === 0 || stages.includes(r.stage))
                .map((r) => [r.id, `${r.stage}, ${moment(r.createdAt)}`] as const),
            ]}
            onChange={(v) => set({ run: v === "" ? undefined : v })}
          />
        )}
        {has("reward") && (
          <SelectField
            label="Reward"
            value={filters.reward === undefined ? "" : String(filters.reward)}
            options={[any("all"), ["1", "right"], ["0", "wrong"]]}
            onChange={(v) => set({ reward: v === "" ? undefined : v === "1" ? 1 : 0 })}
          />
        )}
        {has("arm") && (
          <SelectField
            label="Arm"
            value={filters.arm ?? ""}
            options={[any("all"), ...ARMS.map((a) => [a, ARM_LABEL[a]] as const)]}
            onChange={(v) => set({ arm: ARMS.find((a) => a === v) })}
          />
        )}
        {has("queue") && choices.queues.length > 1 && (
          <SelectField
            label="Queue"
            value={filters.queue ?? ""}
            options={[any("all"), ...choices.queues.map((q) => [q.name, q.name] as const)]}
            onChange={(v) => set({ queue: v === "" ? undefined : v })}
          />
        )}
      </div>
      {has("chosen") && (
        <CheckField
          label="Only proposals that were continued"
          checked={filters.chosen === true}
          onChange={(on) => set({ chosen: on ? true : undefined })}
        />
      )}
      {has("kept") && (
        <CheckField
          label="Only proposals with a right continuation"
          checked={filters.kept === true}
          onChange={(on) => set({ kept: on ? true : undefined })}
        />
      )}
      {has("withoutLeaks") && (
        <CheckField
          label="Without proposals that state the answer"
          checked={filters.withoutLeaks === true}
          onChange={(on) => set({ withoutLeaks: on ? true : undefined })}
        />
      )}
      {props.shape === "steps" && (
        <div>
          <p className="text-sm text-soft">First errors located by</p>
          <div className="mt-1 flex flex-wrap gap-x-5">
            {LABEL_SOURCES.map((source) => {
              const chosen = filters.labels ?? [...LABEL_SOURCES];
              const next = LABEL_SOURCES.filter((s) => (s === source ? !chosen.includes(s) : chosen.includes(s)));
              return (
                <label key={source} className="flex min-h-8 items-center gap-2">
                  <input
                    type="checkbox"
                    checked={chosen.includes(source)}
                    disabled={next.length === 0}
                    onChange={() => set({ labels: next.length === LABEL_SOURCES.length ? undefined : [...next] })}
                    className="size-4 accent-ink"
                  />
                  {LABEL_WORDS[source]}
                </label>
              );
            })}
          </div>
          <p className="max-w-prose text-sm text-faint">An attempt takes the first of these that says something.</p>
        </div>
      )}
      {(table === "decisions" || table === "proposals" || form.format === "prm800k") && (
        <CheckField
          label="Judges' names"
          checked={form.names}
          onChange={(names) => onChange({ names })}
          hint="Otherwise each judge is a pseudonym, the same in every export."
        />
      )}
      {judged &&
        blind.map((q) => (
          <CheckField
            key={q.name}
            label={`With the decisions of “${q.name}”`}
            checked={form.openBlindQueues.includes(q.name)}
            onChange={(on) =>
              onChange({
                openBlindQueues: on ? [...form.openBlindQueues, q.name] : form.openBlindQueues.filter((n) => n !== q.name),
              })
            }
            hint="This queue is blind and still open: its judges should not see each other's decisions."
          />
        ))}
      {known.length === 0 && !judged && <p className="text-sm text-faint">All rows of it.</p>}
      {what.kind === "dataset" && props.shape !== "steps" && (
        <p className="max-w-prose text-sm text-faint">All rows of the data set: its filters were chosen when it was built.</p>
      )}
    </fieldset>
  );
}

const LABEL_WORDS = {
  settled: "the team's settlement",
  decided: "judges who agree",
  imported: "imported labels",
  model: "the model",
} as const;

/** Stages whose runs own a table's rows. */
const RUN_STAGES: Record<string, readonly string[]> = {
  attempts: ["rollout", "import"],
  grades: ["rollout", "import", "continue"],
  verifications: ["verify"],
  proposals: ["verify", "import"],
  continuations: ["continue"],
  scores: ["score"],
};
