import { randomBytes } from "node:crypto";
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { list, long, text } from "@/server/core/exporting/fields";
import { openRows } from "@/server/usecases/importing/open";
import { oneAfterAnother } from "@/server/usecases/importing/source";
import { MAX_ROW_BYTES, type FileRow } from "@/server/usecases/importing/row";
import { writeParquet, zip } from "./support/write-files";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "intervene-containers-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, content: string | Buffer): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

async function read(file: string, skip = 0): Promise<FileRow[]> {
  const rows: FileRow[] = [];
  for await (const row of (await openRows(file)).rows(skip)) rows.push(row);
  return rows;
}

const problem = (i: number) => ({ problem: `p${i}`, answer: String(i) });
const lines = (n: number) => Array.from({ length: n }, (_, i) => `${JSON.stringify(problem(i))}\n`).join("");
const good = (n: number) => Array.from({ length: n }, (_, i) => ({ row: i + 1, fields: problem(i) }));

describe("one document of JSON, row by row", () => {
  test.each([
    ["a list", "list.json", JSON.stringify([problem(0), problem(1), problem(2)], null, 2)],
    ["a list without spaces, with a BOM", "bom.json", `\ufeff${JSON.stringify([problem(0), problem(1), problem(2)])}`],
    ["a list behind CRLF", "crlf.json", JSON.stringify([problem(0), problem(1), problem(2)], null, 2).replaceAll("\n", "\r\n")],
    ["objects that follow each other over many lines", "objects.json", [0, 1, 2].map((i) => JSON.stringify(problem(i), null, 2)).join("\n")],
    ["JSON lines under the ending .json", "lines.json", lines(3)],
    ["JSON lines with CRLF and a BOM", "crlf.jsonl", `\ufeff${lines(3).replaceAll("\n", "\r\n")}`],
  ])("%s", async (_, name, content) => {
    expect(await read(put(name, content))).toEqual(good(3));
    expect(await read(put(name, content), 2)).toEqual(good(3).slice(2));
  });

  test("the list of an object: its own fields before the list come with every row", async () => {
    const log = { version: 2, eval: { model: "m" }, tags: ["a"], samples: [{ id: 1, version: 9 }, { id: 2 }], reductions: [{ scorer: "x" }] };
    expect(await read(put("log.json", JSON.stringify(log, null, 1)))).toEqual([
      { row: 1, fields: { version: 9, eval: { model: "m" }, tags: ["a"], id: 1 } },
      { row: 2, fields: { version: 2, eval: { model: "m" }, tags: ["a"], id: 2 } },
    ]);
  });

  test("braces, quotes and brackets inside of texts are no structure", async () => {
    const tricky = [{ problem: 'a "quoted\\" }] {[ \\', answer: "\u2028 é 👍" }, { problem: "", answer: "[]{}" }];
    expect((await read(put("tricky.json", JSON.stringify(tricky)))).map((r) => "fields" in r && r.fields)).toEqual(tricky);
  });

  test("a member that is no object, one that is broken, one that is cut off", async () => {
    const content = `[1, "two", [3], ${JSON.stringify(problem(3))}, {"problem": nope}, ${JSON.stringify(problem(5))}, {"problem": "cut`;
    const rows = await read(put("bad.json", content));
    expect(rows.map((r) => ("bad" in r ? r.bad.reason : "good"))).toEqual([
      "is not a JSON object",
      "is not a JSON object",
      "is not a JSON object",
      "good",
      expect.stringContaining("is not JSON"),
      "good",
      expect.stringContaining("is cut off"),
    ]);
  });

  test("pieces may break anywhere", async () => {
    const { jsonDocument } = await import("@/server/usecases/importing/json-document");
    const bytes = Buffer.from(JSON.stringify({ a: "x,[", "b}": [1, "]"], rows: [problem(0), { problem: 'p"1', answer: "ü" }], z: [{}] }));
    for (const size of [1, 2, 3, 7]) {
      const pieces = async function* () {
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
      };
      const rows: FileRow[] = [];
      for await (const row of jsonDocument(pieces())) rows.push(row);
      const outer = { a: "x,[", "b}": [1, "]"] };
      expect(rows).toEqual([
        { row: 1, fields: { ...outer, ...problem(0) } },
        { row: 2, fields: { ...outer, problem: 'p"1', answer: "ü" } },
      ]);
    }
  });
});

