import { useCallback } from "react";
import { useSearchParams } from "react-router";
import { filterNames, readFilter, type FilterName, type LogFilter } from "./log-filter.ts";

/**
 * The filter in the page's address. Each choice goes into the history, so that Back takes it back;
 * what is typed does not, letter by letter.
 */
export function useLogFilter() {
  const [query, setQuery] = useSearchParams();
  const set = useCallback(
    (changes: Partial<Record<FilterName, string | null>>, { isTyping = false } = {}) =>
      setQuery(
        (before) => {
          const after = new URLSearchParams(before);
          for (const [name, value] of Object.entries(changes))
            if (value === null || value === "") after.delete(name);
            else after.set(name, value);
          return after;
        },
        // At once, and not as a transition that waits for the entries: what was chosen shows as chosen.
        { replace: isTyping, preventScrollReset: true, flushSync: true },
      ),
    [setQuery],
  );
  const replaceAll = useCallback(
    (filter: LogFilter) =>
      set({ ...Object.fromEntries(filterNames.map((name) => [name, null])), ...filter }),
    [set],
  );
  return { filter: readFilter(query), set, replaceAll };
}
