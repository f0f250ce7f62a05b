import type { StudyCard } from "../../core/views/study";
import { listPipelines, listStudies } from "../../store/views/studies";
import type { PageDeps } from "./find";

/** The list of studies, newest first. */
export async function readStudies(deps: PageDeps): Promise<StudyCard[]> {
  const studies = await listStudies(deps.pool);
  const pipelines = await listPipelines(
    deps.pool,
    studies.map((s) => s.id),
  );
  return studies.map((s) => ({ ...s, pipelines: pipelines.get(s.id) ?? [] }));
}
