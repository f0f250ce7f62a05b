import { mkdir, rename, rm } from "node:fs/promises";
import { InterveneError } from "../../errors";

/**
 * Write a folder that appears whole or not at all: everything goes into a folder beside the wanted one, which takes its
 * name at the end. A process killed on the way leaves nothing that looks finished, and the next try clears it away.
 *
 * @param write is given the folder to write into.
 * @throws InterveneError("conflict") when there is something at that place already.
 */
export async function writeWhole<T>(folder: string, write: (unfinished: string) => Promise<T>): Promise<T> {
  const unfinished = `${folder}.part`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  try {
    const result = await write(unfinished);
    await rename(unfinished, folder);
    return result;
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "ENOTEMPTY" || code === "EEXIST" || code === "ENOTDIR") {
      throw new InterveneError("conflict", `There is something at ${folder} already: choose another folder.`, {
        cause: error,
      });
    }
    throw error;
  }
}
