/** Bodies that are held in memory: JSON, and JSON lines. */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import type { z } from "zod";
import { Refusal, refusalOf } from "./problem";
import type { BodySpec, RawCall } from "./route";

export const JSON_TYPE = "application/json";
export const LINES_TYPE = "application/x-ndjson";

/** A body of one JSON document that fits a schema. */
export function jsonBody<S extends z.ZodType>(schema: S, description?: string): BodySpec<z.output<S>> {
  return {
    media: { [JSON_TYPE]: schema },
    ...(description === undefined ? {} : { description }),
    async receive(call) {
      mediaType(call.request, [JSON_TYPE]);
      const { text, digest } = await readText(call);
      const parsed = schema.safeParse(parseJson(text));
      if (!parsed.success) throw refusalOf(parsed.error, "body");
      return { value: parsed.data, digest, discard: async () => {} };
    },
  };
}

/** The media type of a request's body. @throws Refusal for one that is not taken. */
export function mediaType(request: Request, taken: readonly string[]): string {
  const given = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (taken.includes(given)) return given;
  const what = given === "" ? "a body without a Content-Type" : given;
  throw new Refusal("unsupported-media-type", `This takes ${taken.join(" or ")}, not ${what}.`);
}

/** The whole body as text. @throws Refusal when it is larger than the limit, or not UTF-8. */
export async function readText({ request, program }: RawCall): Promise<{ text: string; digest: string }> {
  const limit = program.maxBody;
  const tooLarge = () =>
    new Refusal("too-large", `The body is larger than ${Math.floor(limit / 1024 / 1024)} MiB: send it in several parts, or upload it as a file to /imports.`);
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge();
  const hash = createHash("sha256");
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytesOf(request)) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge();
    hash.update(chunk);
    chunks.push(chunk);
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
    return { text, digest: hash.digest("hex") };
  } catch {
    throw new Refusal("bad-request", "The body is not UTF-8.");
  }
}

/** JSON.parse; U+0000, which models do write and PostgreSQL cannot hold, becomes U+FFFD. @throws SyntaxError */
export function parseValue(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) => (typeof value === "string" ? value.replaceAll("\0", "\uFFFD") : value));
}

/** @throws Refusal that says where it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return parseValue(text);
  } catch (error) {
    throw new Refusal("bad-request", `The body is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** The body's chunks. A web stream is async-iterable in Node; the DOM's types do not say so. */
export function bytesOf(request: Request): Readable {
  return Readable.fromWeb((request.body ?? new ReadableStream({ start: (c) => c.close() })) as NodeReadableStream<Uint8Array>);
}
