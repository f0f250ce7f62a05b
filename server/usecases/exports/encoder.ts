import type { Encoder } from "../../core/exporting/format";
import type { Chat } from "../../inference/types";

/** A model's chat template and tokenizer as formats take them. */
export function encoderOf(chat: Chat): Encoder {
  const turn = (user: string, text?: string) => chat.prompt([{ role: "user", content: user }], text);
  return {
    endId: chat.turnEnd ?? null,
    turn: async (user, text) => ({ prompt: await turn(user), whole: await turn(user, text) }),
    render: async (user) => chat.decode(await turn(user)),
    decode: (ids) => chat.decode(ids),
  };
}
