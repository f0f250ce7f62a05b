import { InterveneError } from "../../errors";

/** The row an item points at. @throws InterveneError("not_found") when it was deleted meanwhile. */
export function found<T>(row: T | null, kind: string, id: string): T {
  if (row === null) throw new InterveneError("not_found", `The ${kind} ${id} is no longer there.`);
  return row;
}
