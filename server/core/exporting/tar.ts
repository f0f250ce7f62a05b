/** The tar format (POSIX ustar, as pax(1) describes it): what one file needs before and after its bytes. */

const BLOCK = 512;
const encoder = new TextEncoder();

/** The header of a regular file. @throws RangeError for a name over 100 bytes: exports have none. */
export function tarHeader(name: string, size: number, changed: Date): Uint8Array {
  const header = new Uint8Array(BLOCK);
  const put = (text: string, at: number, length: number) => {
    const bytes = encoder.encode(text);
    if (bytes.length > length) throw new RangeError(`${text} does not fit into a tar header`);
    header.set(bytes, at);
  };
  const octal = (value: number, at: number, length: number) => put(value.toString(8).padStart(length - 1, "0"), at, length);
  put(name, 0, 100);
  octal(0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  // 8 GiB and more do not fit in octal: base 256 with the highest bit set, as GNU and BSD tar read it.
  if (size < 8 ** 11) octal(size, 124, 12);
  else {
    new DataView(header.buffer).setBigUint64(128, BigInt(size));
    header[124] = 0x80;
  }
  octal(Math.floor(changed.getTime() / 1000), 136, 12);
  put("        ", 148, 8);
  put("0", 156, 1);
  put("ustar", 257, 6);
  put("00", 263, 2);
  let sum = 0;
  for (const byte of header) sum += byte;
  put(`${sum.toString(8).padStart(6, "0")}\0 `, 148, 8);
  return header;
}

/** Zeros after a file of this size, up to the next block. */
export const tarPadding = (size: number): Uint8Array => new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);

/** Two empty blocks end an archive. */
export const TAR_END = new Uint8Array(2 * BLOCK);

/** Bytes of a whole archive of files of these sizes. */
export function tarSize(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + BLOCK + size + tarPadding(size).length, TAR_END.length);
}
