/**
 * The rows of one JSON document, of any size in constant memory: the members of a list (`[{…}, {…}]`), the members of
 * the first list of objects inside of an object (`{"eval": …, "samples": [{…}]}`; the object's own small fields before the
 * list are added to every row that has none of that name), or objects that merely follow each other.
 *
 * The document is not parsed as a whole: brackets and quotes are counted to find where a row begins and ends, and each row
 * is parsed by itself, so that a bad one costs itself alone and JSON.parse's speed is kept.
 */
import type { Fields } from "../../core/importing/record";
import { DamagedFile } from "./bytes";
import { parseRow } from "./json-value";
import { badRow, type FileRow, MAX_ROW_BYTES, TOO_LONG } from "./row";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const COLON = 0x3a;
const COMMA = 0x2c;
/** The most that is kept of what stands around the list. Bytes. */
const MAX_AROUND = 256 * 1024;

/** The list of an object is over: another list beside it holds no rows. */
const ENDED = -2;

const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** Bytes of one piece of the document, gathered over the pieces it spans. */
class Gather {
  private parts: Buffer[] = [];
  size = 0;
  constructor(private readonly limit: number) {}
  add(part: Buffer): void {
    this.size += part.length;
    if (this.size > this.limit) this.parts = [];
    else if (part.length > 0) this.parts.push(part);
  }
  /** Null when it was too long. */
  take(): Buffer | null {
    const bytes = this.size > this.limit ? null : Buffer.concat(this.parts);
    this.parts = [];
    this.size = 0;
    return bytes;
  }
}

export async function* jsonDocument(pieces: AsyncIterable<Buffer>, skip = 0): AsyncGenerator<FileRow> {
  let row = 0;
  let depth = 0;
  let inString = false;
  let escaped = false;
  /** Depth at which rows begin: 0 for objects that follow each other, 1 in a list, 2 in a list of an object. */
  let rowDepth = -1;
  let inRow = false;
  /** Inside of the outer object, before its list: the object so far, and where its last complete field ended. */
  const around = new Gather(MAX_ROW_BYTES);
  let lastComma: number | null = null;
  let outer: Fields = {};
  let inOuter = false;
  let maybeList = false;
  const gather = new Gather(MAX_ROW_BYTES);

  const read = (bytes: Buffer | null): FileRow | null => {
    row += 1;
    if (row <= skip) return null;
    if (!bytes) return badRow(row, TOO_LONG);
    const parsed = parseRow(bytes);
    if (!("fields" in parsed)) return { row, bad: { field: "row", ...parsed } };
    return { row, ...parsed, fields: rowDepth === 2 ? { ...outer, ...parsed.fields } : parsed.fields };
  };

  try {
    for await (const given of pieces) {
      const piece = row === 0 && depth === 0 && given.subarray(0, 3).equals(BOM) ? given.subarray(3) : given;
      let from = 0;
      for (let i = 0; i < piece.length; i++) {
        const byte = piece[i] as number;
        if (inString) {
          if (escaped) escaped = false;
          else if (byte === BACKSLASH) escaped = true;
          else if (byte === QUOTE) inString = false;
          continue;
        }
        if (isSpace(byte)) continue;
        if (maybeList) {
          maybeList = false;
          if (byte === OPEN_OBJECT) {
            // The list: what stands before its field in the outer object is kept.
            around.add(piece.subarray(from, i));
            outer = outerFields(around.take(), lastComma);
            inOuter = false;
            rowDepth = 2;
          }
        }
        if (byte === QUOTE) {
          inString = true;
          if (!inRow && !inOuter && depth === rowDepth) {
            inRow = true;
            from = i;
          }
          continue;
        }
        if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
          if (depth === 0 && !inRow && (rowDepth === -1 || rowDepth === 0 || rowDepth === ENDED)) {
            if (byte === OPEN_LIST) rowDepth = 1;
            else {
              inOuter = true;
              rowDepth = -1;
              lastComma = null;
              from = i;
            }
          } else if (inOuter && depth === 1 && byte === OPEN_LIST) maybeList = true;
          else if (!inRow && !inOuter && depth === rowDepth) {
            inRow = true;
            from = i;
          }
          depth += 1;
        } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
          if (inRow && depth === rowDepth) {
            // A bare value ends with its list.
            gather.add(piece.subarray(from, i));
            inRow = false;
            const out = read(gather.take());
            if (out) yield out;
          }
          depth = Math.max(0, depth - 1);
          if (rowDepth === 2 && depth === 1) rowDepth = ENDED;
          if (inRow && depth === rowDepth) {
            gather.add(piece.subarray(from, i + 1));
            inRow = false;
            const out = read(gather.take());
            if (out) yield out;
          } else if (inOuter && depth === 0) {
            // An object without a list of objects is a row itself.
            around.add(piece.subarray(from, i + 1));
            inOuter = false;
            rowDepth = 0;
            const out = read(around.take());
            if (out) yield out;
          }
        } else if (byte === COMMA) {
          if (inOuter && depth === 1) lastComma = around.size + (i - from);
          else if (inRow && depth === rowDepth) {
            gather.add(piece.subarray(from, i));
            inRow = false;
            const out = read(gather.take());
            if (out) yield out;
          }
        } else if (!inRow && !inOuter && depth === rowDepth && depth > 0 && byte !== COLON) {
          // A member that is no object: a row that cannot be used.
          inRow = true;
          from = i;
        }
      }
      if (inRow) gather.add(piece.subarray(from));
      else if (inOuter) around.add(piece.subarray(from));
    }
  } catch (error) {
    if (!(error instanceof DamagedFile)) throw error;
    yield badRow(row + 1, `${error.message}: this row and all after it are lost`, "file");
    return;
  }
  if (depth > 0 || inRow) {
    yield badRow(row + 1, inRow ? "is cut off: the file ends inside of it, or a quotation mark or bracket before it is not closed" : "is missing: the list of the file is not closed", "row");
  }
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** The outer object's fields before its list; those of a huge or broken one are left out. */
function outerFields(bytes: Buffer | null, lastComma: number | null): Fields {
  if (!bytes || lastComma === null || lastComma > MAX_AROUND) return {};
  const parsed = parseRow(Buffer.concat([bytes.subarray(0, lastComma), Buffer.from("}")]));
  return "fields" in parsed ? parsed.fields : {};
}
