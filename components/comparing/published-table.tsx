import { PUBLISHED_FINAL_TABLE } from "@/server/core/comparing/published";

/** The paper's own final table, apart from one's own. */
export function PublishedTable() {
  const { source, model, columns, rows } = PUBLISHED_FINAL_TABLE;
  return (
    <div className="overflow-x-auto border-s border-dashed border-edge ps-4" role="region" aria-label="Published final table" tabIndex={0}>
      <table className="min-w-max text-sm text-soft italic">
        <caption className="pb-2 text-start not-italic">
          <b className="font-semibold text-ink">Published figures</b>
          <span className="ms-3 text-faint">
            {source}, {model}; per cent, without intervals
          </span>
        </caption>
        <thead>
          <tr className="border-b border-rule text-faint">
            <th scope="col" className="py-1 pe-6 font-normal">Run</th>
            {columns.map((c) => (
              <th key={c} scope="col" className="py-1 pe-6 text-end font-normal">{c}</th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-rule">
          {rows.map(([label, figures]) => (
            <tr key={label}>
              <th scope="row" className="py-1 pe-6 font-normal">{label}</th>
              {figures.map((f, i) => (
                <td key={columns[i]} className="py-1 pe-6 text-end">{f.toFixed(2)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
