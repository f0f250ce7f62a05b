import { type Command, Option } from "commander";
import { SCOPES, type Scope } from "@/server/core/programs/keys";
import { note, printJson, printLine, table } from "../output";
import { withDatabase } from "../with-database";

/** keys create, list and revoke: for programs that use /api/v1. */
export function addKeys(program: Command): void {
  const keys = program.command("keys").description("keys for programs that use /api/v1");
  keys
    .command("create")
    .description("make a key; it is printed this once and kept nowhere")
    .argument("<name>", "what uses it, e.g. training-loop")
    .addOption(new Option("--scope <scope>", "what it may do (default: both)").choices(SCOPES))
    .option("--json", "print one JSON document")
    .action(async (name: string, options: { scope?: Scope; json?: boolean }) => {
      const made = await withDatabase(async (db) => {
        const { createKey } = await import("@/server/usecases/programs/keys");
        return createKey(db, { name, ...(options.scope ? { scopes: [options.scope] } : {}) });
      });
      if (options.json) return printJson(made);
      note(`The key “${made.name}” may ${made.scopes.join(" and ")}. It is shown only now:`);
      await printLine(made.key);
    });
  keys
    .command("list")
    .description("all keys by their first characters")
    .option("--json", "print one JSON document")
    .action(async (options: { json?: boolean }) => {
      const all = await withDatabase(async (db) => {
        const { readKeys } = await import("@/server/usecases/programs/keys");
        return readKeys(db);
      });
      if (options.json) return printJson({ keys: all });
      if (all.length === 0) return printLine('There is no key yet: "intervene keys create NAME" makes one.');
      const day = (date: Date | null, none: string) => date?.toISOString().slice(0, 16).replace("T", " ") ?? none;
      await printLine(
        table([
          ["key", "name", "may", "made (UTC)", "last used", "state"],
          ...all.map((k) => [`${k.prefix}…`, k.name, k.scopes.join("+"), day(k.createdAt, ""), day(k.lastUsedAt, "never"), k.revokedAt ? "revoked" : "in use"]),
        ]),
      );
    });
  keys
    .command("revoke")
    .description("refuse a key from now on")
    .argument("<key>", "its name, its id or its first characters")
    .option("--json", "print one JSON document")
    .action(async (called: string, options: { json?: boolean }) => {
      const revoked = await withDatabase(async (db) => {
        const { revoke } = await import("@/server/usecases/programs/keys");
        return revoke(db, called);
      });
      if (options.json) await printJson({ revoked });
      else await printLine(`The key “${revoked.name}” is revoked.`);
    });
}
