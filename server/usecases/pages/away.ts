import { InterveneError } from "../../errors";
import { isDatabaseAway } from "../../store/connection";

/** An error as people should be told of it: the database being away gets its sentence, all else stays as it is. */
export function forPeople(error: unknown): unknown {
  if (!isDatabaseAway(error)) return error;
  const words = "The database does not answer just now. Nothing is lost; this page tries again by itself.";
  return new InterveneError("unavailable", words, { cause: error });
}
