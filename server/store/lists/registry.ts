import type { ListName } from "../../core/lists/tables";
import { attemptsSql } from "./attempts";
import { datasetsSql } from "./datasets";
import { modelsSql } from "./models";
import { problemsSql } from "./problems";
import { proposalsSql } from "./proposals";
import { runsSql } from "./runs";
import type { SqlColumn, SqlList } from "./sql-list";

const SQL = {
  problems: problemsSql,
  attempts: attemptsSql,
  proposals: proposalsSql,
  runs: runsSql,
  models: modelsSql,
  datasets: datasetsSql,
};

/** The SQL of a list, whichever it is. */
export function sqlOf(name: ListName): SqlList<string, string> {
  return SQL[name];
}

/** The SQL of a column that is known to be the list's (core/lists/tables.ts columnOf). */
export function sqlColumn(list: SqlList<string, string>, id: string): SqlColumn<string> {
  const column = Object.hasOwn(list.columns, id) ? list.columns[id] : undefined;
  if (column === undefined) throw new Error(`no SQL for column ${id}`);
  return column;
}
