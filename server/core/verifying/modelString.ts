/**
 * The inside of a JSON string as models write it: some escape backslashes as JSON asks ("$3\\times 22$"), some write
 * LaTeX as it is ("$\frac{1}{2}$"), many mix both. A JSON parser would reject "\sqrt" and silently turn "\frac" into a
 * form feed and "rac", "\times" into a tab and "imes", "\beta", "\nu", "\right" likewise. This reads what was meant.
 */

/** LaTeX commands that begin with a letter which is also a JSON escape and could be meant as one (\n, \r, \t). */
const COMMANDS = new Set(
  (
    "nu neq ne neg not notin nmid nabla nexists nleq ngeq nless ngtr nleqslant ngeqslant nsubseteq nsubset nparallel ncong " +
    "nsim nolimits nonumber newline natural nearrow nwarrow nrightarrow nleftarrow norm newcommand " +
    "rightarrow right rho rangle rfloor rceil rm ref rbrace rbrack rvert rVert rightleftharpoons root rtimes rgroup " +
    "times theta text textbf textit textrm texttt textsf textup textnormal textstyle textcolor textsuperscript tan tanh tau to top " +
    "tfrac tbinom triangle triangleq trianglelefteq tilde tag therefore thinspace thicksim thickapprox twoheadrightarrow"
  ).split(" "),
);

/** Commands whose rest is a likely beginning of a line: "\nu = 3" may be a line break and "u = 3". */
const DOUBTFUL = new Set(["nu", "ne", "to"]);

/**
 * Undo the escapes of a string's inside.
 * @param raw What stands between the quotes, as written.
 */
export function readModelString(raw: string): string {
  if (!raw.includes("\\")) return raw;
  // Whoever writes "\\times" knows JSON, and then means "\n" as a line break.
  const escapes = /\\\\[A-Za-z]/.test(raw.replace(/\\\\\\\\/g, ""));
  return raw.replace(/\\(\\|u[0-9a-fA-F]{4}|[A-Za-z]+|[^A-Za-z]|$)/g, (whole, what: string, at: number) => {
    if (what === "") return "\\";
    if (what === "\\") {
      if (escapes) return "\\";
      // Unescaped LaTeX: two backslashes are its line break, unless a command or delimiter follows.
      const next = raw[at + 2] ?? "";
      return /[A-Za-z()[\]{},;:!|%$#&_]/.test(next) ? "\\" : "\\\\";
    }
    if (what === '"' || what === "'" || what === "/" || what === "`" || what === "“" || what === "”") return what;
    if (/^u[0-9a-fA-F]{4}$/.test(what)) return String.fromCharCode(Number.parseInt(what.slice(1), 16));
    if (what === "\n") return "\n"; // a backslash at the end of a line continues it
    const command = COMMANDS.has(what) && !(escapes && DOUBTFUL.has(what));
    switch (what[0]) {
      case "n":
        return command ? whole : `\n${what.slice(1)}`;
      case "r":
        return command ? whole : `\n${what.slice(1)}`;
      case "t":
        return command ? whole : `\t${what.slice(1)}`;
      // A backspace or form feed is never meant: \beta, \frac.
      case "b":
      case "f":
        return what.length > 1 ? whole : " ";
      default:
        return whole;
    }
  }).replace(/\n{2,}(?=\n)/g, "\n");
}
