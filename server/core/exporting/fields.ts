/**
 * Typed columns of an export. A row is a plain object by these names; lists and structs stay lists and structs in Parquet
 * (never JSON as text) and in JSON lines.
 */

/** What a cell holds. Text may be given as UTF-8 bytes, so that long answers pass from the database to a file undecoded. */
export type Value =
  | string
  | number
  | boolean
  | bigint
  | null
  | Date
  | Uint8Array
  | Int32Array
  | Float32Array
  | readonly Value[]
  | { readonly [name: string]: Value };

export type Row = Readonly<Record<string, Value>>;

export type LeafType = "text" | "int" | "long" | "float" | "double" | "bool" | "time";

export type FieldType =
  | { kind: LeafType }
  | { kind: "list"; of: FieldType; nullable?: boolean }
  | { kind: "struct"; fields: readonly Field[] };

export interface Field {
  name: string;
  type: FieldType;
  /** A null may stand here. */
  nullable: boolean;
  /** For the dataset card; "" where the name says it. */
  about: string;
}

const leaf =
  (kind: LeafType) =>
  (name: string, about = ""): Field => ({ name, type: { kind }, nullable: false, about });

export const text = leaf("text");
/** 32 bits. */
export const int = leaf("int");
/** 64 bits, given as number or bigint. */
export const long = leaf("long");
/** 32 bits. */
export const float = leaf("float");
export const double = leaf("double");
export const bool = leaf("bool");
/** A point in time, to the millisecond, UTC. */
export const time = leaf("time");

export const list = (name: string, of: FieldType, about = ""): Field => ({
  name,
  type: { kind: "list", of },
  nullable: false,
  about,
});

export const struct = (name: string, fields: readonly Field[], about = ""): Field => ({
  name,
  type: { kind: "struct", fields },
  nullable: false,
  about,
});

export const nullable = (field: Field): Field => ({ ...field, nullable: true });

export const TEXT: FieldType = { kind: "text" };
export const INT: FieldType = { kind: "int" };
export const structOf = (...fields: Field[]): FieldType => ({ kind: "struct", fields });

/** The type in words, for the dataset card: "list of {role: text, content: text}". */
export function typeInWords(type: FieldType): string {
  if (type.kind === "list") return `list of ${typeInWords(type.of)}`;
  if (type.kind === "struct")
    return `{${type.fields.map((f) => `${f.name}: ${typeInWords(f.type)}${f.nullable ? " or null" : ""}`).join(", ")}}`;
  return type.kind;
}
