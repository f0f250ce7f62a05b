/** Bytes that grow: amortised appends into one buffer. */
export class Bytes {
  private buffer: Uint8Array;
  private view: DataView;
  length = 0;
  private readonly spare: Uint8Array[] = [];

  constructor(capacity = 256) {
    this.buffer = new Uint8Array(capacity);
    this.view = new DataView(this.buffer.buffer);
  }

  private room(more: number): void {
    const needed = this.length + more;
    if (needed <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, this.buffer.length * 2));
    grown.set(this.buffer.subarray(0, this.length));
    this.buffer = grown;
    this.view = new DataView(grown.buffer);
  }

  u8(value: number): void {
    this.room(1);
    this.buffer[this.length++] = value;
  }

  i32(value: number): void {
    this.room(4);
    this.view.setInt32(this.length, value, true);
    this.length += 4;
  }

  i64(value: bigint): void {
    this.room(8);
    this.view.setBigInt64(this.length, value, true);
    this.length += 8;
  }

  f32(value: number): void {
    this.room(4);
    this.view.setFloat32(this.length, value, true);
    this.length += 4;
  }

  f64(value: number): void {
    this.room(8);
    this.view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  append(bytes: Uint8Array): void {
    this.room(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** A text as UTF-8 behind its length in 4 bytes; a lone surrogate becomes U+FFFD. */
  sizedText(text: string): void {
    // UTF-8 takes at most 3 bytes for one UTF-16 unit; the room is not kept when the text is short.
    this.room(4 + text.length * 3);
    const { written } = encoder.encodeInto(text, this.buffer.subarray(this.length + 4));
    this.view.setInt32(this.length, written, true);
    this.length += 4 + written;
  }

  varint(value: number): void {
    let left = value;
    while (left > 0x7f) {
      this.u8((left & 0x7f) | 0x80);
      left >>>= 7;
    }
    this.u8(left);
  }

  /** What was appended, as a view; the next bytes go into another buffer, one that was {@link give}n back if there is one. */
  take(): Uint8Array {
    const taken = this.buffer.subarray(0, this.length);
    // The next page is like this one; but one huge value does not make all later buffers huge.
    this.buffer = this.spare.pop() ?? new Uint8Array(Math.min(this.buffer.length, KEPT));
    this.view = new DataView(this.buffer.buffer);
    this.length = 0;
    return taken;
  }

  /** A view that {@link take} gave and that nobody needs any more: its buffer is used again. */
  give(taken: Uint8Array): void {
    if (taken.buffer.byteLength <= KEPT && this.spare.length < SPARE) this.spare.push(new Uint8Array(taken.buffer as ArrayBuffer));
  }
}

/** Capacity that a fresh buffer starts with at most. */
const KEPT = 2 << 20;
/** Buffers kept for later pages: as many as are compressed at once. */
const SPARE = 8;

const encoder = new TextEncoder();
