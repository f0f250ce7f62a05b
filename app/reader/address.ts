"use client";
import { useMemo, useSyncExternalStore } from "react";
import type { Address } from "@/app/address";

/**
 * Where the reader is: all of it stands after the "#", which is the only part of an address that a page from file:// can
 * change, and that any server leaves alone.
 */
export interface Place {
  /** ["attempts", "ID"]; [] for the first page. */
  path: string[];
  search: URLSearchParams;
  /** Rises with every step that the reader takes (a link, back, a changed address), but not with what a page writes down. */
  visit: number;
}

function read(visit: number): Place {
  const [path = "", search = ""] = window.location.hash.replace(/^#\/?/, "").split("?", 2);
  return { path: path.split("/").filter((part) => part !== "").map(decoded), search: new URLSearchParams(search), visit };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

let place: Place | null = null;
const listeners = new Set<() => void>();
const now = (): Place => {
  place ??= read(0);
  return place;
};
const tell = () => {
  for (const listener of listeners) listener();
};

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) window.addEventListener("hashchange", onVisit);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener("hashchange", onVisit);
  };
}

function onVisit(): void {
  place = read(now().visit + 1);
  tell();
}

export function usePlace(): Place {
  return useSyncExternalStore(subscribe, now);
}

/** Change what stands after "?" without a new visit. */
export function replaceSearch(change: (search: URLSearchParams) => void): void {
  const { path, search: old, visit } = now();
  const search = new URLSearchParams(old);
  change(search);
  window.history.replaceState(null, "", hrefOf(path, search));
  place = { path, search, visit };
  tell();
}

/** "#/attempts/ID?step=5". */
export function hrefOf(path: readonly string[], search?: URLSearchParams): string {
  const text = search?.toString() ?? "";
  return `#/${path.map(encodeURIComponent).join("/")}${text === "" ? "" : `?${text}`}`;
}

/** The address as the product's reader of attempts writes into it. */
export function useHashAddress(): Address {
  return useMemo(
    () => ({
      search: () => new URLSearchParams(now().search),
      replace: replaceSearch,
      push: (href) => {
        window.location.hash = href;
      },
    }),
    [],
  );
}
