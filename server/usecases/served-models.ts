import { access } from "node:fs/promises";
import path from "node:path";
import { InterveneError } from "../errors";
import { loadChat } from "../inference/chat";
import { checkChat } from "../inference/checkChat";
import { folderKind } from "../inference/model-folder";
import { remoteChat } from "../inference/remoteChat";
import type { Chat, InferenceClient } from "../inference/types";

/** A model that can be sampled now. */
export interface ServedChat {
  chat: Chat;
  /** Where its weights lie on this machine; null when they lie elsewhere or nobody says. */
  folder: string | null;
  /** Context length in tokens; null when the server does not say. */
  maxLength: number | null;
}

/**
 * What is known of the server's models, asked for once per model: context length, and how its conversations become
 * token ids. Where the server's weights lie in a folder of this machine (the embedded engine, a local vLLM), prompts are
 * rendered from that folder, checked against the server's own tokenizer; elsewhere the server is asked to render.
 */
export class ServedModels {
  private readonly known = new Map<string, Promise<ServedChat>>();

  constructor(private readonly client: InferenceClient) {}

  /** @throws InterveneError("backend") when the server does not serve the model; "unavailable" as the client does. */
  get(name: string): Promise<ServedChat> {
    const known = this.known.get(name);
    if (known) return known;
    const asked = this.ask(name);
    this.known.set(name, asked);
    // A server that is away, or that serves the model only after a restart, is asked again by the next item.
    asked.catch(() => this.known.delete(name));
    return asked;
  }

  /** Where the weights of a model lie on this machine, in Hugging Face's form; null when they do not. */
  async folder(name: string): Promise<string | null> {
    return (await this.get(name)).folder;
  }

  /** Names of everything that the server serves now. @throws InterveneError("backend" | "unavailable") as the client does. */
  async names(): Promise<string[]> {
    return (await this.client.models()).map((m) => m.id);
  }

  /** Forget everything, e.g. after the server was away: it may have come back with other weights. */
  forget(): void {
    this.known.clear();
  }

  private async ask(name: string): Promise<ServedChat> {
    const models = await this.client.models();
    const model = models.find((m) => m.id === name);
    if (!model) {
      const names = models.map((m) => `"${m.id}"`).join(", ");
      throw new InterveneError(
        "backend",
        `The inference server at ${this.client.baseUrl} does not serve a model named "${name}" (it serves ${names || "none"}).`,
      );
    }
    const folder = model.root && path.isAbsolute(model.root) ? model.root : null;
    if (folder && (await exists(path.join(folder, "tokenizer.json")))) {
      const chat = await loadChat(folder);
      await checkChat(chat, this.client, name);
      return { chat, folder: (await folderKind(folder)) === "model" ? folder : null, maxLength: model.maxLength };
    }
    return { chat: remoteChat(this.client, name), folder: null, maxLength: model.maxLength };
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
