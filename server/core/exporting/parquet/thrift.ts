/**
 * Thrift's compact protocol, as far as Parquet's headers need it
 * (github.com/apache/thrift, doc/specs/thrift-compact-protocol.md).
 */

const I32 = 5;
const I64 = 6;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

const encoder = new TextEncoder();

/** One struct under way: fields must be written in rising order of their ids. */
export class ThriftStruct {
  private bytes: number[] = [];
  private last = 0;

  private header(id: number, type: number): void {
    const delta = id - this.last;
    if (delta > 0 && delta <= 15) this.bytes.push((delta << 4) | type);
    else {
      this.bytes.push(type);
      this.varint(zigzag(BigInt(id)));
    }
    this.last = id;
  }

  private varint(value: bigint): void {
    let left = value;
    while (left > 0x7fn) {
      this.bytes.push(Number(left & 0x7fn) | 0x80);
      left >>= 7n;
    }
    this.bytes.push(Number(left));
  }

  private push(part: ArrayLike<number>): void {
    for (let i = 0; i < part.length; i++) this.bytes.push(part[i] as number);
  }

  bool(id: number, value: boolean): this {
    this.header(id, value ? 1 : 2);
    return this;
  }

  i32(id: number, value: number): this {
    this.header(id, I32);
    this.varint(zigzag(BigInt(value)));
    return this;
  }

  i64(id: number, value: number | bigint): this {
    this.header(id, I64);
    this.varint(zigzag(BigInt(value)));
    return this;
  }

  text(id: number, value: string): this {
    this.header(id, BINARY);
    this.binary(value);
    return this;
  }

  struct(id: number, value: ThriftStruct): this {
    this.header(id, STRUCT);
    this.push(value.end());
    return this;
  }

  structs(id: number, values: readonly ThriftStruct[]): this {
    this.list(id, STRUCT, values.length);
    for (const value of values) this.push(value.end());
    return this;
  }

  i32s(id: number, values: readonly number[]): this {
    this.list(id, I32, values.length);
    for (const value of values) this.varint(zigzag(BigInt(value)));
    return this;
  }

  texts(id: number, values: readonly string[]): this {
    this.list(id, BINARY, values.length);
    for (const value of values) this.binary(value);
    return this;
  }

  /** The struct's bytes with its stop mark. */
  end(): Uint8Array {
    return Uint8Array.from([...this.bytes, 0]);
  }

  private list(id: number, type: number, length: number): void {
    this.header(id, LIST);
    if (length < 15) this.bytes.push((length << 4) | type);
    else {
      this.bytes.push(0xf0 | type);
      this.varint(BigInt(length));
    }
  }

  private binary(value: string): void {
    const bytes = encoder.encode(value);
    this.varint(BigInt(bytes.length));
    this.push(bytes);
  }
}

function zigzag(value: bigint): bigint {
  return value < 0n ? -value * 2n - 1n : value * 2n;
}
