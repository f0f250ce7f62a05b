import type { LiveEvent } from "../core/views/live";
import { watchChanges } from "../usecases/pages/live";
import { EventStreams } from "./event-streams";

/** What workers announce, to every open page of one web process. */
export class LiveHub extends EventStreams<LiveEvent> {
  constructor(databaseUrl: string) {
    super((hear) => watchChanges(databaseUrl, hear));
  }

  /**
   * An open stream of server-sent events. Each message is {@link LiveEvent} JSON; the event "again" tells the page to
   * read everything (the first one says that the stream is up).
   *
   * @param study only this study's events.
   * @returns null when the server is ending.
   */
  ofStudy(study: string | null, signal: AbortSignal): ReadableStream<Uint8Array> | null {
    return this.stream(signal, ({ write }) => (event) => {
      if (event === null) write("event: again\ndata: {}\n\n");
      else if (study === null || event.studyId === study) write(`data: ${JSON.stringify(event)}\n\n`);
    });
  }
}
