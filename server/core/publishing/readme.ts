import type { PublishedStudy } from "../views/publication";
import type { PublicationManifest } from "./manifest";
import { choiceWords } from "./request";

/** README.md of a publication: what it is, how to open and link it, what is in it and what is not. */
export function readme(study: PublishedStudy, counts: PublicationManifest["counts"]): string {
  const { request } = study;
  const n = (value: number, one: string) => `${value.toLocaleString("en-US")} ${one}${value === 1 ? "" : "s"}`;
  const people = request.decisions
    ? `${n(counts.decisions, "decision")} of people, with their notes and rewritten steps as they wrote them; ${request.names ? "by name" : 'people are "judge 1", "judge 2", …'}.${counts.withheldDecisions > 0 ? ` Held back: ${counts.withheldDecisions} of blind queues that are still open.` : ""}`
    : "Nothing that people decided or wrote in this project.";
  return `# ${study.name}: traces

Published with ${study.tool} as static, read-only pages. Open index.html in a browser, from this folder or from any web
server that serves files; nothing is loaded from the network. manifest.json says when and how it was made.

- ${n(counts.problems, "problem")} with answers and reference solutions, ${n(counts.attempts, "attempt")} (${choiceWords(request)}),
  ${n(counts.verifications, "verification")}, ${n(counts.proposals, "proposed intervention")}, ${n(counts.continuations, "continuation")}.
- ${people}
- Figures are those of the whole study, with their intervals.
- Not in it: keys, addresses and names of machines, paths, messages of runs${request.anonymous ? ", names of the study and of its models, times of day" : ""}.

## Links

    index.html#/attempts/ID           one attempt
    index.html#/attempts/ID?step=5    … at its fifth step (the page's address says more: panel, sample, search)
    index.html#/attempts?reward=wrong&find=circle    the list, narrowed
    index.html#/problems

## Files

    data/study.js, data/manifest.js          what the first page shows
    data/attempts-N.js, data/problems-N.js   the lists
    data/attempt/ID.js, data/problem/ID.js   one each; ID.0.js, ID.1.js, … hold texts that are read when they are opened
    assets/                                  the reader: program, style, fonts, and their licences (LICENSES.txt)
    files.sha256                             \`sha256sum -c files.sha256\` checks the folder; manifest.json has its digest

Each data file is one line \`intervene("key", JSON);\`: to read it elsewhere, take what stands between the first comma and
the last parenthesis.

## Licence

The reader and what it is made of stand under the licences in assets/LICENSES.txt. The problems, answers, solutions and
the models' texts are as their sources license them; this folder grants nothing beyond that. Whoever publishes it says here
what holds for the rest.
`;
}
