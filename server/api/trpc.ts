import { initTRPC, TRPCError } from "@trpc/server";
import superjson from "superjson";
import { z } from "zod";
import { type ErrorKind, InterveneError } from "../errors";
import { whyBlind } from "../usecases/judging/blind";
import { forPeople } from "../usecases/pages/away";
import type { Context } from "./context";

const CODE: Record<ErrorKind, TRPCError["code"]> = {
  bad_input: "BAD_REQUEST",
  not_found: "NOT_FOUND",
  conflict: "CONFLICT",
  unavailable: "SERVICE_UNAVAILABLE",
  backend: "BAD_GATEWAY",
  cannot_start: "INTERNAL_SERVER_ERROR",
};

const t = initTRPC.context<Context>().create({
  transformer: superjson,
  errorFormatter({ shape, error }) {
    if (error.cause instanceof InterveneError) return shape;
    if (error.cause instanceof z.ZodError) return { ...shape, message: z.prettifyError(error.cause) };
    // Anything else is a bug or the database being away: its words are for the log, not for the page.
    return error.code === "INTERNAL_SERVER_ERROR"
      ? {
          ...shape,
          message: "The server could not answer. Its log says why.",
          data: { ...shape.data, stack: undefined },
        }
      : shape;
  },
});

/** Sentences of {@link InterveneError} reach the page under their own code. */
const sentences = t.middleware(async ({ next }) => {
  const result = await next();
  if (result.ok) return result;
  const cause = forPeople(result.error.cause);
  if (cause instanceof InterveneError) throw new TRPCError({ code: CODE[cause.kind], message: cause.message, cause });
  return result;
});

/** Who acts: ctx.person, null before a name was chosen in this browser. */
const person = t.middleware(async ({ ctx, next }) => next({ ctx: { person: await ctx.whoIs() } }));

export const router = t.router;
export const procedure = t.procedure.use(sentences).use(person);

/** For reads about one attempt: refused to a judge who has it still to judge blind (usecases/judging/blind.ts). */
export const attemptProcedure = procedure.use(async ({ ctx, getRawInput, next }) => {
  const why = await whyBlind(ctx.deps, await getRawInput(), ctx.person?.id ?? null);
  if (why !== null) throw new TRPCError({ code: "FORBIDDEN", message: why });
  return next();
});

/** For what somebody must answer for: ctx.person is there. */
export const personProcedure = procedure.use(({ ctx, next }) => {
  if (ctx.person === null)
    throw new TRPCError({
      code: "UNAUTHORIZED",
      message: "Choose a name first (People, at the top of each page): what you do here is kept under it.",
    });
  return next({ ctx: { person: ctx.person } });
});
export const createCallerFactory = t.createCallerFactory;
