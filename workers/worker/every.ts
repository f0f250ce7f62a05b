import { messageOf } from "@/server/errors";
import { isDatabaseAway } from "@/server/store/connection";

/** Something that is done again and again until it is stopped. */
export interface Repeated {
  stop(): void;
}

/**
 * Do something now and again `ms` after it has ended. It may fail: an absent database is nothing new (the gate tells),
 * anything else is logged, once until it works again.
 */
export function every(ms: number, what: string, work: () => Promise<void>, log: (line: string) => void): Repeated {
  let stopped = false;
  let complained = false;
  let timer: NodeJS.Timeout | undefined;
  const turn = async () => {
    try {
      await work();
      complained = false;
    } catch (error) {
      if (!complained && !stopped && !isDatabaseAway(error)) log(`${what}: ${messageOf(error)}`);
      complained = true;
    }
    if (!stopped) timer = setTimeout(turn, ms);
  };
  void turn();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
