import { useCallback } from "react";
import { useSearchParams } from "react-router";

/**
 * One value that lives in the page's address: a tab, a filter, an open dialog. What opens something goes
 * into the history, so that Back closes it; what closes it or filters does not.
 */
export function useQueryValue(
  name: string,
  { isFilter = false }: { isFilter?: boolean } = {},
): [string | null, (value: string | null) => void] {
  const [query, setQuery] = useSearchParams();
  const set = useCallback(
    (value: string | null) => {
      setQuery(
        (before) => {
          const after = new URLSearchParams(before);
          if (value === null || value === "") after.delete(name);
          else after.set(name, value);
          return after;
        },
        { replace: isFilter || value === null, preventScrollReset: true },
      );
    },
    [name, isFilter, setQuery],
  );
  return [query.get(name), set];
}
