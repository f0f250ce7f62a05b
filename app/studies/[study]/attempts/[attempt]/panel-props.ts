import type { AttemptView } from "@/server/core/views/attempt";
import type { Reader } from "./use-reader";

/** What every panel beside the steps is given. */
export interface PanelProps {
  attempt: AttemptView;
  /** Where the reader stands, and how to move: `reader.place.step` is the step that is named. */
  reader: Reader;
}
