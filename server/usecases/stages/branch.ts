import { z } from "zod";
import { InterveneError } from "../../errors";
import { stage } from "./stage";

export const branch = stage(z.unknown(), async () => {
  throw new InterveneError("bad_input", "This stage is being built.");
});
