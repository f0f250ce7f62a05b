/**
 * The zip format (PKWARE's APPNOTE.TXT 6.3.10): what files stored without compression need around their bytes. Parquet is
 * compressed already, and a stored archive has a size that is known before it is sent. Sizes and checksums stand before the
 * bytes rather than behind them, which every program reads; the fields of ZIP64 are there from 4 GiB on and only then.
 */

export interface ZipFile {
  /** With "/" between folders. */
  name: string;
  size: number;
}

export interface ZipEntry extends ZipFile {
  /** CRC-32 of its bytes. */
  crc: number;
  /** Where its header stands in the archive. */
  offset: number;
  changed: Date;
}

const FULL_32 = 0xffffffff;
const FULL_16 = 0xffff;
const LOCAL = 30;
const CENTRAL = 46;
const END = 22;
const END_64 = 56;
const LOCATOR_64 = 20;
/** Names are UTF-8. */
const UTF8 = 1 << 11;
/** Made on Unix, by version 4.5, which knows ZIP64. */
const MADE_BY = (3 << 8) | 45;
/** A regular file, read by all and written by its owner. */
const MODE = 0o100644;

const encoder = new TextEncoder();
const isLarge = (n: number) => n >= FULL_32;
const nameBytes = (name: string) => encoder.encode(name).length;
const localExtra = (size: number) => (isLarge(size) ? 20 : 0);
const centralExtra = (size: number, offset: number) => {
  const fields = (isLarge(size) ? 2 : 0) + (isLarge(offset) ? 1 : 0);
  return fields === 0 ? 0 : 4 + fields * 8;
};

/** Bytes written one behind the other, little-endian. */
class Out {
  readonly bytes: Uint8Array;
  private readonly view: DataView;
  private at = 0;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.view = new DataView(this.bytes.buffer);
  }

  u16(...values: number[]): this {
    for (const value of values) {
      this.view.setUint16(this.at, value, true);
      this.at += 2;
    }
    return this;
  }

  u32(...values: number[]): this {
    for (const value of values) {
      this.view.setUint32(this.at, value, true);
      this.at += 4;
    }
    return this;
  }

  u64(...values: number[]): this {
    for (const value of values) {
      this.view.setBigUint64(this.at, BigInt(value), true);
      this.at += 8;
    }
    return this;
  }

  text(text: string): this {
    const bytes = encoder.encode(text);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
    return this;
  }
}

/** Date and time of MS-DOS: local, to two seconds, from 1980 on. */
function dosTime(at: Date): [time: number, date: number] {
  const year = Math.max(at.getFullYear() - 1980, 0);
  const time = (at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1);
  return [time, (year << 9) | ((at.getMonth() + 1) << 5) | at.getDate()];
}

const needs = (size: number, offset = 0) => (isLarge(size) || isLarge(offset) ? 45 : 20);

/** What stands before a file's bytes. */
export function zipHeader({ name, size, crc, changed }: Omit<ZipEntry, "offset">): Uint8Array {
  const extra = localExtra(size);
  const short = isLarge(size) ? FULL_32 : size;
  const out = new Out(LOCAL + nameBytes(name) + extra);
  out.u32(0x04034b50).u16(needs(size), UTF8, 0, ...dosTime(changed));
  out.u32(crc, short, short).u16(nameBytes(name), extra).text(name);
  if (extra > 0) out.u16(1, 16).u64(size, size);
  return out.bytes;
}

/** What ends an archive: the list of its files. @param at where it stands: how many bytes come before it. */
export function zipDirectory(entries: readonly ZipEntry[], at: number): Uint8Array {
  const length = directoryLength(entries);
  const large = isLargeDirectory(entries.length, length, at);
  const out = new Out(length + (large ? END_64 + LOCATOR_64 : 0) + END);
  for (const { name, size, crc, offset, changed } of entries) {
    const extra = centralExtra(size, offset);
    const short = isLarge(size) ? FULL_32 : size;
    out.u32(0x02014b50).u16(MADE_BY, needs(size, offset), UTF8, 0, ...dosTime(changed));
    out.u32(crc, short, short).u16(nameBytes(name), extra, 0, 0, 0);
    out.u32((MODE << 16) >>> 0, isLarge(offset) ? FULL_32 : offset).text(name);
    if (extra === 0) continue;
    out.u16(1, extra - 4);
    if (isLarge(size)) out.u64(size, size);
    if (isLarge(offset)) out.u64(offset);
  }
  const n = entries.length;
  if (large) {
    out.u32(0x06064b50).u64(END_64 - 12).u16(MADE_BY, 45).u32(0, 0).u64(n, n, length, at);
    out.u32(0x07064b50, 0).u64(at + length).u32(1);
  }
  const short = Math.min(n, FULL_16);
  out.u32(0x06054b50).u16(0, 0, short, short).u32(Math.min(length, FULL_32), Math.min(at, FULL_32)).u16(0);
  return out.bytes;
}

const directoryLength = (entries: readonly { name: string; size: number; offset: number }[]) =>
  entries.reduce((sum, e) => sum + CENTRAL + nameBytes(e.name) + centralExtra(e.size, e.offset), 0);

const isLargeDirectory = (n: number, length: number, at: number) => n >= FULL_16 || isLarge(length) || isLarge(at);

/** Bytes of a whole archive of these files, and where each one's header stands in it. */
export function zipLayout(files: readonly ZipFile[]): { size: number; offsets: number[]; directoryAt: number } {
  let at = 0;
  const offsets = files.map(({ name, size }) => {
    const offset = at;
    at += LOCAL + nameBytes(name) + localExtra(size) + size;
    return offset;
  });
  const length = directoryLength(files.map((f, i) => ({ ...f, offset: offsets[i] ?? 0 })));
  const large = isLargeDirectory(files.length, length, at);
  return { size: at + length + (large ? END_64 + LOCATOR_64 : 0) + END, offsets, directoryAt: at };
}
