"use client";
import { useMemo, useState } from "react";
import { Button } from "../ui/button";
import { count } from "../ui/format";
import { LabelledSelect } from "../ui/select";
import { nats, probability } from "./heat-map";

const PAGE = 200;

/** The same as the heat map, in numbers: in the order of the text, or the most surprising first. */
export function TokenTable(props: { tokens: readonly string[]; logprobs: readonly number[] }) {
  const { tokens, logprobs } = props;
  const [order, setOrder] = useState<"text" | "nll">("text");
  const [page, setPage] = useState(0);
  const rows = useMemo(() => {
    const all = tokens.map((_, i) => i);
    return order === "text" ? all : all.sort((a, b) => (logprobs[a] ?? 0) - (logprobs[b] ?? 0) || a - b);
  }, [tokens, logprobs, order]);
  const first = page * PAGE;
  const shown = rows.slice(first, first + PAGE);
  return (
    <div>
      <div className="mb-1 flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
        <LabelledSelect
          label="Order by"
          value={order}
          options={[
            ["text", "place in the text"],
            ["nll", "nats, highest first"],
          ]}
          onChange={(value) => {
            setOrder(value === "nll" ? "nll" : "text");
            setPage(0);
          }}
        />
        {rows.length > PAGE && (
          <span className="flex items-center gap-3">
            <Button tone="quiet" disabled={page === 0} onClick={() => setPage(page - 1)}>
              Before
            </Button>
            <output className="tabular-nums">
              {count(first + 1)} to {count(first + shown.length)} of {count(rows.length)}
            </output>
            <Button tone="quiet" disabled={first + PAGE >= rows.length} onClick={() => setPage(page + 1)}>
              Next
            </Button>
          </span>
        )}
      </div>
      <table className="w-full text-sm">
        <caption className="sr-only">Negative log-likelihood of each token</caption>
        <thead className="text-start text-faint">
          <tr className="border-b border-edge">
            <th scope="col" className="py-1 pe-3 text-end font-normal">
              place
            </th>
            <th scope="col" className="py-1 pe-3 text-start font-normal">
              token
            </th>
            <th scope="col" className="py-1 pe-3 text-end font-normal">
              nats
            </th>
            <th scope="col" className="py-1 text-end font-normal">
              probability
            </th>
          </tr>
        </thead>
        <tbody className="tabular-nums">
          {shown.map((i) => (
            <tr key={i} className="border-b border-rule">
              <td className="py-0.5 pe-3 text-end text-faint">{i + 1}</td>
              <th scope="row" className="max-w-40 py-0.5 pe-3 text-start font-mono font-normal break-all">
                {JSON.stringify(tokens[i] ?? "").slice(1, -1).replaceAll(" ", "·")}
              </th>
              <td className="py-0.5 pe-3 text-end">{nats(-(logprobs[i] ?? 0))}</td>
              <td className="py-0.5 text-end">{probability(logprobs[i] ?? 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
