import { expect, test } from "vitest";
import { failureText, parseFailure } from "@/server/core/training/failure";

test("what a failure's text says can be told apart again", () => {
  const failures = [
    { said: "The loss of step 3 is not a number.", status: 1, folder: "/data/trainings/1", log: "a\nTraceback; the end of the log: b" },
    { said: "The trainer ended without a word before it was done.", status: null, folder: "/data/my trainings/2", log: "" },
    { said: "Two lines.\nThe second. Exit status 7. It said so.", status: -9, folder: "C:\\data", log: "x" },
  ];
  for (const failure of failures) {
    expect(parseFailure(failureText(failure))).toEqual(failure);
    expect(parseFailure(`1 item failed: ${failureText(failure)}`)).toEqual(failure);
  }
  expect(parseFailure('The data set "x" could not be built.')).toBeNull();
});
