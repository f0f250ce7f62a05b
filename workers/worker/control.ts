import pg from "pg";
import { CONTROL_CHANNEL } from "@/server/store/notify";

const RECONNECT_AFTER = 500;
const RECONNECT_AT_MOST = 5_000;

/**
 * Listen for commands on a connection of its own, reconnecting for as long as it takes. `heard` is called for each
 * command and after each (re)connection, because what was said meanwhile was missed.
 */
export function listenForControl(url: string, heard: () => void): { stop(): Promise<void> } {
  let client: pg.Client | undefined;
  let stopped = false;
  let tries = 0;
  let timer: NodeJS.Timeout | undefined;

  const again = () => {
    client = undefined;
    if (stopped || timer) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        void connect();
      },
      Math.min(RECONNECT_AT_MOST, RECONNECT_AFTER * 2 ** Math.min(tries++, 5)),
    );
  };
  const connect = async () => {
    const mine = new pg.Client({ connectionString: url, application_name: "intervene worker control", keepAlive: true, connectionTimeoutMillis: 5_000 });
    client = mine;
    let gone = false;
    const lost = () => {
      if (gone) return;
      gone = true;
      mine.end().catch(() => {});
      again();
    };
    mine.on("error", lost);
    mine.on("end", lost);
    mine.on("notification", heard);
    try {
      await mine.connect();
      await mine.query(`LISTEN ${CONTROL_CHANNEL}`);
      tries = 0;
      heard();
    } catch {
      lost();
    }
  };
  void connect();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await client?.end().catch(() => {});
    },
  };
}
