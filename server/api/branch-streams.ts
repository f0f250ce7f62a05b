import { type BranchNews, readBranchNews, watchBranches } from "../usecases/pages/branches";
import type { PageDeps } from "../usecases/pages/find";

type Announced = Parameters<Parameters<typeof watchBranches>[1]>[0];

/**
 * Branches that are being sampled, as server-sent events to the pages that look at them: ONE listener for the process.
 * Each event has the piece's place in the stream as its id, so that a page that reconnects gets exactly what it lacks.
 * Streams close on SIGTERM and SIGINT, as those of LiveHub.
 */
export class BranchStreams {
  private readonly followers = new Set<{ branchId: string; hear: (news: Announced) => void; close: () => void }>();
  private listener: { close(): Promise<void> } | undefined;
  private closed = false;

  constructor(
    private readonly databaseUrl: string,
    private readonly deps: PageDeps,
  ) {}

  /**
   * Events "pieces" (JSON of server/core/branching/stream.ts) and, once the samples are rows, "ended".
   * @param after place of the last piece that the page has; -1 for none.
   * @returns null when the server is ending.
   */
  stream(branchId: string, after: number, signal: AbortSignal): ReadableStream<Uint8Array> | null {
    if (this.closed) return null;
    this.start();
    const encoder = new TextEncoder();
    let stop = () => {};
    return new ReadableStream({
      start: (controller) => {
        let last = after;
        let work = Promise.resolve();
        const write = (text: string) => controller.enqueue(encoder.encode(text));
        const send = (news: BranchNews) => {
          if (!this.followers.has(follower)) return;
          if (news === "ended") {
            write("event: ended\ndata: {}\n\n");
            follower.close();
          } else if (news.seq > last) {
            last = news.seq;
            write(`id: ${news.seq}\nevent: pieces\ndata: ${JSON.stringify(news.pieces)}\n\n`);
          }
        };
        const catchUp = async () => {
          for (const news of await readBranchNews(this.deps, branchId, last)) send(news);
        };
        const take = async (news: Announced) => {
          if (news?.ended) return send("ended");
          if (news?.seq !== undefined && news.seq <= last) return;
          if (news?.seq === last + 1 && news.pieces) return send({ seq: news.seq, pieces: news.pieces });
          await catchUp();
        };
        const beat = setInterval(() => write(": beat\n\n"), 15_000);
        const follower = {
          branchId,
          // One after the other: what is read and what is heard must not overtake each other.
          hear: (news: Announced) => {
            work = work
              .then(() => take(news))
              // The database is away: the page asks again, and gets what it lacks.
              .catch(() => follower.close());
          },
          close: () => {
            if (!this.followers.delete(follower)) return;
            clearInterval(beat);
            try {
              controller.close();
            } catch {
              // The page went away first.
            }
          },
        };
        this.followers.add(follower);
        stop = follower.close;
        signal.addEventListener("abort", follower.close, { once: true });
        write("retry: 1000\n\n");
        follower.hear(null);
      },
      cancel: () => stop(),
    });
  }

  /** End every stream and the listener, for good. */
  async close(): Promise<void> {
    this.closed = true;
    for (const follower of [...this.followers]) follower.close();
    const listener = this.listener;
    this.listener = undefined;
    await listener?.close();
  }

  private start(): void {
    if (this.listener !== undefined) return;
    this.listener = watchBranches(this.databaseUrl, (news) => {
      for (const follower of this.followers)
        if (news === null || news.branchId === follower.branchId) follower.hear(news);
    });
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void this.close());
  }
}
