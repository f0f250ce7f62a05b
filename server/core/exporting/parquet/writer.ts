/**
 * A Parquet writer that streams: pages are compressed while later rows are still being read, a row group is written when
 * it is full, and nothing but the group under way is kept. Nested columns are real lists and structs.
 *
 * Own, because it was measured: hyparquet-writer compresses in the caller's thread (1.1 to 1.3 s for 20,000 answers of 8 kB
 * with ZSTD, 2.4 s with its own SNAPPY, where this takes 0.6 to 0.9 s), and takes no text as the bytes that the database sends.
 * Format: github.com/apache/parquet-format; data pages v1, plain encoding, ZSTD, which pyarrow, datasets, Polars, DuckDB
 * and hyparquet read.
 */
import type { Field, Row, Value } from "../fields";
import type { Leaf } from "./leaf";
import { type Node, plan, schemaElements } from "./schema";
import { ThriftStruct } from "./thrift";

export interface ParquetOptions {
  /** ZSTD frames. May run in another thread. */
  compress(bytes: Uint8Array): Promise<Uint8Array>;
  /** Append to the file. */
  write(bytes: Uint8Array): Promise<void>;
  /** For the footer, e.g. "intervene 0.1.0". */
  createdBy: string;
  /** Uncompressed bytes of a page; a single value may be larger. */
  pageSize?: number;
  /** Uncompressed bytes of a row group. */
  groupSize?: number;
}

interface Page {
  values: number;
  raw: number;
  /** Header and compressed body. */
  done: Promise<Uint8Array[]>;
}

interface Chunk {
  leaf: Leaf;
  values: number;
  raw: number;
  compressed: number;
  offset: number;
}

const ZSTD = 6;
const PLAIN = 0;
const RLE = 3;
const MAGIC = Uint8Array.from([0x50, 0x41, 0x52, 0x31]);
const PAGE = 1 << 20;
const GROUP = 64 << 20;
/** Uncompressed bytes that may wait for compression at once; more and the reader waits. */
const PENDING = 24 << 20;

export class ParquetWriter {
  private readonly nodes: Node[];
  private readonly leaves: Leaf[];
  private readonly pages = new Map<Leaf, Page[]>();
  private readonly groups: { chunks: Chunk[]; rows: number }[] = [];
  private offset = 0;
  private groupRows = 0;
  private groupBytes = 0;
  private rows = 0;
  private pending = 0;
  private readonly waiting: Promise<unknown>[] = [];
  private started = false;

  constructor(
    private readonly fields: readonly Field[],
    private readonly options: ParquetOptions,
  ) {
    const { nodes, leaves } = plan(fields);
    this.nodes = nodes;
    this.leaves = leaves;
    for (const leaf of leaves) this.pages.set(leaf, []);
  }

  /** @throws TypeError for a value that is not of its column's type. */
  async add(rows: Iterable<Row>): Promise<void> {
    const page = this.options.pageSize ?? PAGE;
    const group = this.options.groupSize ?? GROUP;
    for (const row of rows) {
      for (const node of this.nodes) put(node, row[node.name] as Value, 0, 0);
      this.groupRows++;
      let open = 0;
      for (const leaf of this.leaves) {
        if (leaf.size >= page) this.cut(leaf);
        else open += leaf.size;
      }
      if (this.groupBytes + open >= group) await this.endGroup();
      else while (this.pending > PENDING) await this.waiting.shift();
    }
  }

