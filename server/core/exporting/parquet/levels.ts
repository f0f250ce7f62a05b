import type { Bytes } from "./bytes";

/** Runs shorter than this are packed bit by bit: in groups of eight, a run costs two bytes and more. */
const WORTH_A_RUN = 16;

/**
 * Definition or repetition levels (or booleans) in Parquet's hybrid of run-length and bit-packed runs
 * (parquet-format, Encodings.md, "RLE = 3"), without the length before it.
 *
 * @param levels one level a byte; `bits` wide each (at most 8).
 */
export function hybridRuns(levels: Uint8Array, bits: number, out: Bytes): void {
  const n = levels.length;
  let at = 0;
  while (at < n) {
    const run = runAt(levels, at);
    if (run >= WORTH_A_RUN || at + run === n) {
      out.varint(run * 2);
      out.u8(levels[at] as number);
      at += run;
      continue;
    }
    // Literal values up to the next run that pays, in whole groups of eight (only the last may be filled up).
    let end = at;
    while (end < n) {
      const next = runAt(levels, end);
      if (next >= WORTH_A_RUN + 7) break;
      end += next;
    }
    const groups = Math.ceil((end - at) / 8);
    end = Math.min(n, at + groups * 8);
    out.varint(groups * 2 + 1);
    pack(levels, at, groups * 8, bits, out);
    at = end;
  }
}

function runAt(levels: Uint8Array, from: number): number {
  const value = levels[from];
  let end = from + 1;
  while (end < levels.length && levels[end] === value) end++;
  return end - from;
}

/** Least significant bit first; past the end stand zeros. */
function pack(levels: Uint8Array, from: number, count: number, bits: number, out: Bytes): void {
  let held = 0;
  let holds = 0;
  for (let i = from; i < from + count; i++) {
    held |= (levels[i] ?? 0) << holds;
    holds += bits;
    while (holds >= 8) {
      out.u8(held & 0xff);
      held >>>= 8;
      holds -= 8;
    }
  }
}

/** Bits that hold levels up to `max`. */
export function bitsFor(max: number): number {
  return max === 0 ? 0 : 32 - Math.clz32(max);
}