describe("packed files", () => {
  test.each([
    ["gzip", "a.jsonl.gz", (b: Buffer) => gzipSync(b)],
    ["gzip in two parts", "b.jsonl.gz", (b: Buffer) => Buffer.concat([gzipSync(b.subarray(0, 100)), gzipSync(b.subarray(100))])],
    ["zstd", "c.jsonl.zst", (b: Buffer) => zstdCompressSync(b)],
    ["gzip without the ending", "d", (b: Buffer) => gzipSync(b)],
  ])("%s", async (_, name, pack) => {
    const file = put(name, pack(Buffer.from(lines(50))));
    expect(await read(file)).toEqual(good(50));
    expect((await openRows(file)).container).toBe("jsonl");
  });

  test("CSV in gzip", async () => {
    expect(await read(put("t.csv.gz", gzipSync("problem,answer\r\np0,0\r\np1,1\r\n")))).toEqual(good(2));
  });

  test.each([
    ["gzip", "cut.jsonl.gz", gzipSync(Buffer.from(Array.from({ length: 3000 }, (_, i) => `${JSON.stringify({ ...problem(i), more: Math.sin(i) })}\n`).join("")))],
    ["zstd", "cut.jsonl.zst", zstdCompressSync(Buffer.from(Array.from({ length: 30000 }, (_, i) => `${JSON.stringify({ ...problem(i), more: Math.sin(i) })}\n`).join("")))],
  ])("a truncated %s file gives what is in it, and says that the rest is lost", async (kind, name, whole) => {
    const rows = await read(put(name, whole.subarray(0, Math.floor(whole.length / 2))));
    const last = rows.at(-1);
    expect(rows.length).toBeGreaterThan(1000);
    expect(rows.slice(0, -1).every((r) => "fields" in r)).toBe(true);
    expect(last).toMatchObject({ bad: { field: "file", reason: expect.stringContaining(`The ${kind} file ends too early`) } });
    expect(last?.row).toBe(rows.length);
  });
});

describe("values that change when read carelessly", () => {
  test("2^53 + 1, long decimals and 1e400 stay as they are written; short numbers are numbers", async () => {
    const rows = await read(put("big.jsonl", '{"problem":"p","answer":9007199254740993,"a":1.50,"b":3.14159265358979323846,"c":1e400,"d":9007199254740991,"e":"1234567890123456789"}\n'));
    expect(rows[0]).toEqual({
      row: 1,
      fields: { problem: "p", answer: "9007199254740993", a: 1.5, b: "3.14159265358979323846", c: "1e400", d: 9007199254740991, e: "1234567890123456789" },
    });
  });

  test("NaN and Infinity, which Python writes, cost no row", async () => {
    const rows = await read(put("nan.jsonl", '{"problem":"NaN in a text, -Infinity too","answer":"1","score":NaN,"low":-Infinity,"list":[Infinity]}\n'));
    expect(rows[0]).toEqual({
      row: 1,
      fields: { problem: "NaN in a text, -Infinity too", answer: "1", score: null, low: null, list: [null] },
      repaired: expect.stringContaining("NaN"),
    });
  });

  test("a line of 100 MB is refused by itself, in little memory", async () => {
    const file = put("long.jsonl", lines(1));
    const handle = openSync(file, "a");
    const chunk = "x".repeat(10_000_000);
    writeSync(handle, '{"problem": "');
    for (let i = 0; i < 10; i++) writeSync(handle, chunk);
    writeSync(handle, `"}\n${JSON.stringify(problem(2))}\n`);
    closeSync(handle);
    const before = process.memoryUsage().rss;
    const rows = await read(file);
    expect(rows).toEqual([
      { row: 1, fields: problem(0) },
      { row: 2, bad: { field: "row", reason: `is longer than ${MAX_ROW_BYTES / 1024 / 1024} MiB` } },
      { row: 3, fields: problem(2) },
    ]);
    expect((process.memoryUsage().rss - before) / 1e6).toBeLessThan(150);
  });
});