  /** Write what is left and the footer. @returns how many rows the file holds. */
  async finish(): Promise<number> {
    await this.endGroup();
    await this.begin();
    const groups = this.groups.map((g) => rowGroup(g.chunks, g.rows));
    const footer = new ThriftStruct()
      .i32(1, 2)
      .structs(2, schemaElements(this.fields))
      .i64(3, this.rows)
      .structs(4, groups)
      .text(6, this.options.createdBy)
      .end();
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, footer.length, true);
    for (const part of [footer, length, MAGIC]) await this.write(part);
    return this.rows;
  }

  private cut(leaf: Leaf): void {
    const raw = leaf.cut();
    if (raw === null) return;
    const size = raw.bytes.length;
    this.groupBytes += size;
    this.pending += size;
    const done = this.options.compress(raw.bytes).then((body) => {
      this.pending -= size;
      leaf.recycle(raw);
      const data = new ThriftStruct().i32(1, raw.values).i32(2, PLAIN).i32(3, RLE).i32(4, RLE);
      return [new ThriftStruct().i32(1, 0).i32(2, size).i32(3, body.length).struct(5, data).end(), body];
    });
    // Whoever waits for the page hears of a failure; until then it must not count as unhandled.
    done.catch(() => {});
    this.waiting.push(done);
    this.pages.get(leaf)?.push({ values: raw.values, raw: size, done });
  }

  private async endGroup(): Promise<void> {
    if (this.groupRows === 0) return;
    await this.begin();
    for (const leaf of this.leaves) this.cut(leaf);
    const chunks: Chunk[] = [];
    for (const leaf of this.leaves) {
      const chunk: Chunk = { leaf, values: 0, raw: 0, compressed: 0, offset: this.offset };
      for (const page of this.pages.get(leaf) ?? []) {
        const [header, body] = (await page.done) as [Uint8Array, Uint8Array];
        chunk.values += page.values;
        chunk.raw += page.raw + header.length;
        chunk.compressed += header.length + body.length;
        await this.write(header);
        await this.write(body);
      }
      this.pages.set(leaf, []);
      chunks.push(chunk);
    }
    this.groups.push({ chunks, rows: this.groupRows });
    this.rows += this.groupRows;
    this.groupRows = 0;
    this.groupBytes = 0;
    this.waiting.length = 0;
  }

  private async begin(): Promise<void> {
    if (this.started) return;
    this.started = true;
    await this.write(MAGIC);
  }

  private async write(bytes: Uint8Array): Promise<void> {
    this.offset += bytes.length;
    await this.options.write(bytes);
  }
}

/** Dremel's striping: the value's leaves with their levels. */
function put(node: Node, value: Value, rep: number, def: number): void {
  if (value === null || value === undefined) {
    if (!node.nullable) throw new TypeError(`column ${node.name} has no value`);
    return none(node, rep, def);
  }
  const { shape } = node;
  if (shape.kind === "leaf") return shape.leaf.add(value, rep);
  if (shape.kind === "struct") {
    const object = value as Row;
    for (const field of shape.fields) put(field, object[field.name] as Value, rep, node.def);
    return;
  }
  const items = value as ArrayLike<Value>;
  if (typeof items.length !== "number") throw new TypeError(`column ${node.name} takes a list`);
  if (items.length === 0) return none(shape.element, rep, node.def);
  const { element } = shape;
  if (element.shape.kind === "leaf" && !Array.isArray(items)) {
    return element.shape.leaf.addNumbers(items as ArrayLike<number>, rep, shape.rep);
  }
  for (let i = 0; i < items.length; i++) put(element, items[i] as Value, i === 0 ? rep : shape.rep, shape.defItem);
}

function none(node: Node, rep: number, def: number): void {
  const { shape } = node;
  if (shape.kind === "leaf") shape.leaf.absent(rep, def);
  else if (shape.kind === "struct") for (const field of shape.fields) none(field, rep, def);
  else none(shape.element, rep, def);
}

function rowGroup(chunks: readonly Chunk[], rows: number): ThriftStruct {
  const columns = chunks.map(({ leaf, values, raw, compressed, offset }) => {
    const meta = new ThriftStruct()
      .i32(1, leaf.physical)
      .i32s(2, [PLAIN, RLE])
      .texts(3, leaf.path)
      .i32(4, ZSTD)
      .i64(5, values)
      .i64(6, raw)
      .i64(7, compressed)
      .i64(9, offset);
    return new ThriftStruct().i64(2, offset).struct(3, meta);
  });
  const sum = (of: (c: Chunk) => number) => chunks.reduce((total, c) => total + of(c), 0);
  const group = new ThriftStruct().structs(1, columns).i64(2, sum((c) => c.raw)).i64(3, rows);
  return group.i64(5, chunks[0]?.offset ?? 0).i64(6, sum((c) => c.compressed));
}
