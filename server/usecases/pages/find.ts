import { InterveneError } from "../../errors";
import type { Sql } from "../../store/views/sql";
import { findStudy, type StudyRow } from "../../store/views/studies";

/** What the pages' use cases need. */
export interface PageDeps {
  pool: Sql;
}

/** The study a page is about, by name or id. @throws InterveneError("not_found") */
export async function studyOf(deps: PageDeps, nameOrId: string): Promise<StudyRow> {
  const study = await findStudy(deps.pool, nameOrId);
  if (study === null) throw new InterveneError("not_found", `There is no study called “${nameOrId}”.`);
  return study;
}
