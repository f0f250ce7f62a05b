// npm start: brings the whole system up, keeps it running, and takes it down. See supervisor.ts.
//   node --import tsx workers/start/main.ts [--no-demo] [--no-web]
import { parseEnv } from "@/server/env";
import { InterveneError, messageOf } from "@/server/errors";
import { ensureGenerated } from "../setup/ensure-generated";
import { parseArguments } from "./arguments";

async function main(): Promise<number> {
  try {
    const flags = parseArguments(process.argv.slice(2));
    const env = parseEnv();
    ensureGenerated();
    // Only now: what it imports needs the generated client.
    const { superviseSystem } = await import("./supervisor");
    return await superviseSystem({ env, ...flags });
  } catch (error) {
    if (!(error instanceof InterveneError)) throw error;
    process.stderr.write(`intervene: ${messageOf(error)}\n`);
    return error.kind === "cannot_start" || error.kind === "bad_input" ? 2 : 1;
  }
}

process.exit(await main());
