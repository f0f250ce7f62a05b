/** Which characters of a text each of its tokens covers. Pure. */

/**
 * The text of each token, such that all of them together are the text. Servers and tokenizers name tokens in three ways:
 * by the byte alphabet of GPT-2 ("\u0120the"), with "\u2581" for spaces, or as decoded text, where a token that holds
 * only part of a character reads U+FFFD. A character belongs to the token that completes it.
 *
 * @returns null when the names cannot be laid over the text.
 */
export function piecesOf(names: readonly string[], text: string): string[] | null {
  return fromBytes(names, text) ?? fromText(names.map((n) => n.replaceAll("\u2581", " ")), text) ?? fromText(names, text);
}

function fromBytes(names: readonly string[], text: string): string[] | null {
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  for (const name of names) {
    const bytes = bytesOf(name);
    if (bytes === null) return null;
    pieces.push(decoder.decode(bytes, { stream: true }));
  }
  return pieces.join("") === text ? pieces : null;
}

/** GPT-2's alphabet: printable bytes stand for themselves, the others for characters from U+0100 on. */
const BYTE_OF = new Map<string, number>();
for (let byte = 0, other = 0; byte < 256; byte++) {
  const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
  BYTE_OF.set(String.fromCodePoint(printable ? byte : 256 + other++), byte);
}

function bytesOf(name: string): Uint8Array | null {
  const bytes = new Uint8Array(name.length);
  for (let i = 0; i < name.length; i++) {
    const byte = BYTE_OF.get(name.charAt(i));
    if (byte === undefined) return null;
    bytes[i] = byte;
  }
  return bytes;
}

function fromText(names: readonly string[], text: string): string[] | null {
  const pieces = names.map(() => "");
  let at = 0;
  let unknown: number[] = [];
  // Tokens whose text is not known share what stands between their neighbours.
  const share = (gap: string): boolean => {
    if (gap === "") return true;
    const characters = [...gap];
    if (unknown.length === 0) return false;
    characters.forEach((c, j) => {
      const k = unknown[Math.ceil(((j + 1) * unknown.length) / characters.length) - 1];
      if (k !== undefined) pieces[k] += c;
    });
    return true;
  };
  for (const [k, name] of names.entries()) {
    if (name === "" || name.includes("\ufffd")) {
      unknown.push(k);
      continue;
    }
    const found = text.indexOf(name, at);
    if (found === -1 || found - at > 1 + 4 * unknown.length) return null;
    const gap = text.slice(at, found);
    // Some decoders drop the space before a first word.
    if (!share(gap)) {
      if (gap.trim() !== "") return null;
      pieces[k] = gap;
    }
    pieces[k] += name;
    at = found + name.length;
    unknown = [];
  }
  return share(text.slice(at)) ? pieces : null;
}
