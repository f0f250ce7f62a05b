import { csvLine } from "../../core/csv";
import { plainCell } from "../../core/lists/cells";
import { shownColumns } from "../../core/lists/query";
import type { Selection } from "../../core/lists/selection";
import { columnOf, type ListName } from "../../core/lists/tables";
import type { Deps } from "../deps";
import { readAll } from "../../store/lists/export";
import { questionOfSelection } from "./question";

export type ListFile = "csv" | "jsonl";

/**
 * A list's rows as a file, piece by piece: the id, what the row hangs on, and the columns that the address shows, in its order.
 * However many rows there are, only some thousands are held at once.
 * @throws InterveneError("not_found") before the first piece
 */
export async function exportList(
  deps: Pick<Deps, "pool">,
  input: { study: string; list: ListName; selection: Selection; file: ListFile; personId: string | null },
): Promise<{ name: string; type: string; pieces: AsyncGenerator<string> }> {
  const { file, ...asked } = input;
  const question = await questionOfSelection(deps, asked);
  const columns = shownColumns(input.list, question.query);
  const shows = columns.map((id) => columnOf(input.list, id)?.show ?? "text");
  const refs = REFS[input.list];
  async function* pieces(): AsyncGenerator<string> {
    if (file === "csv") yield csvLine(["id", ...refs.map((r) => `${r}_id`), ...columns]);
    for await (const rows of readAll(deps.pool, question, columns)) {
      const lines = rows.map((row) => {
        const of = refs.map((r) => row.ref[r] ?? null);
        const cells = columns.map((id, i) => plainCell(shows[i] ?? "text", row.cells[id] ?? null));
        if (file === "csv") return csvLine([row.id, ...of, ...cells]);
        const all = [["id", row.id], ...refs.map((r, i) => [`${r}_id`, of[i]]), ...columns.map((id, i) => [id, cells[i]])];
        return `${JSON.stringify(Object.fromEntries(all))}\n`;
      });
      yield lines.join("");
    }
  }
  return {
    name: `${input.study}-${input.list}.${file}`.replace(/[^\w.-]+/g, "-"),
    type: file === "csv" ? "text/csv; charset=utf-8; header=present" : "application/x-ndjson; charset=utf-8",
    pieces: pieces(),
  };
}

/** What a list's rows hang on, beside their own ids. */
const REFS: Record<ListName, readonly ("attempt" | "problem" | "run" | "pipeline")[]> = {
  problems: [],
  attempts: ["problem", "run"],
  proposals: ["attempt", "problem", "run"],
  runs: ["pipeline"],
  models: [],
  datasets: [],
};
