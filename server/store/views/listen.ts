import pg from "pg";

export interface Listener {
  close(): Promise<void>;
}

/**
 * LISTEN on one channel with a connection of its own, for as long as the process lives. Notifications sent while the
 * connection is away are lost (PostgreSQL keeps none), so `onConnect` runs after every connect: read everything again.
 *
 * @param onMessage payload of each notification, in order.
 */
export function listen(
  url: string,
  channel: string,
  handlers: { onMessage: (payload: string) => void; onConnect: () => void },
): Listener {
  let closed = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let wait = 250;

  const again = () => {
    if (closed || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      void connect();
    }, wait);
    timer.unref();
    wait = Math.min(wait * 2, 5_000);
  };

  const connect = async () => {
    const mine = new pg.Client({ connectionString: url, application_name: "intervene live", keepAlive: true });
    client = mine;
    const lost = () => {
      if (client !== mine) return;
      client = undefined;
      mine.end().catch(() => {});
      again();
    };
    mine.on("error", lost);
    mine.on("end", lost);
    mine.on("notification", (n) => {
      if (n.channel === channel && n.payload !== undefined) handlers.onMessage(n.payload);
    });
    try {
      await mine.connect();
      await mine.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
      wait = 250;
      handlers.onConnect();
    } catch {
      lost();
    }
  };

  void connect();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      const mine = client;
      client = undefined;
      await mine?.end().catch(() => {});
    },
  };
}
