"use client";
import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import { useSyncExternalStore } from "react";
import { THEME_KEY } from "./theme-script";

type Theme = "system" | "light" | "dark";

const listeners = new Set<() => void>();

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(): Theme {
  const theme = document.documentElement.dataset.theme;
  return theme === "light" || theme === "dark" ? theme : "system";
}

function write(theme: Theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === "system") localStorage.removeItem(THEME_KEY);
    else localStorage.setItem(THEME_KEY, theme);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

/** Light, dark, or as the system says. Remembered in this browser. */
export function ThemeToggle() {
  const theme = useSyncExternalStore(subscribe, read, () => "system" as const);
  return (
    <ToggleGroup
      aria-label="Colours"
      value={[theme]}
      onValueChange={(value) => write((value[0] as Theme | undefined) ?? "system")}
      className="flex"
    >
      {(["system", "light", "dark"] as const).map((name) => (
        <Toggle
          key={name}
          value={name}
          aria-label={name === "system" ? "As the system" : `Always ${name}`}
          title={name === "system" ? "As the system" : `Always ${name}`}
          className="flex size-8 items-center justify-center rounded-sm text-faint hover:text-ink data-pressed:text-ink"
        >
          <Icon name={name} />
        </Toggle>
      ))}
    </ToggleGroup>
  );
}

function Icon({ name }: { name: Theme }) {
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden stroke="currentColor" strokeWidth="1.2" fill="none">
      <circle cx="7" cy="7" r="5" fill={name === "dark" ? "currentColor" : "none"} />
      {name === "system" && <path d="M7 2a5 5 0 0 1 0 10z" fill="currentColor" />}
    </svg>
  );
}
