import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { publicationManifestSchema, publicationTaskSchema } from "../../core/publishing/manifest";
import { InterveneError } from "../../errors";
import { homePaths } from "../../home";
import { findStudy } from "../../store/views/studies";
import { toolName } from "../exports/tool";
import { writePublication } from "../publishing/write-publication";
import { wholeTask } from "./stage";

/** Progress is kept this often at most, in milliseconds. */
const EVERY = 300;

/**
 * Target: its run. Writes the publication into publications/RUN of the data folder. A worker that was killed on the way
 * begins anew: all is read from one snapshot, and the folder takes its name when it is whole.
 */
export const publish = wholeTask(publicationTaskSchema, async ({ pool, settings, item, signal, home }, task) => {
  if (home === null) throw new InterveneError("bad_input", "Publishing needs a worker that shares the data folder.");
  const study = await findStudy(pool, item.studyId);
  if (!study) throw new InterveneError("not_found", "The study was deleted.");
  const folder = path.join(homePaths(home).publications, item.runId);
  if (!existsSync(folder)) {
    await task.save({ done: 0, message: "reading" });
    let told = Date.now();
    await writePublication({ pool, tool: toolName() }, study, settings.request, {
      folder,
      signal,
      onProgress: async (done, total) => {
        if (Date.now() - told < EVERY) return;
        told = Date.now();
        await task.save({ done, total, message: "writing" });
      },
    });
  }
  const manifest = publicationManifestSchema.parse(JSON.parse(await readFile(path.join(folder, "manifest.json"), "utf8")));
  const { attempts } = manifest.counts;
  await task.save({ done: attempts, total: attempts, message: "", result: { folder: item.runId, manifest } });
});
