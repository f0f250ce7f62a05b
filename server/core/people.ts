/** People of a team on a trusted network: a name and a cookie, no password. */
import { z } from "zod";
import { KEY_ACTIONS, type KeyAction, keysSchema } from "./judging/keys";

/** Holds the token that says who acts. HttpOnly: pages never read it. */
export const PERSON_COOKIE = "intervene_person";
/** A year, in seconds; browsers keep no cookie for longer than 400 days. */
export const PERSON_COOKIE_SECONDS = 365 * 24 * 3600;

export interface Person {
  id: string;
  name: string;
}

/** The signed-in person, with the keys that they have moved. */
export interface Me extends Person {
  keys: Partial<Record<KeyAction, string>>;
}

/** A name as people write it: one line, white space made single. */
export const personNameSchema = z
  .string()
  .transform((name) => name.normalize("NFC").replace(/\s+/g, " ").trim())
  .pipe(
    z
      .string()
      .min(1, "A name needs at least one character.")
      .max(60, "A name has at most 60 characters.")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is refused
      .regex(/^[^\u0000-\u001f\u007f]*$/, "A name is one line of text."),
  );

/** Keys as they stand in the person's row; what this version does not know is left out. */
export function storedKeys(value: unknown): Me["keys"] {
  const given = z.record(z.string(), z.string()).safeParse(value);
  if (!given.success) return {};
  const known = Object.fromEntries(Object.entries(given.data).filter(([action]) => action in KEY_ACTIONS));
  const keys = keysSchema.safeParse(known);
  return keys.success ? keys.data : {};
}
