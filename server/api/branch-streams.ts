import { type BranchNews, readBranchNews, watchBranches } from "../usecases/pages/branches";
import type { PageDeps } from "../usecases/pages/find";
import { EventStreams } from "./event-streams";

type Announced = NonNullable<Parameters<Parameters<typeof watchBranches>[1]>[0]>;

/**
 * Branches that are being sampled, to the pages that look at them. Each event has the piece's place in the stream as its id,
 * so that a page that reconnects gets exactly what it lacks.
 */
export class BranchStreams extends EventStreams<Announced> {
  constructor(
    databaseUrl: string,
    private readonly deps: PageDeps,
  ) {
    super((hear) => watchBranches(databaseUrl, hear));
  }

  /**
   * Events "pieces" (JSON of server/core/branching/stream.ts) and, once the samples are rows, "ended".
   * @param after place of the last piece that the page has; -1 for none.
   * @returns null when the server is ending.
   */
  ofBranch(branchId: string, after: number, signal: AbortSignal): ReadableStream<Uint8Array> | null {
    return this.stream(signal, (out) => {
      let last = after;
      let work = Promise.resolve();
      const send = (news: BranchNews) => {
        if (!out.isOpen()) return;
        if (news === "ended") {
          out.write("event: ended\ndata: {}\n\n");
          out.close();
        } else if (news.seq > last) {
          last = news.seq;
          out.write(`id: ${news.seq}\nevent: pieces\ndata: ${JSON.stringify(news.pieces)}\n\n`);
        }
      };
      const catchUp = async () => {
        for (const news of await readBranchNews(this.deps, branchId, last)) send(news);
      };
      const take = async (news: Announced | null) => {
        if (news?.ended) return send("ended");
        if (news?.seq !== undefined && news.seq <= last) return;
        if (news?.seq === last + 1 && news.pieces) return send({ seq: news.seq, pieces: news.pieces });
        await catchUp();
      };
      return (news) => {
        if (news !== null && news.branchId !== branchId) return;
        // One after the other: what is read and what is heard must not overtake each other.
        work = work
          .then(() => take(news))
          // The database is away: the page asks again, and gets what it lacks.
          .catch(() => out.close());
      };
    });
  }
}
