/** Parameters that several resources share. */
import { z } from "zod";

/** A study by its name or id. */
export const inStudy = z.object({ study: z.string().min(1).max(300).meta({ description: "name or id of the study" }) });

/** A study and one thing of it, by id. */
export const idIn = <Name extends string>(name: Name) =>
  inStudy.extend({ [name]: z.uuid() } as Record<Name, z.ZodUUID>);

/** include=text: the heavy texts too. */
export const withText = z.enum(["text"]).optional().meta({ description: "text: the texts too" });
