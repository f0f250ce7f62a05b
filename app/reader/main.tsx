import { QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { Message } from "@/components/ui/message";
import { Page } from "@/components/ui/page";
import type { PublishedStudy } from "@/server/core/views/publication";
import { usePlace } from "./address";
import { AttemptPage } from "./attempt-page";
import { AttemptsPage } from "./attempts-page";
import { queries, receiveData, useFile } from "./data";
import { ProblemsPage } from "./problems-page";
import { StudyPage } from "./study-page";

/** The pages of a publication: one document, whose address says after "#" what is shown. */
function Reader() {
  const study = useFile<PublishedStudy>("study");
  const { path, visit } = usePlace();
  if (study.data === undefined)
    return (
      <Page home={{ label: "Traces", href: "#/" }}>
        {study.error === null ? <p className="text-faint">Reading…</p> : <Message tone="error">{study.error.message}</Message>}
      </Page>
    );
  const [part, id] = path;
  if (part === "attempts" && id !== undefined) return <AttemptPage key={`${id} ${visit}`} study={study.data} id={id} />;
  if (part === "attempts") return <AttemptsPage study={study.data} />;
  if (part === "problems") return <ProblemsPage study={study.data} />;
  return <StudyPage study={study.data} unknown={part !== undefined} />;
}

receiveData();
const root = document.getElementById("root");
if (root !== null)
  createRoot(root).render(
    <QueryClientProvider client={queries}>
      <SkipLink />
      <Reader />
    </QueryClientProvider>,
  );

/** "#main" would be taken for a page. */
function SkipLink() {
  return (
    <button
      type="button"
      onClick={() => document.getElementById("main")?.focus()}
      className="sr-only bg-paper px-3 py-2 focus:not-sr-only focus:fixed focus:start-2 focus:top-2 focus:z-50"
    >
      Skip to the content
    </button>
  );
}
