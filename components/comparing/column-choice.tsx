import type { TableColumn, TableSet } from "@/server/core/views/comparing-table";
import { count } from "../ui/format";

/** Which k of which benchmark: a box for each that its samples allow. */
export function ColumnChoice(props: {
  sets: readonly TableSet[];
  columns: readonly TableColumn[];
  onChange: (columns: TableColumn[]) => void;
}) {
  const { sets, columns } = props;
  const most = Math.max(1, ...sets.map((s) => s.most));
  const ks = [...new Set([...powers(most), ...columns.map((c) => c.k)])].sort((a, b) => a - b);
  const has = (set: string, k: number) => columns.some((c) => c.set === set && c.k === k);
  const put = (set: string, k: number, on: boolean) => {
    const asked = (s: string, q: number) => (s === set && q === k ? on : has(s, q));
    // In the order of the benchmarks, whatever was clicked first.
    const next = sets.flatMap((s) => ks.filter((q) => asked(s.name, q)).map((q) => ({ set: s.name, k: q })));
    // A table without a column says nothing: the last one stays.
    if (next.length > 0) props.onChange(next);
  };
  return (
    <div className="overflow-x-auto" role="region" aria-label="Benchmarks and k" tabIndex={0}>
      <table className="min-w-max text-sm">
        <thead>
          <tr className="text-faint">
            <th scope="col" className="pe-6 font-normal">Benchmark</th>
            <th scope="col" className="pe-4 text-end font-normal">Problems</th>
            {ks.map((k) => (
              <th key={k} scope="col" className="px-2 text-center font-normal">pass@{k}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sets.map((s) => (
            <tr key={s.name} className="border-t border-rule">
              <th scope="row" className="max-w-64 py-1 pe-6 font-normal [overflow-wrap:anywhere]">{s.name}</th>
              <td className="pe-4 text-end">{count(s.problems)}</td>
              {ks.map((k) => (
                <td key={k} className="px-2 text-center">
                  {k > s.most && !has(s.name, k) ? (
                    <span className="text-faint" title={`No model has ${k} samples of a problem`}>–</span>
                  ) : (
                    <input
                      type="checkbox"
                      className="size-4 accent-ink"
                      aria-label={`${s.name} pass@${k}`}
                      checked={has(s.name, k)}
                      onChange={(e) => put(s.name, k, e.target.checked)}
                    />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** 1, 2, 4, … up to n, and n. */
function powers(n: number): number[] {
  const ks: number[] = [];
  for (let k = 1; k < n; k *= 2) ks.push(k);
  return [...ks, n];
}
