import { type Field, list, structOf, text } from "../fields";

/** A list of {role, content}, as chat formats have it. */
export const messagesField = (name: string, about = ""): Field =>
  list(name, structOf(text("role"), text("content")), about);

export const user = (content: string) => ({ role: "user", content });
export const assistant = (content: string) => ({ role: "assistant", content });
