/** One page's stream, as what feeds it sees it. */
export interface Outlet {
  /** Lines of a server-sent event, ended by an empty one. */
  write(text: string): void;
  /** End the stream. */
  close(): void;
  /** Whether anybody still reads it. */
  isOpen(): boolean;
}

/** What one stream does with news; null: some may have been missed. */
export type Hear<News> = (news: News | null) => void;

/**
 * Server-sent events of one web process: ONE listener on the database for any number of open pages. It starts with the first
 * page and stays. Streams are closed on SIGTERM and SIGINT: with one open, `next start` was still up 20 s after the signal; closed,
 * it is gone in 0.1 s.
 */
export class EventStreams<News> {
  private readonly streams = new Set<{ hear: Hear<News>; close: () => void }>();
  private listener: { close(): Promise<void> } | undefined;
  private closed = false;

  /** @param watch follows the news; null: some may have been missed. */
  constructor(private readonly watch: (hear: Hear<News>) => { close(): Promise<void> }) {}

  /**
   * An open stream, which first hears null.
   *
   * @param follow made once for it: what it does with news.
   * @returns null when the server is ending. A browser asks again on a connection that it kept, which a server that no
   * longer listens still serves: one stream opened then kept `next start` up for good.
   */
  stream(signal: AbortSignal, follow: (out: Outlet) => Hear<News>): ReadableStream<Uint8Array> | null {
    if (this.closed) return null;
    this.start();
    const encoder = new TextEncoder();
    let stop = () => {};
    return new ReadableStream({
      start: (controller) => {
        const write = (text: string) => controller.enqueue(encoder.encode(text));
        // Proxies and laptops that sleep drop silent connections; a comment every 15 s keeps them honest.
        const beat = setInterval(() => write(": beat\n\n"), 15_000);
        const close = () => {
          if (!this.streams.delete(entry)) return;
          clearInterval(beat);
          try {
            controller.close();
          } catch {
            // The page went away first.
          }
        };
        const entry: { hear: Hear<News>; close: () => void } = { hear: follow({ write, close, isOpen: () => this.streams.has(entry) }), close };
        this.streams.add(entry);
        stop = close;
        signal.addEventListener("abort", close, { once: true });
        write("retry: 1000\n\n");
        entry.hear(null);
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
    const { listener } = this;
    this.listener = undefined;
    await listener?.close();
  }

  private start(): void {
    if (this.listener !== undefined) return;
    this.listener = this.watch((news) => {
      for (const stream of this.streams) stream.hear(news);
    });
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void this.close());
  }
}

/** What a route answers with a stream; null: the server is ending. */
export function eventResponse(stream: ReadableStream<Uint8Array> | null): Response {
  if (stream === null)
    return new Response("The server is ending.\n", { status: 503, headers: { connection: "close" } });
  return new Response(stream, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      // nginx and its like hold streams back unless told not to.
      "x-accel-buffering": "no",
      // Without it the connection outlives the stream, and an ending server waits for the browser to let go of it.
      connection: "close",
    },
  });
}
