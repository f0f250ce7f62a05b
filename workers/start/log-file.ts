import { closeSync, existsSync, openSync, renameSync, statSync, writeSync } from "node:fs";

/** A log of a child process: appended, and moved to NAME.1 when it has grown over the limit (one old one is kept). */
export interface LogFile {
  path: string;
  write(chunk: string | Uint8Array): void;
  close(): void;
}

/** @param limit bytes. */
export function openLogFile(path: string, limit = 10_000_000): LogFile {
  let fd = openSync(path, "a", 0o600);
  let size = statSync(path).size;
  const rotate = () => {
    closeSync(fd);
    renameSync(path, `${path}.1`);
    fd = openSync(path, "a", 0o600);
    size = 0;
  };
  return {
    path,
    write(chunk) {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      if (size > 0 && size + bytes.length > limit) rotate();
      try {
        size += writeSync(fd, bytes);
      } catch {
        // A full disk must not end the supervisor; the database will say it where it matters.
      }
    },
    close: () => closeSync(fd),
  };
}

/** The same limit for a log that another process holds open: to be called before that process starts. */
export function rotateBeforeStart(path: string, limit = 10_000_000): void {
  if (existsSync(path) && statSync(path).size > limit) renameSync(path, `${path}.1`);
}
