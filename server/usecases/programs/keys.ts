import { createHash, randomBytes } from "node:crypto";
import { KEY_START, type KeyView, newKeySchema, type Scope } from "../../core/programs/keys";
import { InterveneError } from "../../errors";
import { findByHash, findKeys, insertKey, listKeys, revokeKey, touchKey } from "../../store/programs/keys";
import type { Sql } from "../../store/views/sql";

interface KeyDeps {
  pool: Sql;
}

/** Characters of a key that lists show: enough to tell keys apart, too few to guess the rest. */
const PREFIX = KEY_START.length + 6;

const digest = (key: string) => createHash("sha256").update(key).digest("hex");

export interface CreatedKey {
  id: string;
  name: string;
  /** The key itself: shown once, kept nowhere. */
  key: string;
  scopes: Scope[];
}

/**
 * Make a key. Only its SHA-256 is kept: 32 random bytes need no slow hash.
 * @throws InterveneError("bad_input") for a name or scope that cannot be.
 */
export async function createKey(
  deps: KeyDeps,
  input: { name: string; scopes?: readonly string[] | undefined; personId?: string | null | undefined },
): Promise<CreatedKey> {
  const parsed = newKeySchema.safeParse({ name: input.name, scopes: input.scopes });
  if (!parsed.success) {
    const said = parsed.error.issues.map((i) => `${i.path.join(".")}: ${i.message}`).join("; ");
    throw new InterveneError("bad_input", `This key cannot be made: ${said}.`);
  }
  const { name } = parsed.data;
  const scopes = [...new Set(parsed.data.scopes)];
  const key = KEY_START + randomBytes(32).toString("base64url");
  const row = { name, prefix: key.slice(0, PREFIX), hash: digest(key), scopes, personId: input.personId ?? null };
  return { id: await insertKey(deps.pool, row), name, key, scopes };
}

/** All keys, revoked ones last. */
export function readKeys(deps: KeyDeps): Promise<KeyView[]> {
  return listKeys(deps.pool);
}

/**
 * Revoke a key by its id, its name or its beginning; programs that use it are refused from their next request on.
 * @throws InterveneError("not_found" | "conflict") when none, or more than one, is called so.
 */
export async function revoke(deps: KeyDeps, called: string): Promise<{ id: string; name: string }> {
  const [key, ...others] = await findKeys(deps.pool, called);
  if (key === undefined) throw new InterveneError("not_found", `There is no key in use called “${called}”.`);
  if (others.length > 0) {
    const ids = [key, ...others].map((k) => k.id).join(", ");
    throw new InterveneError("conflict", `${others.length + 1} keys are called “${called}”: name one by its id (${ids}).`);
  }
  await revokeKey(deps.pool, key.id);
  return key;
}

/** Who presents a key: its row's id, name and scopes. */
export interface Bearer {
  id: string;
  name: string;
  scopes: readonly Scope[];
}

/** Whose key this is; null when it is nobody's, or revoked. Asked of the database each time, so that revoking is at once. */
export async function bearerOf(deps: KeyDeps, key: string): Promise<Bearer | null> {
  if (!key.startsWith(KEY_START) || key.length > 200) return null;
  const found = await findByHash(deps.pool, digest(key));
  if (found?.stale) await touchKey(deps.pool, found.id);
  return found;
}
