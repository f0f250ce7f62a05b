/** Aborts when the system is to stop. */
export interface StopSignal extends AbortSignal {
  /** Abort from inside. */
  stopNow(): void;
}

/**
 * A signal that aborts on SIGINT and SIGTERM (also on SIGHUP if a terminal was closed), and, under npm, when npm is
 * gone: whoever kills npm by force means us.
 */
export function stopSignal(): StopSignal {
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  process.on("SIGHUP", () => process.stdout.isTTY && stop());
  // A terminal or a pipe that is gone must not end us in the middle of a stop.
  process.stdout.on("error", () => {});
  process.stderr.on("error", () => {});
  if (process.env.npm_lifecycle_event === "start") {
    const npm = process.ppid;
    setInterval(() => process.ppid !== npm && stop(), 1_000).unref();
  }
  return Object.assign(controller.signal, { stopNow: stop });
}
