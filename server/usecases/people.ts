import { createHash, randomBytes } from "node:crypto";
import type { KeyAction } from "../core/judging/keys";
import { type Me, type Person, storedKeys } from "../core/people";
import { InterveneError } from "../errors";
import type { Deps } from "./deps";

/**
 * Who acts. There are no passwords: whoever reaches the pages may choose any name that is free, and a token in a cookie
 * keeps it theirs. That suits a team on a trusted network; it is no protection against somebody who means harm.
 */
type PeopleDeps = Pick<Deps, "prisma">;

const digest = (token: string) => createHash("sha256").update(token).digest("hex");
/** 256 random bits. */
const newToken = () => randomBytes(32).toString("base64url");

const isToken = (token: string) => /^[\w-]{43}$/.test(token);

/** The person whose token this is; null for none, or an unknown one. */
export async function personOfToken(deps: PeopleDeps, token: string | null): Promise<Person | null> {
  if (token === null || !isToken(token)) return null;
  return deps.prisma.person.findUnique({ where: { tokenHash: digest(token) }, select: { id: true, name: true } });
}

/** The signed-in person with their keys. */
export async function readMe(deps: PeopleDeps, person: Person): Promise<Me> {
  const row = await deps.prisma.person.findUniqueOrThrow({ where: { id: person.id }, select: { keys: true } });
  return { ...person, keys: storedKeys(row.keys) };
}

/** Everybody, by name. */
export function listPeople(deps: PeopleDeps): Promise<Person[]> {
  return deps.prisma.person.findMany({ select: { id: true, name: true }, orderBy: { name: "asc" } });
}

/**
 * Take a name. @returns the person and the token for their cookie.
 * @throws InterveneError("conflict") when somebody has it already, with the way in for that very person.
 */
export async function takeName(deps: PeopleDeps, name: string): Promise<{ person: Person; token: string }> {
  await refuseTaken(deps, name, null);
  const token = newToken();
  try {
    const person = await deps.prisma.person.create({
      data: { name, tokenHash: digest(token) },
      select: { id: true, name: true },
    });
    return { person, token };
  } catch (error) {
    throw isTaken(error) ? taken(name) : error;
  }
}

/** Another name for the same person; what they decided stays theirs. @throws InterveneError("conflict") when it is taken. */
export async function renamePerson(deps: PeopleDeps, person: Person, name: string): Promise<Person> {
  await refuseTaken(deps, name, person.id);
  try {
    const [renamed] = await deps.prisma.$transaction([
      deps.prisma.person.update({ where: { id: person.id }, data: { name }, select: { id: true, name: true } }),
      deps.prisma.queue.updateMany({ where: { createdBy: person.name }, data: { createdBy: name } }),
    ]);
    return renamed;
  } catch (error) {
    throw isTaken(error) ? taken(name) : error;
  }
}

/** Move keys; those not named get their defaults back. */
export async function setKeys(deps: PeopleDeps, person: Person, keys: Partial<Record<KeyAction, string>>): Promise<Me> {
  await deps.prisma.person.update({ where: { id: person.id }, data: { keys } });
  return { ...person, keys };
}

/** Names differ by more than case, so that nobody is taken for somebody else. */
async function refuseTaken(deps: PeopleDeps, name: string, self: string | null): Promise<void> {
  const other = await deps.prisma.person.findFirst({
    where: { name: { equals: name, mode: "insensitive" }, ...(self === null ? {} : { id: { not: self } }) },
    select: { id: true },
  });
  if (other !== null) throw taken(name);
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "P2002";
}

function taken(name: string): InterveneError {
  return new InterveneError(
    "conflict",
    `Somebody is called “${name}” already. If that is you, open People in the browser where you are ${name}, and follow its personal link here; otherwise choose another name.`,
  );
}
