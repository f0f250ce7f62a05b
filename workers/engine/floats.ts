/** Conversions between the float formats of safetensors and GGUF. Little-endian machines only, as llama.cpp's CPU builds are. */

export type FloatFormat = "F32" | "F16" | "BF16";

const scratchFloat = new Float32Array(1);
const scratchBits = new Uint32Array(scratchFloat.buffer);

/** IEEE half bits → number. */
export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Number → IEEE half bits, rounded to nearest, ties to even; beyond 65504 it becomes infinity. */
export function floatToHalf(value: number): number {
  scratchFloat[0] = value;
  const bits = scratchBits[0] ?? 0;
  const sign = (bits >>> 16) & 0x8000;
  const rest = bits & 0x7fffffff;
  if (rest > 0x7f800000) return sign | 0x7e00; // NaN
  if (rest >= 0x477ff000) return sign | 0x7c00; // rounds to 65536 or more
  if (rest < 0x38800000) {
    // Below the smallest normal half: units of 2^-24, Math.fround has been done by the scratch array.
    const units = Math.abs(scratchFloat[0] ?? 0) * 2 ** 24;
    const floor = Math.floor(units);
    const tail = units - floor;
    return sign | (floor + (tail > 0.5 || (tail === 0.5 && floor % 2 === 1) ? 1 : 0));
  }
  const rounded = rest + 0xfff + ((rest >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}

/** Decode raw little-endian bytes of `format` to float32. */
export function decodeFloats(bytes: Uint8Array, format: FloatFormat): Float32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  if (format === "F32") return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
  const halves = new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 2);
  if (format === "BF16") {
    const bits = new Uint32Array(halves.length);
    for (let i = 0; i < halves.length; i++) bits[i] = (halves[i] ?? 0) << 16;
    return new Float32Array(bits.buffer);
  }
  const floats = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) floats[i] = halfToFloat(halves[i] ?? 0);
  return floats;
}

/** Encode float32 as raw bytes of "f32" or "f16". */
export function encodeFloats(floats: Float32Array, type: "f32" | "f16"): Uint8Array {
  if (type === "f32") return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
  const halves = new Uint16Array(floats.length);
  for (let i = 0; i < floats.length; i++) halves[i] = floatToHalf(floats[i] ?? 0);
  return new Uint8Array(halves.buffer);
}