describe("Parquet", () => {
  const fields = [text("problem"), text("answer"), long("big"), list("tags", { kind: "text" })];
  const rows = (n: number, length: number) =>
    Array.from({ length: n }, (_, i) => ({ problem: `${i} ${"ab\n".repeat(length / 3)}`, answer: String(i), big: BigInt(i) + 9007199254740992n, tags: ["x", String(i)] }));

  test("small row groups", async () => {
    const file = path.join(folder, "small.parquet");
    await writeParquet(file, fields, rows(500, 30), { groupSize: 8_000 });
    const found = await read(file);
    expect(found).toHaveLength(500);
    // 64-bit integers beyond 2^53 stay exact.
    expect(found[3]).toEqual({ row: 4, fields: { problem: `3 ${"ab\n".repeat(10)}`, answer: "3", big: "9007199254740995", tags: ["x", "3"] } });
    expect((await read(file, 498)).map((r) => r.row)).toEqual([499, 500]);
  });

  test("one row group of 60 MB without a page index is read in windows", async () => {
    const file = path.join(folder, "large.parquet");
    // Texts that do not compress, so that their pages are many and large.
    const noise = Array.from({ length: 6000 }, (_, i) => `${i} ${randomBytes(7_500).toString("base64")}`);
    const large = (i: number) => noise[i] ?? "";
    await writeParquet(file, fields, rows(6000, 3).map((row, i) => ({ ...row, problem: large(i) })), { groupSize: 1 << 30 });
    expect(statSync(file).size).toBeGreaterThan(40e6);
    let n = 0;
    for await (const row of (await openRows(file)).rows()) {
      expect(row.row).toBe(n + 1);
      if ("fields" in row && n % 500 === 0) expect(row.fields).toMatchObject({ answer: String(n), tags: ["x", String(n)], problem: large(n) });
      n += 1;
    }
    expect(n).toBe(6000);
    const [first] = await read(file, 5990);
    expect(first).toMatchObject({ row: 5991, fields: { answer: "5990" } });
  });

  test("a file that was cut off", async () => {
    const file = path.join(folder, "whole.parquet");
    await writeParquet(file, fields, rows(50, 30));
    const { readFileSync } = await import("node:fs");
    const cut = put("cut.parquet", readFileSync(file).subarray(0, 900));
    await expect(openRows(cut)).rejects.toThrow(/cannot be read as Parquet .* cut off/);
  });
});

describe("an archive of Inspect AI", () => {
  test("samples with the evaluation; a broken one costs itself", async () => {
    const file = put(
      "log.eval",
      zip({
        "_journal/start.json": JSON.stringify({ version: 2, eval: { model: "openai/x", task: "gsm8k" }, plan: {} }),
        "samples/1_epoch_1.json": JSON.stringify({ id: 1, epoch: 1, input: "q", target: "1", output: { choices: [] } }, null, 2),
        "samples/2_epoch_1.json": "{broken",
        "summaries/1.json": "[]",
        "samples/2_epoch_2.json": JSON.stringify({ id: 2, epoch: 2 }),
        "header.json": JSON.stringify({ version: 2, status: "success", eval: { model: "openai/y", task: "gsm8k" } }),
      }),
    );
    const opened = await openRows(file);
    expect(opened.container).toBe("zip");
    const rows = await read(file);
    expect(rows).toEqual([
      { row: 1, fields: { eval: { model: "openai/y", task: "gsm8k" }, id: 1, epoch: 1, input: "q", target: "1", output: { choices: [] } } },
      { row: 2, bad: { field: "row", reason: expect.stringContaining("is not JSON") } },
      { row: 3, fields: { eval: { model: "openai/y", task: "gsm8k" }, id: 2, epoch: 2 } },
    ]);
    expect(await read(file, 2)).toHaveLength(1);
  });

  test("another archive is no log", async () => {
    await expect(read(put("other.zip", zip({ "a.txt": "hello" })))).rejects.toThrow(/no log of Inspect AI/);
  });
});

test("several files are one sequence of rows", async () => {
  const parts = [await openRows(put("one.jsonl", lines(3))), await openRows(put("two.jsonl", lines(2)))];
  const rows: number[] = [];
  for await (const row of oneAfterAnother(parts).rows()) rows.push(row.row);
  expect(rows).toEqual([1, 2, 3, 4, 5]);
  const rest: FileRow[] = [];
  for await (const row of oneAfterAnother(parts).rows(4)) rest.push(row);
  expect(rest).toEqual([{ row: 5, fields: problem(1) }]);
});
