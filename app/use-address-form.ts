"use client";
import { useSearchParams } from "next/navigation";
import { useCallback, useEffect, useRef, useState } from "react";
import { replaceSearch } from "./search-params";

/**
 * A form that stands in the address, so that a link shows a colleague the same. The address follows the form, not the other
 * way round: Next hears of it later than a tick box may wait. An address that something else wrote (a link, the history) is
 * read again.
 *
 * @param read the form that an address asks for. @param write all of the address that a form asks for.
 */
export function useAddressForm<T>(read: (search: URLSearchParams) => T, write: (form: T) => URLSearchParams): [form: T, change: (form: T) => void] {
  const params = useSearchParams();
  const [form, setForm] = useState(() => read(new URLSearchParams(params)));
  /** The address that goes with the form; null until it is known. */
  const own = useRef<string | null>(null);
  useEffect(() => {
    // Next's parameters may still be those of a form before this one; the address is always the last.
    const { search } = window.location;
    if (own.current !== null && own.current !== search) setForm(read(new URLSearchParams(params)));
    own.current = search;
  }, [params, read]);
  const change = useCallback(
    (next: T) => {
      setForm(next);
      const wanted = write(next);
      replaceSearch((search) => {
        for (const name of [...search.keys()]) search.delete(name);
        for (const [name, value] of wanted) search.set(name, value);
      });
      own.current = window.location.search;
    },
    [write],
  );
  return [form, change];
}
