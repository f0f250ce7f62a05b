import { GENERATOR_LABEL } from "../../core/lab/label";
import type { PublishRequest } from "../../core/publishing/request";

/**
 * Names as a publication shows them. People are "judge 1", "judge 2", … in the order in which they come, unless names were
 * asked for; an anonymous one has numbers for models and annotators, too. What looks like a place in somebody's file
 * system loses all but its end.
 */
export class Disguise {
  private readonly numbers = new Map<string, Map<string, number>>();

  constructor(private readonly request: Pick<PublishRequest, "anonymous" | "names">) {}

  study(name: string): string {
    return this.request.anonymous ? "Study" : name;
  }

  model(name: string): string;
  model(name: string | null): string | null;
  model(name: string | null): string | null {
    if (name === null) return null;
    return this.request.anonymous ? this.numbered("model", name) : withoutFolders(name);
  }

  judge(name: string): string {
    return this.request.names ? name : this.numbered("judge", name);
  }

  /** Who located a first error, or wrote a reference: a format's word for it, or somebody's name. */
  source(name: string): string {
    if (name === "" || name === GENERATOR_LABEL || name === "human") return name;
    return this.request.anonymous ? this.numbered("annotator", name) : withoutFolders(name);
  }

  /** The same name gets the same number. */
  private numbered(kind: string, name: string): string {
    const known = this.numbers.get(kind) ?? new Map<string, number>();
    this.numbers.set(kind, known);
    const number = known.get(name) ?? known.size + 1;
    known.set(name, number);
    return `${kind} ${number}`;
  }
}

/** "/home/ann/models/int-3" → "int-3"; "Qwen/Qwen3-4B" stays. */
export function withoutFolders(name: string): string {
  const isPlace = /^(\/|~|\.{1,2}\/|[A-Za-z]:[\\/]|\\\\|[a-z][a-z0-9+.-]*:\/\/)/.test(name);
  return isPlace ? (name.split(/[\\/]/).findLast((part) => part !== "") ?? "model") : name;
}
