import { THEME_KEY } from "@/components/ui/theme-script";

/** Runs before the first paint, so that a chosen theme never flashes (a script file: the page's policy has none inline). */
try {
  const theme = localStorage.getItem(THEME_KEY);
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden, as it is for files in some browsers: then the system's theme holds.
}
