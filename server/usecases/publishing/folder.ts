import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { scriptOf, fileOf } from "../../core/publishing/script";

/** A folder that is being filled, with the digest of each file. */
export class Folder {
  private readonly sums: { name: string; sum: string }[] = [];
  private readonly made = new Set<string>();
  bytes = 0;

  constructor(private readonly root: string) {}

  get files(): number {
    return this.sums.length;
  }

  /** @param name with "/" between its parts. */
  async put(name: string, content: string | Uint8Array): Promise<void> {
    const file = path.join(this.root, ...name.split("/"));
    const folder = path.dirname(file);
    if (!this.made.has(folder)) {
      await mkdir(folder, { recursive: true });
      this.made.add(folder);
    }
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    await writeFile(file, bytes);
    this.sums.push({ name, sum: createHash("sha256").update(bytes).digest("hex") });
    this.bytes += bytes.length;
  }

  /** A piece of data, as the reader's page loads it. */
  data(key: string, value: unknown): Promise<void> {
    return this.put(fileOf(key), scriptOf(key, value));
  }

  /** What `sha256sum -c` reads: all files so far, by name. */
  checksums(): string {
    return [...this.sums]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, sum }) => `${sum}  ${name}\n`)
      .join("");
  }
}
