import { type LiveEvent, liveEventSchema } from "../../core/views/live";
import { LIVE_CHANNEL } from "../../store/notify";
import { type Listener, listen } from "../../store/views/listen";

/**
 * Follow what workers announce. A payload that cannot be read is taken for "something changed somewhere".
 *
 * @param onEvent null stands for "events may have been missed: read everything again".
 */
export function watchChanges(databaseUrl: string, onEvent: (event: LiveEvent | null) => void): Listener {
  return listen(databaseUrl, LIVE_CHANNEL, {
    onConnect: () => onEvent(null),
    onMessage: (payload) => onEvent(parse(payload)),
  });
}

function parse(payload: string): LiveEvent | null {
  try {
    return liveEventSchema.parse(JSON.parse(payload));
  } catch {
    return null;
  }
}
