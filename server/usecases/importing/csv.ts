import { Readable } from "node:stream";
import { pipeline } from "node:stream";
import { CsvError, parse } from "csv-parse";
import type { Fields } from "../../core/importing/record";
import { InterveneError } from "../../errors";
import { DamagedFile } from "./bytes";
import { decodeUtf8 } from "./json-value";
import { badRow, type FileRow, MAX_ROW_BYTES } from "./row";

/**
 * Records of CSV or TSV with a header, in constant memory. Bytes are decoded per record, so that one that is not UTF-8
 * costs that record alone.
 * @param skip records that are passed over.
 * @throws InterveneError("bad_input") for a header that is not UTF-8.
 */
export async function* csvRows(pieces: AsyncIterable<Buffer>, delimiter: string, skip = 0): AsyncGenerator<FileRow> {
  const skipped: FileRow[] = [];
  let records = 0;
  let header: string[] | null = null;
  let damage: DamagedFile | null = null;
  // latin1 carries every byte through the parser, so that each row can be decoded, and refused, by itself.
  const parser = parse({
    delimiter,
    encoding: "latin1",
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: MAX_ROW_BYTES,
    on_skip: (error) => {
      records += 1;
      skipped.push(badRow(records, error?.message ?? "cannot be read as CSV"));
      return undefined;
    },
  });
  const whole = async function* (): AsyncGenerator<Buffer> {
    let first = true;
    try {
      for await (const piece of pieces) {
        yield first && piece.subarray(0, 3).equals(BOM) ? piece.subarray(3) : piece;
        first = false;
      }
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error;
      damage = error;
    }
  };
  pipeline(Readable.from(whole()), parser, () => {});
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      if (header) records += 1;
      if (header && records <= skip) continue;
      const decoded = cells.map((c) => decodeUtf8(Buffer.from(c, "latin1")));
      if (decoded.includes(null)) {
        if (!header) throw new InterveneError("bad_input", "The header of the file is not UTF-8.");
        yield badRow(records, "is not UTF-8");
        continue;
      }
      const texts = decoded as string[];
      if (!header) header = texts;
      else yield record(header, texts, records);
      while (skipped.length > 0) yield skipped.shift() as FileRow;
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    yield badRow(records + 1, `and all after it cannot be read: ${cause.message}`);
  }
  yield* skipped.filter((s) => s.row > skip);
  if (damage) yield badRow(records + 1, `${(damage as DamagedFile).message}: this row and all after it are lost`, "file");
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

function record(header: string[], cells: string[], row: number): FileRow {
  const repaired = cells.length === header.length - 1 ? closeQuote(cells) : null;
  if (repaired) {
    const what = "a quotation mark that was not closed (the cell ended at a line break before a comma)";
    return { row, fields: byName(header, repaired), repaired: what };
  }
  if (cells.length !== header.length) return badRow(row, `has ${cells.length} fields where the header has ${header.length}`);
  return { row, fields: byName(header, cells) };
}

const byName = (header: string[], cells: string[]): Fields =>
  Object.fromEntries(header.map((name, i) => [name, cells[i]]));

/**
 * A record that is one cell short, because a quoted cell which ends with a line break lost its closing quote and ran on
 * into the next one (so does problem 036 of IMO-AnswerBench v2: `…\n,"$Y(x)=…$",Algebra`). Null when it is not that.
 */
function closeQuote(cells: string[]): string[] | null {
  const merged = cells.flatMap((cell, i) => {
    const m = /^([\s\S]*\n),"?([^\n"]*)"$/.exec(cell);
    return m ? [{ i, parts: [m[1] ?? "", m[2] ?? ""] }] : [];
  });
  const [only] = merged;
  return only && merged.length === 1 ? cells.toSpliced(only.i, 1, ...only.parts) : null;
}
