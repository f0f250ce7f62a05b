import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { crc32 } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import yauzl from "yauzl";
import { zipDirectory, zipHeader, zipLayout } from "@/server/core/exporting/zip";
import { archiveOf } from "@/server/usecases/exports/archive";
import { pythonWith } from "./support/python";

const folder = mkdtempSync(path.join(os.tmpdir(), "intervene-zip-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Names, sizes and times of an archive's files, and the texts of the small ones. */
async function look(file: string): Promise<{ name: string; size: number; text: string; changed: Date }[]> {
  const zip = await new Promise<yauzl.ZipFile>((done, fail) => yauzl.open(file, { lazyEntries: true, autoClose: false }, (e, z) => (e ? fail(e) : done(z))));
  const seen: Awaited<ReturnType<typeof look>> = [];
  await new Promise<void>((done, fail) => {
    zip.on("error", fail).on("end", done);
    zip.on("entry", (entry: yauzl.Entry) => {
      const one = { name: entry.fileName, size: entry.uncompressedSize, text: "", changed: entry.getLastModDate() };
      seen.push(one);
      if (one.size > 1e6) return zip.readEntry();
      zip.openReadStream(entry, (error, stream) => {
        if (error) return fail(error);
        stream.setEncoding("utf8").on("error", fail).on("end", () => zip.readEntry());
        stream.on("data", (text: string) => {
          one.text += text;
        });
      });
    });
    zip.readEntry();
  });
  zip.close();
  return seen;
}

const changed = new Date(2026, 10, 23, 14, 5, 8);

describe("zip archives", () => {
  it("hold the files as they are, of a size that is known before", async () => {
    const texts = { "a/read me.md": "# ä\n", "a/empty.jsonl": "", "a/train.jsonl": "0123456789\n".repeat(50_000) };
    const files = Object.entries(texts).map(([name, text], i) => {
      const at = path.join(folder, String(i));
      writeFileSync(at, text);
      return { name, path: at };
    });
    const archive = await archiveOf("all.zip", files, changed);
    const parts: Buffer[] = [];
    for await (const part of archive?.stream ?? []) parts.push(Buffer.from(part as Uint8Array));
    const whole = Buffer.concat(parts);
    expect(whole.length).toBe(archive?.size);
    const at = path.join(folder, "small.zip");
    writeFileSync(at, whole);
    const seen = await look(at);
    expect(Object.fromEntries(seen.map((f) => [f.name, f.text]))).toEqual(texts);
    expect(seen[0]?.changed).toEqual(changed);
    // Others' readers, where they are at hand; each checks the checksums.
    const python = pythonWith("zipfile");
    if (python) expect(execFileSync(python, ["-m", "zipfile", "-t", at], { encoding: "utf8" })).toContain("Done testing");
    try {
      expect(execFileSync("unzip", ["-t", at], { encoding: "utf8" })).toContain("No errors detected");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    expect(await archiveOf("all.zip", [{ name: "gone", path: path.join(folder, "gone") }], changed)).toBeNull();
  });

  it("go beyond 4 GiB", async () => {
    const small = Buffer.from("behind five gigabytes\n");
    const files = [
      { name: "x/train.parquet", size: 5 * 2 ** 30, crc: 0 },
      { name: "x/README.md", size: small.length, crc: crc32(small) },
    ];
    const { size, offsets, directoryAt } = zipLayout(files);
    const entries = files.map((f, i) => ({ ...f, changed, offset: offsets[i] ?? 0 }));
    // The large file is a hole: it takes no room on the disk.
    const at = path.join(folder, "large.zip");
    const handle = await open(at, "w");
    for (const entry of entries) await handle.write(zipHeader(entry), 0, null, entry.offset);
    const header = zipHeader({ ...(entries[1] as (typeof entries)[number]) }).length;
    await handle.write(small, 0, small.length, (offsets[1] ?? 0) + header);
    const end = zipDirectory(entries, directoryAt);
    await handle.write(end, 0, null, directoryAt);
    await handle.close();
    expect(directoryAt + end.length).toBe(size);
    const seen = await look(at);
    expect(seen.map((f) => [f.name, f.size, f.text])).toEqual([
      ["x/train.parquet", 5 * 2 ** 30, ""],
      ["x/README.md", small.length, small.toString()],
    ]);
    const python = pythonWith("zipfile");
    if (python) {
      const read = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.getinfo('x/train.parquet').file_size, z.read('x/README.md'))";
      expect(execFileSync(python, ["-c", read, at], { encoding: "utf8" }).trim()).toBe(`5368709120 b'behind five gigabytes\\n'`);
    }
  });
});
