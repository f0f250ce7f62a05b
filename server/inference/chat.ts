import type { ChatMessage } from "./types";

/**
 * A model's chat template and tokenizer. Two sources: a folder with the model's files (localChat.ts), or the server
 * itself (remoteChat.ts).
 */
export interface Chat {
  /**
   * Token ids of a conversation, ready for the assistant's next words. `continuation` is the beginning of the
   * assistant's answer, as raw text: it is appended to the rendered prompt and both are encoded as one string, because
   * tokens may span the seam. (The servers' continue_final_message is not used: hybrid-thinking templates rewrite
   * a partial answer, backends.md 0.)
   */
  prompt(messages: readonly ChatMessage[], continuation?: string): Promise<number[]>;
  /** Without added special tokens. */
  encode(text: string): Promise<number[]>;
  /** Special tokens included. */
  decode(ids: readonly number[]): Promise<string>;
  /** The model's end tokens; empty when the source does not tell. */
  readonly endIds: readonly number[];
  /** Where it comes from, for people: a folder or a URL. */
  readonly source: string;
}
