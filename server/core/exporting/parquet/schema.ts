import type { Field, FieldType, LeafType } from "../fields";
import { Leaf } from "./leaf";
import { ThriftStruct } from "./thrift";

/** A field with what writing it takes: levels, and the leaves under it. */
export interface Node {
  name: string;
  nullable: boolean;
  /** Highest definition level when the value is there. */
  def: number;
  shape:
    | { kind: "leaf"; type: LeafType; leaf: Leaf }
    | { kind: "struct"; fields: readonly Node[] }
    /** `rep` is the level of its second and later elements; `defItem` says that there is an element. */
    | { kind: "list"; rep: number; defItem: number; element: Node };
}

/** Physical types, converted types (parquet-format, parquet.thrift). */
const PHYSICAL: Record<LeafType, number> = { bool: 0, int: 1, long: 2, time: 2, float: 4, double: 5, text: 6 };
const UTF8 = 0;
const LIST = 3;
const TIMESTAMP_MILLIS = 9;
const REQUIRED = 0;
const OPTIONAL = 1;
const REPEATED = 2;

/** The tree of a schema and its leaves in the order of the columns. */
export function plan(fields: readonly Field[]): { nodes: Node[]; leaves: Leaf[] } {
  const leaves: Leaf[] = [];
  const node = (name: string, type: FieldType, nullable: boolean, path: string[], rep: number, above: number): Node => {
    const def = above + (nullable ? 1 : 0);
    const here = [...path, name];
    if (type.kind === "list") {
      // The three levels of parquet-format, LogicalTypes.md, "Lists".
      const element = node("element", type.of, type.nullable ?? false, [...here, "list"], rep + 1, def + 1);
      return { name, nullable, def, shape: { kind: "list", rep: rep + 1, defItem: def + 1, element } };
    }
    if (type.kind === "struct") {
      const inner = type.fields.map((f) => node(f.name, f.type, f.nullable, here, rep, def));
      return { name, nullable, def, shape: { kind: "struct", fields: inner } };
    }
    const leaf = new Leaf(type.kind, PHYSICAL[type.kind], here, rep, def);
    leaves.push(leaf);
    return { name, nullable, def, shape: { kind: "leaf", type: type.kind, leaf } };
  };
  return { nodes: fields.map((f) => node(f.name, f.type, f.nullable, [], 0, 0)), leaves };
}

/** The schema as the footer lists it: depth first, the root before all. */
export function schemaElements(fields: readonly Field[]): ThriftStruct[] {
  const out = [new ThriftStruct().text(4, "schema").i32(5, fields.length)];
  const add = (name: string, type: FieldType, repetition: number): void => {
    const element = new ThriftStruct();
    if (type.kind === "list") {
      const logical = new ThriftStruct().struct(3, new ThriftStruct());
      out.push(element.i32(3, repetition).text(4, name).i32(5, 1).i32(6, LIST).struct(10, logical));
      out.push(new ThriftStruct().i32(3, REPEATED).text(4, "list").i32(5, 1));
      add("element", type.of, type.nullable ? OPTIONAL : REQUIRED);
    } else if (type.kind === "struct") {
      out.push(element.i32(3, repetition).text(4, name).i32(5, type.fields.length));
      for (const f of type.fields) add(f.name, f.type, f.nullable ? OPTIONAL : REQUIRED);
    } else {
      element.i32(1, PHYSICAL[type.kind]).i32(3, repetition).text(4, name);
      if (type.kind === "text") element.i32(6, UTF8).struct(10, new ThriftStruct().struct(1, new ThriftStruct()));
      if (type.kind === "time") {
        const millis = new ThriftStruct().struct(1, new ThriftStruct());
        const timestamp = new ThriftStruct().bool(1, true).struct(2, millis);
        element.i32(6, TIMESTAMP_MILLIS).struct(10, new ThriftStruct().struct(8, timestamp));
      }
      out.push(element);
    }
  };
  for (const f of fields) add(f.name, f.type, f.nullable ? OPTIONAL : REQUIRED);
  return out;
}
