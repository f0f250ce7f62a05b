import { InterveneError } from "@/server/errors";

export interface StartFlags {
  /** Create the lab study in an empty database. */
  demo: boolean;
  /** Run the web app too. Without it this machine only works: database, engine, worker. */
  web: boolean;
}

/**
 * Parse the arguments of `npm start`.
 * @throws InterveneError("bad_input") that names the first one it does not know.
 */
export function parseArguments(args: string[]): StartFlags {
  const unknown = args.find((arg) => arg !== "--no-demo" && arg !== "--no-web");
  if (unknown !== undefined) {
    throw new InterveneError("bad_input", `npm start does not know ${JSON.stringify(unknown)}; it takes --no-demo (no lab study in an empty database) and --no-web (no pages), after a double dash: npm start -- --no-demo.`);
  }
  // Old Node versions fail later, in libraries, with messages that help nobody.
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 22 || (major === 22 && minor < 12)) {
    throw new InterveneError("cannot_start", `Node ${process.versions.node} runs this, but Node 22.12 or newer is needed; npm brings one along unless its install script was skipped: run "npm rebuild node", then npm start again.`);
  }
  return { demo: !args.includes("--no-demo"), web: !args.includes("--no-web") };
}
