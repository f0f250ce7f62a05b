import { z } from "zod";
import { InterveneError } from "../../errors";
import { wholeTask } from "./stage";

export const importFromFile = wholeTask(z.unknown(), async () => {
  throw new InterveneError("bad_input", "This stage is being built.");
});
