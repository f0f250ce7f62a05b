import { z } from "zod";
import type { TrainerSpec } from "../../core/training/spec";
import { parseEnv } from "../../env";
import { messageOf } from "../../errors";
import type { TrainingRow } from "../../store/training/rows";
import { logMlflowPoints, type MlflowServer, openMlflowRun, setMlflowStatus } from "../../trainers/mlflow";
import { readEvents } from "./events";
import type { Settings } from "./prepare";

/** Metrics are forwarded at most so often (ms), and after a failure tried again so late. */
const EVERY = 2_000;
const AFTER_FAILURE = 30_000;
/** At the end of a training its last metrics may take so long. */
const AT_THE_END = 10_000;

/** What is remembered with a training, so that a restart goes on in the same MLflow run. */
export const forwardedSchema = z.object({ runId: z.string(), place: z.number().int() });
export type Forwarded = z.infer<typeof forwardedSchema>;

export interface ForwardOptions {
  server: MlflowServer;
  experiment: string;
  /** Id of the training. */
  training: string;
  name: string;
  tags: Record<string, string>;
  params: Record<string, string>;
  /** Events file of the training. */
  events: string;
  /** How far an earlier worker came; undefined at the first. */
  from: Forwarded | undefined;
  /** Told of failures, once each time they begin. */
  warn(message: string): void;
}

/**
 * Forwards a training's metrics to MLflow, behind its back: it has a place of its own in the events file, so that a server
 * that is away costs nothing, and gets everything later. Nothing here throws: a training never fails for its curves.
 */
export class Forward {
  private sending: Promise<void> | null = null;
  private due = 0;
  private failing = false;
  private opened = false;
  /** Where it stands; undefined until the run is opened. */
  state: Forwarded | undefined;

  constructor(private readonly o: ForwardOptions) {
    this.state = o.from;
  }

  /** Send what is new, if it is time; does not wait for it. */
  tick(): void {
    if (this.sending !== null || Date.now() < this.due) return;
    this.sending = this.send().finally(() => {
      this.sending = null;
    });
  }

  /** Send the rest and say how it ended. Waits, but not for long. */
  async end(status: "FINISHED" | "FAILED" | "KILLED"): Promise<void> {
    const rest = async () => {
      await this.sending;
      await this.send();
      const { state } = this;
      if (state !== undefined && !this.failing) await this.attempt(() => setMlflowStatus(this.o.server, state.runId, status));
    };
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, AT_THE_END);
    });
    await Promise.race([rest(), late]);
    clearTimeout(timer);
  }

  private send(): Promise<void> {
    return this.attempt(async () => {
      const { server, experiment, training, name, tags, params, events } = this.o;
      if (this.state === undefined) {
        const runId = await openMlflowRun(server, { experiment, training, name, tags, params, startedAt: new Date() });
        this.state = { runId, place: 0 };
      } else if (!this.opened) await setMlflowStatus(server, this.state.runId, "RUNNING");
      this.opened = true;
      for (;;) {
        const read = await readEvents(events, this.state.place);
        if (read.place === this.state.place) return;
        const points = read.events.flatMap((e) => (e.event === "metrics" ? [{ step: e.step, at: e.at, values: e.metrics }] : []));
        await logMlflowPoints(server, this.state.runId, points);
        this.state = { ...this.state, place: read.place };
      }
    });
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.failing = false;
      this.due = Date.now() + EVERY;
    } catch (error) {
      if (!this.failing) this.o.warn(`Metrics are not forwarded for now: ${messageOf(error)}`);
      this.failing = true;
      this.due = Date.now() + AFTER_FAILURE;
    }
  }
}

/** Forwards to MLflow, where an address is set. */
export function forwardOf(training: TrainingRow, settings: Settings, spec: TrainerSpec, from: Forwarded | undefined): Forward | null {
  const { mlflowUrl: url, mlflowToken: token } = parseEnv();
  if (url === undefined) return null;
  const { optimizer, ...rest } = spec;
  const plain = Object.entries({ ...rest, ...optimizer }).filter(([, v]) => ["string", "number", "boolean"].includes(typeof v));
  return new Forward({
    server: { url, token },
    experiment: `Intervene: ${training.studyName}`,
    training: training.id,
    name: settings.name,
    tags: { base: training.base?.name ?? "", trainer: settings.trainer },
    params: Object.fromEntries(plain.map(([key, v]) => [key, String(v)])),
    events: spec.events,
    from,
    warn: (message) => console.error(`training ${training.id}: ${message}`),
  });
}
