import type { LeafType, Value } from "../fields";
import { Bytes } from "./bytes";
import { bitsFor, hybridRuns } from "./levels";

/** What a finished page holds, before compression. */
export interface RawPage {
  /** Levels and values as they stand in the file, uncompressed. */
  bytes: Uint8Array;
  /** Nulls and empty lists included. */
  values: number;
}

/** One column of primitive values: gathers levels and values until its page is full. */
export class Leaf {
  private values = new Bytes(4096);
  private reps = new Bytes(256);
  private defs = new Bytes(256);
  /** Levels and values put together. */
  private page = new Bytes(0);
  private flags: number[] = [];
  private count = 0;

  constructor(
    readonly type: LeafType,
    /** Parquet's physical type. */
    readonly physical: number,
    readonly path: readonly string[],
    readonly maxRep: number,
    readonly maxDef: number,
  ) {}

  /** Bytes gathered so far. */
  get size(): number {
    return this.values.length + this.reps.length + this.defs.length + this.flags.length;
  }

  /** No value: a null or an empty list somewhere above. */
  absent(rep: number, def: number): void {
    this.level(rep, def);
  }

  add(value: Value, rep: number): void {
    this.level(rep, this.maxDef);
    switch (this.type) {
      case "text":
        if (typeof value === "string") return this.values.sizedText(value);
        if (value instanceof Uint8Array) {
          this.values.i32(value.length);
          return this.values.append(value);
        }
        break;
      case "int":
        if (typeof value === "number" && value === (value | 0)) return this.values.i32(value);
        break;
      case "long":
        if (typeof value === "bigint") return this.values.i64(BigInt.asIntN(64, value));
        if (typeof value === "number" && Number.isSafeInteger(value)) return this.values.i64(BigInt(value));
        break;
      case "time":
        if (value instanceof Date) return this.values.i64(BigInt(value.getTime()));
        break;
      case "float":
        if (typeof value === "number") return this.values.f32(value);
        break;
      case "double":
        if (typeof value === "number") return this.values.f64(value);
        break;
      case "bool":
        if (typeof value === "boolean") {
          this.flags.push(value ? 1 : 0);
          return;
        }
    }
    throw new TypeError(`column ${this.path.join(".")} takes ${this.type}, not ${describe(value)}`);
  }

  /** A whole list of numbers at once: `rep` for the first, the list's own level for the others. */
  addNumbers(numbers: ArrayLike<number>, rep: number, own: number): void {
    for (let i = 0; i < numbers.length; i++) this.add(numbers[i] as number, i === 0 ? rep : own);
  }

  private level(rep: number, def: number): void {
    if (this.maxRep > 0) this.reps.u8(rep);
    if (this.maxDef > 0) this.defs.u8(def);
    this.count++;
  }

  /** The page as data page v1 lays it out: repetition levels, definition levels, plain values. Null when it is empty. */
  cut(): RawPage | null {
    if (this.count === 0) return null;
    const values = this.count;
    this.count = 0;
    if (this.type === "bool") this.packFlags();
    if (this.maxRep === 0 && this.maxDef === 0) return { bytes: this.values.take(), values };
    const { page } = this;
    if (this.maxRep > 0) sized(page, this.reps, bitsFor(this.maxRep));
    if (this.maxDef > 0) sized(page, this.defs, bitsFor(this.maxDef));
    const plain = this.values.take();
    page.append(plain);
    this.values.give(plain);
    return { bytes: page.take(), values };
  }

  /** A page's bytes were compressed: their buffer can be used again. */
  recycle(page: RawPage): void {
    (this.maxRep === 0 && this.maxDef === 0 ? this.values : this.page).give(page.bytes);
  }

  /** Plain booleans: one bit each, least significant first. */
  private packFlags(): void {
    for (let i = 0; i < this.flags.length; i += 8) {
      let byte = 0;
      for (let bit = 0; bit < 8; bit++) byte |= (this.flags[i + bit] ?? 0) << bit;
      this.values.u8(byte);
    }
    this.flags = [];
  }
}

function sized(out: Bytes, levels: Bytes, bits: number): void {
  const runs = new Bytes(64);
  const taken = levels.take();
  hybridRuns(taken, bits, runs);
  levels.give(taken);
  const bytes = runs.take();
  out.i32(bytes.length);
  out.append(bytes);
}

function describe(value: Value): string {
  if (value === null || value === undefined) return "null";
  return typeof value === "object" ? value.constructor.name : `${typeof value} ${String(value).slice(0, 40)}`;
}
