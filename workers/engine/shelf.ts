import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import type { Engine } from "./engine";
import { qwen3Config } from "./gguf-qwen3";

/** A model that can be asked for. */
export interface Listed {
  name: string;
  /** Folder or file. */
  root: string;
  /** Seconds since 1970. */
  created: number;
  maxLength: number;
}

export interface ShelfOptions {
  open: (name: string, root: string) => Promise<Engine>;
  /** Folder of model folders (Hugging Face's form), each served under its name; looked at anew for every question. */
  folder?: string | undefined;
  /** Models of the folder in memory at once. */
  most: number;
  /** Positions of one sequence at most (a model's own limit may be lower). */
  context: number;
}

interface Loaded {
  engine: Promise<Engine>;
  usedAt: number;
}

/**
 * The models that are served: those named at the start, and those of a folder to which trainings add. The latter are opened
 * when they are first asked for; those that rest longest make room.
 */
export class Shelf {
  readonly fixed: Engine[] = [];
  private readonly loaded = new Map<string, Loaded>();

  constructor(private readonly options: ShelfOptions) {}

  /** Engines in memory. */
  async engines(): Promise<Engine[]> {
    const opened = await Promise.allSettled([...this.loaded.values()].map((l) => l.engine));
    return [...this.fixed, ...opened.flatMap((o) => (o.status === "fulfilled" ? [o.value] : []))];
  }

  /** The engine of that name, opened now if need be; the first one where none is named; undefined when there is none. */
  async find(name: string | undefined): Promise<Engine | undefined> {
    if (name === undefined || name === "") return this.fixed[0];
    const fixed = this.fixed.find((engine) => engine.name === name);
    if (fixed !== undefined) return fixed;
    const known = this.loaded.get(name);
    if (known !== undefined) {
      known.usedAt = Date.now();
      return known.engine;
    }
    const root = await this.rootOf(name);
    if (root === undefined) return undefined;
    // Two requests that come at once open it once.
    const meanwhile = this.loaded.get(name);
    if (meanwhile !== undefined) return meanwhile.engine;
    const engine = this.options.open(name, root);
    this.loaded.set(name, { engine, usedAt: Date.now() });
    engine.catch(() => this.loaded.delete(name));
    await this.makeRoom();
    return engine;
  }

  async list(): Promise<Listed[]> {
    const listed: Listed[] = this.fixed.map((e) => ({ name: e.name, root: e.root, created: e.created, maxLength: e.contextSize }));
    const { folder } = this.options;
    if (folder === undefined) return listed;
    for (const name of (await readdir(folder).catch(() => [])).sort()) {
      const root = await this.rootOf(name);
      if (root === undefined || listed.some((l) => l.name === name)) continue;
      const config = qwen3Config.safeParse(JSON.parse(await readFile(path.join(root, "config.json"), "utf8")));
      if (!config.success) continue;
      const created = Math.floor((await stat(root)).mtimeMs / 1000);
      listed.push({ name, root, created, maxLength: Math.min(this.options.context, config.data.max_position_embeddings) });
    }
    return listed;
  }

  async stop(): Promise<void> {
    for (const engine of await this.engines()) await engine.stop();
  }

  private async rootOf(name: string): Promise<string | undefined> {
    const { folder } = this.options;
    // A name is one part of a path: nothing outside of the folder can be asked for.
    if (folder === undefined || !/^[\w][\w.+-]*$/.test(name)) return undefined;
    const root = path.join(folder, name);
    const info = await stat(path.join(root, "model.safetensors")).catch(() => undefined);
    return info?.isFile() ? root : undefined;
  }

  /** Close the idle engines that rest longest, until no more than `most` are open. */
  private async makeRoom(): Promise<void> {
    for (const [name, { engine }] of [...this.loaded].sort(([, a], [, b]) => a.usedAt - b.usedAt)) {
      if (this.loaded.size <= this.options.most) return;
      const opened = await engine.catch(() => undefined);
      if (opened === undefined || opened.running + opened.waiting > 0) continue;
      this.loaded.delete(name);
      await opened.stop();
      await opened.model.dispose();
    }
  }
}
