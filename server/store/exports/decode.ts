/**
 * PostgreSQL's binary values (COPY … (FORMAT binary)) as the values of an export. Which decoder a column takes follows
 * from its field: lists of numbers and texts are arrays in the database, other lists and structs are json.
 */
import type { Field, FieldType, Value } from "../../core/exporting/fields";

export type Decoder = (bytes: Buffer, from: number, to: number) => Value;

/** PostgreSQL counts microseconds from 2000-01-01 (UTC). */
const EPOCH = Date.UTC(2000, 0, 1);

/** Shorter texts are decoded even where bytes are wanted: a view costs more than a short string. */
const WORTH_A_VIEW = 200;

/** @param raw leave long texts of the top level as UTF-8 bytes (views on the message, good until the next batch). */
export function decoderOf(type: FieldType, raw: boolean): Decoder {
  switch (type.kind) {
    case "text":
      return raw
        ? (b, from, to) => (to - from < WORTH_A_VIEW ? b.toString("utf8", from, to) : b.subarray(from, to))
        : (b, from, to) => b.toString("utf8", from, to);
    case "int":
      return (b, from) => b.readInt32BE(from);
    case "long":
      return (b, from) => b.readBigInt64BE(from);
    case "float":
      return (b, from) => b.readFloatBE(from);
    case "double":
      return (b, from) => b.readDoubleBE(from);
    case "bool":
      return (b, from) => b[from] === 1;
    case "time":
      return (b, from) => new Date(EPOCH + Number(b.readBigInt64BE(from) / 1000n));
    case "list":
      if (isArray(type.of)) return arrayDecoder(type.of.kind);
      break;
    case "struct":
  }
  return (b, from, to) => revive(type, JSON.parse(b.toString("utf8", from, to)) as unknown);
}

/** The SQL type that {@link decoderOf} expects. */
export function sqlType(type: FieldType): string {
  switch (type.kind) {
    case "text":
      return "text";
    case "int":
      return "int4";
    case "long":
      return "int8";
    case "float":
      return "float4";
    case "double":
      return "float8";
    case "bool":
      return "bool";
    case "time":
      return "timestamptz";
    case "list":
      return isArray(type.of) ? `${sqlType(type.of)}[]` : "json";
    case "struct":
      return "json";
  }
}

const isArray = (of: FieldType): of is { kind: "int" | "float" | "text" } =>
  of.kind === "int" || of.kind === "float" || of.kind === "text";

/** One-dimensional arrays: dimensions, null flag, element type, length, lower bound, then sized elements. */
function arrayDecoder(kind: "int" | "float" | "text"): Decoder {
  return (b, from) => {
    const length = b.readInt32BE(from) === 0 ? 0 : b.readInt32BE(from + 12);
    let at = from + 20;
    if (kind === "text") {
      const texts: string[] = [];
      for (let i = 0; i < length; i++) {
        const size = b.readInt32BE(at);
        texts.push(b.toString("utf8", at + 4, at + 4 + size));
        at += 4 + size;
      }
      return texts;
    }
    const numbers = kind === "int" ? new Int32Array(length) : new Float32Array(length);
    for (let i = 0; i < length; i++, at += 8) numbers[i] = kind === "int" ? b.readInt32BE(at + 4) : b.readFloatBE(at + 4);
    return numbers;
  };
}

/** A json value as its type says: times become dates, members that are not there null. */
function revive(type: FieldType, value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (type.kind === "time") return new Date(String(value));
  if (type.kind === "list") return (value as unknown[]).map((v) => revive(type.of, v));
  if (type.kind === "struct") {
    const object = value as Record<string, unknown>;
    return Object.fromEntries(type.fields.map((f: Field) => [f.name, revive(f.type, object[f.name])]));
  }
  return value as Value;
}
