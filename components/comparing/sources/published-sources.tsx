import { PUBLISHED_SOURCES } from "./published";

/** The paper's own sources, apart from one's own. */
export function PublishedSources() {
  const { source, model, rows } = PUBLISHED_SOURCES;
  return (
    <div className="overflow-x-auto border-s border-dashed border-edge ps-4" role="region" aria-label="Published sources" tabIndex={0}>
      <table className="text-sm text-soft italic">
        <caption className="pb-2 text-start whitespace-normal not-italic">
          <b className="font-semibold text-ink">Published figures</b>
          <span className="block text-faint">{source}, {model}; without intervals. Place by NLL per token, lowest first; entropy after SFT in nats; average of the final table after SFT and RL</span>
        </caption>
        <thead>
          <tr className="border-b border-rule text-faint">
            <th scope="col" className="py-1 pe-6 text-start font-normal">Source</th>
            <th scope="col" className="py-1 pe-6 text-end font-normal">Place by NLL</th>
            <th scope="col" className="py-1 pe-6 text-end font-normal">Entropy</th>
            <th scope="col" className="py-1 text-end font-normal">Average, %</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-rule">
          {rows.map((r) => (
            <tr key={r.label}>
              <th scope="row" className="py-1 pe-6 text-start font-normal">{r.label}</th>
              <td className="py-1 pe-6 text-end">{r.place ?? "—"}</td>
              <td className="py-1 pe-6 text-end">{r.entropy?.toFixed(2) ?? "—"}</td>
              <td className="py-1 text-end">{r.average?.toFixed(2) ?? "—"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
