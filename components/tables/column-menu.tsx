"use client";
import type { ListSpec } from "@/server/core/lists/column";
import { Button } from "../ui/button";
import { Pop } from "../ui/pop";

/** Which columns a list shows. */
export function ColumnMenu(props: { spec: ListSpec; shown: readonly string[]; onChange: (columns: string[] | null) => void }) {
  const { spec, shown } = props;
  const columns = Object.entries(spec.columns).filter(([, c]) => c.hidden !== true);
  return (
    <Pop label="Columns" title="Columns">
      {() => (
        <div className="space-y-3 text-sm">
          <fieldset className="space-y-1">
            <legend className="sr-only">Columns shown</legend>
            {columns.map(([id, column]) => (
              <label key={id} className="flex min-h-6 items-baseline gap-2">
                <input
                  type="checkbox"
                  className="size-4 shrink-0 translate-y-0.5 accent-ink"
                  checked={shown.includes(id)}
                  disabled={id === spec.lead}
                  onChange={(e) => props.onChange(e.target.checked ? [...shown, id] : shown.filter((s) => s !== id))}
                />
                <span>
                  {column.label}
                  {column.about !== undefined && <span className="text-faint"> · {column.about}</span>}
                </span>
              </label>
            ))}
          </fieldset>
          <Button tone="quiet" onClick={() => props.onChange(null)}>
            The usual ones
          </Button>
        </div>
      )}
    </Pop>
  );
}
