import type { LiveEvent } from "../core/views/live";
import { watchChanges } from "../usecases/pages/live";

type Send = (event: LiveEvent | null) => void;

/**
 * The live events of one web process: ONE listener on the database, any number of open pages.
 *
 * The listener starts with the first page and stays. Streams are closed on SIGTERM and SIGINT: with one open, `next start`
 * was still up 20 s after the signal; closed, it is gone in 0.1 s.
 */
export class LiveHub {
  private readonly streams = new Set<{ send: Send; close: () => void }>();
  private listener: { close(): Promise<void> } | undefined;
  private closed = false;

  constructor(private readonly databaseUrl: string) {}

  /**
   * An open stream of server-sent events. Each message is {@link LiveEvent} JSON; the event "again" tells the page to
   * read everything (the first one says that the stream is up).
   *
   * @param study only this study's events.
   * @returns null when the server is ending. A browser asks again on a connection that it kept, which a server that no
   * longer listens still serves: one stream opened then kept `next start` up for good.
   */
  stream(study: string | null, signal: AbortSignal): ReadableStream<Uint8Array> | null {
    if (this.closed) return null;
    this.start();
    const encoder = new TextEncoder();
    let stop = () => {};
    return new ReadableStream({
      start: (controller) => {
        const write = (text: string) => controller.enqueue(encoder.encode(text));
        // Proxies and laptops that sleep drop silent connections; a comment every 15 s keeps them honest.
        const beat = setInterval(() => write(": beat\n\n"), 15_000);
        const entry = {
          send: (event: LiveEvent | null) => {
            if (event === null) write("event: again\ndata: {}\n\n");
            else if (study === null || event.studyId === study) write(`data: ${JSON.stringify(event)}\n\n`);
          },
          close: () => {
            if (!this.streams.delete(entry)) return;
            clearInterval(beat);
            try {
              controller.close();
            } catch {
              // The page went away first.
            }
          },
        };
        this.streams.add(entry);
        stop = entry.close;
        signal.addEventListener("abort", entry.close, { once: true });
        write("retry: 1000\n\n");
        entry.send(null);
      },
      cancel: () => stop(),
    });
  }

  /** How many pages are open. */
  get open(): number {
    return this.streams.size;
  }

  /** End every stream and the listener, for good. */
  async close(): Promise<void> {
    this.closed = true;
    for (const stream of [...this.streams]) stream.close();
    const listener = this.listener;
    this.listener = undefined;
    await listener?.close();
  }

  private start(): void {
    if (this.listener !== undefined) return;
    this.listener = watchChanges(this.databaseUrl, (event) => {
      for (const stream of this.streams) stream.send(event);
    });
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void this.close());
  }
}
