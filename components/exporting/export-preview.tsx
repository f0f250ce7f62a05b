import type { ExportPreview } from "@/server/core/views/exports";
import { Disclosure } from "../ui/disclosure";
import { count } from "../ui/format";
import { Message } from "../ui/message";

/** How many rows there would be, their columns, and the first of them. */
export function PreviewOf({ preview, stale }: { preview: ExportPreview; stale: boolean }) {
  const { rows, columns, row, says, notes, file } = preview;
  return (
    <div className={stale ? "space-y-4 opacity-60" : "space-y-4"} aria-busy={stale}>
      <p aria-live="polite">
        <b className="font-semibold">{count(rows)}</b> {rows === 1 ? "row" : "rows"}{" "}
        <span className="text-faint">
          as {file === "parquet" ? "Parquet" : "JSON lines"}, with manifest.json and a dataset card
        </span>
      </p>
      {notes.map((note) => (
        <Message key={note} tone="uncertainty">
          {note}
        </Message>
      ))}
      {says !== "" && <p className="max-w-prose text-soft">{says}</p>}
      {row !== null && (
        <pre
          tabIndex={0}
          role="region"
          aria-label="The first row"
          className="max-h-[32rem] max-w-full overflow-auto rounded-sm bg-sunken px-3 py-2 font-mono text-sm break-words whitespace-pre-wrap"
        >
          {row}
        </pre>
      )}
      <Disclosure title={`${columns.length} ${columns.length === 1 ? "column" : "columns"}`}>
        <dl className="grid max-w-3xl gap-x-6 gap-y-1 text-sm sm:grid-cols-[auto_1fr]">
          {columns.map((c) => (
            <div key={c.name} className="contents">
              <dt className="font-mono">{c.name}</dt>
              <dd className="mb-1 min-w-0 break-words text-faint sm:mb-0">
                {c.type}
                {c.about !== "" && `: ${c.about}`}
              </dd>
            </div>
          ))}
        </dl>
      </Disclosure>
    </div>
  );
}
