import type { Encoder } from "../../core/exporting/format";
import type { ClientOptions } from "../../inference/client";
import type { InferenceClient } from "../../inference/types";
import { ServedModels } from "../served-models";
import { encoderOf } from "./encoder";

/** Encoders of served models, asked for once each, outside of a worker (which has its own client). */
export class ServedEncoders {
  private client: InferenceClient | null = null;
  private models: ServedModels | null = null;

  constructor(private readonly server: ClientOptions) {}

  /** @throws InterveneError("backend" | "unavailable") when the server does not serve it, or is not there. */
  async get(servedName: string): Promise<Encoder> {
    if (this.models === null) {
      // The client and its libraries are loaded by those who need them.
      const { createInferenceClient } = await import("../../inference/client");
      this.client = createInferenceClient(this.server);
      this.models = new ServedModels(this.client);
    }
    return encoderOf((await this.models.get(servedName)).chat);
  }

  async close(): Promise<void> {
    await this.client?.close();
  }
}
