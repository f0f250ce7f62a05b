import type { FileOut } from "../../usecases/programs/imports";

/** A file as an answer: streamed, under its own name, never shown as a page. */
export function downloadAnswer(file: FileOut, contentType: string): Response {
  const plain = file.name.replace(/[^\x20-\x7e]|["\\]/g, "_");
  return new Response(file.stream, {
    headers: {
      "content-type": contentType,
      "content-length": String(file.bytes),
      "content-disposition": `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    },
  });
}
