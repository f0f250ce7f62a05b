import { mkdtemp, open, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { zstdCompress } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as F from "@/server/core/exporting/fields";
import type { Field, Row, Value } from "@/server/core/exporting/fields";
import { Bytes } from "@/server/core/exporting/parquet/bytes";
import { hybridRuns } from "@/server/core/exporting/parquet/levels";
import { ParquetWriter } from "@/server/core/exporting/parquet/writer";
import { randomStream } from "@/server/core/seeds";
import { openSink } from "@/server/usecases/exports/sinks";
import { readParquet } from "./support/read";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "intervene-parquet-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const zstd = promisify(zstdCompress);

/** Write in small pages and row groups, so that every seam is met. */
async function roundTrip(fields: readonly Field[], rows: readonly Row[], sizes = { pageSize: 200, groupSize: 1_000 }) {
  const file = path.join(folder, `${Math.random()}.parquet`);
  const handle = await open(file, "w");
  const write = async (bytes: Uint8Array) => void (await handle.write(bytes));
  const writer = new ParquetWriter(fields, { compress: (b) => zstd(b), write, createdBy: "test", ...sizes });
  try {
    for (let i = 0; i < rows.length; i += 7) await writer.add(rows.slice(i, i + 7));
    expect(await writer.finish()).toBe(rows.length);
  } finally {
    await handle.close();
  }
  return readParquet(file);
}

describe("Parquet", () => {
  it("keeps every type, nulls and times", async () => {
    const fields = [
      F.text("t"),
      F.int("i"),
      F.long("l"),
      F.float("f"),
      F.double("d"),
      F.bool("b"),
      F.time("at"),
      ...[F.text("tn"), F.int("in"), F.bool("bn"), F.time("an"), F.double("dn")].map(F.nullable),
    ];
    const rows: Row[] = [
      { t: "", i: -2147483648, l: 2n ** 53n - 1n, f: 0.5, d: Math.PI, b: true, at: new Date(0), tn: null, in: null, bn: null, an: null, dn: null },
      { t: "ä\u0000😀\r\n\"", i: 2147483647, l: -5, f: -1.25, d: -0.1, b: false, at: new Date("2026-11-23T10:00:00.123Z"), tn: "x", in: 0, bn: false, an: new Date(5), dn: 0 },
    ];
    expect(await roundTrip(fields, rows)).toEqual([
      { ...rows[0], l: 2 ** 53 - 1, at: "1970-01-01T00:00:00.000Z" },
      { ...rows[1], at: "2026-11-23T10:00:00.123Z", an: "1970-01-01T00:00:00.005Z" },
    ]);
  });

  it("keeps lists of structs of lists, with nulls and empty lists at every level", async () => {
    const inner = F.structOf(F.text("name"), F.nullable(F.int("n")), F.list("marks", { kind: "bool" }));
    const fields = [F.nullable(F.list("a", inner)), F.struct("s", [F.nullable(F.struct("deep", [F.list("x", F.INT)]))])];
    const rows: Row[] = [
      { a: null, s: { deep: null } },
      { a: [], s: { deep: { x: [] } } },
      { a: [{ name: "one", n: null, marks: [] }, { name: "two", n: 2, marks: [true, false, true] }], s: { deep: { x: Int32Array.of(1, 2, 3) } } },
    ];
    expect(await roundTrip(fields, [...rows, ...rows, ...rows])).toEqual(
      [...rows, ...rows, ...rows].map((r) => JSON.parse(JSON.stringify(r, (_, v: Value) => (v instanceof Int32Array ? [...v] : v)))),
    );
  });

  it("gives back random rows of random schemas", async () => {
    const random = randomStream(42);
    const below = (n: number) => Math.floor(random() * n);
    const type = (depth: number): F.FieldType => {
      const kind = below(depth > 2 ? 3 : 5);
      if (kind === 0) return F.TEXT;
      if (kind === 1) return F.INT;
      if (kind === 2) return { kind: "bool" };
      if (kind === 3) return { kind: "list", of: type(depth + 1), nullable: random() < 0.3 };
      return { kind: "struct", fields: Array.from({ length: 1 + below(3) }, (_, i) => field(`f${i}`, depth + 1)) };
    };
    const field = (name: string, depth = 0): Field => ({ name, type: type(depth), nullable: random() < 0.4, about: "" });
    const value = (of: F.FieldType): Value => {
      if (of.kind === "text") return "word ".repeat(below(30)) + below(10);
      if (of.kind === "int") return below(1000) - 500;
      if (of.kind === "list") return Array.from({ length: below(4) * below(8) }, () => (of.nullable && random() < 0.3 ? null : value(of.of)));
      if (of.kind === "struct") return Object.fromEntries(of.fields.map((f) => [f.name, f.nullable && random() < 0.4 ? null : value(f.type)]));
      return random() < 0.5;
    };
    for (let schema = 0; schema < 60; schema++) {
      const fields = Array.from({ length: 1 + below(4) }, (_, i) => field(`c${i}`));
      const rows = Array.from({ length: below(200) }, () => value({ kind: "struct", fields }) as Row);
      expect(await roundTrip(fields, rows)).toEqual(rows);
    }
  });

  it("takes texts as bytes, texts of 20 MB, and no rows at all", async () => {
    const huge = "0123456789".repeat(2_000_000);
    const rows = [{ t: new TextEncoder().encode("büchse") }, { t: huge }, { t: "after" }];
    expect(await roundTrip([F.text("t")], rows)).toEqual([{ t: "büchse" }, { t: huge }, { t: "after" }]);
    expect(await roundTrip([F.text("t")], [])).toEqual([]);
  });

  it.each<[Field, Value, RegExp]>([
    [F.int("n"), 2 ** 31, /column n takes int, not number 2147483648/],
    [F.int("n"), 0.5, /column n takes int/],
    [F.text("n"), 5, /column n takes text, not number 5/],
    [F.text("n"), null, /column n has no value/],
    [F.bool("n"), "true", /column n takes bool/],
    [F.list("n", F.INT), 5, /column n takes a list/],
  ])("refuses a value that is not of its column's type", async (field, value, says) => {
    await expect(roundTrip([field], [{ n: value }])).rejects.toThrow(says);
  });

  it("packs levels in runs and in bits (an example of parquet-format, Encodings.md)", () => {
    const encode = (levels: number[], bits: number) => {
      const out = new Bytes();
      hybridRuns(Uint8Array.from(levels), bits, out);
      return [...out.take()];
    };
    // The document's own: 0..7 in three bits each.
    expect(encode([0, 1, 2, 3, 4, 5, 6, 7], 3)).toEqual([0b11, 0b10001000, 0b11000110, 0b11111010]);
    expect(encode(new Array<number>(100).fill(1), 1)).toEqual([200, 1, 1]);
  });
});

it("writes nothing of an export twice into memory: 200 MB of rows in row groups", async () => {
  const sink = await openSink("parquet", path.join(folder, "large.parquet"), [F.text("t")], "test");
  const random = randomStream(7);
  const text = Buffer.from(Array.from({ length: 8_000 }, () => 97 + Math.floor(random() * 26)));
  const rows = Array.from({ length: 500 }, () => ({ t: new Uint8Array(text) }));
  global.gc?.();
  const before = process.memoryUsage.rss();
  let most = before;
  for (let i = 0; i < 50; i++) {
    await sink.add(rows);
    most = Math.max(most, process.memoryUsage.rss());
  }
  expect((await sink.finish()).rows).toBe(25_000);
  expect((most - before) / 1e6).toBeLessThan(250);
});
