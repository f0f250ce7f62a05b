/** What a person reads while the system starts and runs: short lines, on standard output; trouble on standard error. */
export interface Terminal {
  /** One step of the start: what, and how it went. */
  step(what: string, text: string): void;
  /** A line as it is. */
  say(text: string): void;
  /** Something went wrong; the system goes on. */
  warn(what: string, text: string): void;
}

/** Seconds with one decimal, as in "3.2 s". */
export function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

/** The terminal of `npm start`. */
export function createTerminal(): Terminal {
  const line = (what: string, text: string) => `  ${what.padEnd(9)} ${text}\n`;
  return {
    step: (what, text) => void process.stdout.write(line(what, text)),
    say: (text) => void process.stdout.write(`${text}\n`),
    warn: (what, text) => void process.stderr.write(line(what, text)),
  };
}
