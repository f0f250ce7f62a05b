/**
 * index.html of a publication. Nothing but the folder's own files: scripts, styles, fonts and the mark. Formulas carry style
 * attributes (KaTeX's measures), which is all that is inline.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** @param study its name, which is text. */
export function indexPage(study: string): string {
  const title = escaped(study);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="theme-color" media="(prefers-color-scheme: light)" content="#fafcfa">
<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#101516">
<title>${title} · Intervene</title>
<link rel="icon" href="assets/mark.svg">
<script src="assets/theme.js"></script>
<link rel="stylesheet" href="assets/reader.css">
<script defer src="assets/reader.js"></script>
</head>
<body>
<div id="root"></div>
<noscript><p>These pages need JavaScript. Their data lie as text in the folder data, one file an attempt; README.md says how.</p></noscript>
</body>
</html>
`;
}

const SIGNS: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => SIGNS[sign] ?? sign);
