import { TRPCError } from "@trpc/server";
import { z } from "zod";
import { keysSchema } from "../../core/judging/keys";
import { personNameSchema } from "../../core/people";
import { listPeople, personOfToken, readMe, renamePerson, setKeys, takeName } from "../../usecases/people";
import { personProcedure, procedure, router } from "../trpc";

const name = z.object({ name: personNameSchema });

/** Who acts. For a team on a trusted network: no passwords (server/usecases/people.ts). */
export const peopleRouter = router({
  /** The person of this browser; null before a name was chosen. */
  me: procedure.query(({ ctx }) => (ctx.person === null ? null : readMe(ctx.deps, ctx.person))),
  list: procedure.query(({ ctx }) => listPeople(ctx.deps)),
  /** Choose a name and be that person in this browser (sets the cookie). */
  choose: procedure.input(name).mutation(async ({ ctx, input }) => {
    if (ctx.person !== null)
      throw new TRPCError({
        code: "CONFLICT",
        message: `You are ${ctx.person.name} in this browser: rename yourself, or leave first.`,
      });
    const { person, token } = await takeName(ctx.deps, input.name);
    ctx.setToken(token);
    return person;
  }),
  /** The token of this browser's cookie, for the personal link `/people/link#TOKEN`. Only its own person gets it. */
  link: personProcedure.mutation(({ ctx }) => ({ token: ctx.token ?? "" })),
  /** Open a personal link: be its person in this browser. */
  follow: procedure.input(z.object({ token: z.string().max(100) })).mutation(async ({ ctx, input }) => {
    const person = await personOfToken(ctx.deps, input.token);
    if (person === null)
      throw new TRPCError({
        code: "NOT_FOUND",
        message: "This link belongs to nobody: copy it whole from the People page of the other browser.",
      });
    ctx.setToken(input.token);
    return person;
  }),
  rename: personProcedure.input(name).mutation(({ ctx, input }) => renamePerson(ctx.deps, ctx.person, input.name)),
  setKeys: personProcedure
    .input(z.object({ keys: keysSchema }))
    .mutation(({ ctx, input }) => setKeys(ctx.deps, ctx.person, input.keys)),
  /** Be nobody in this browser. The person and what they decided stay; the link brings them back. */
  leave: procedure.mutation(({ ctx }) => {
    ctx.setToken(null);
    return null;
  }),
});
