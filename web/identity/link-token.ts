import { useEffect } from "react";
import { useLocation, useNavigate, useSearchParams } from "react-router";

/**
 * The secret of a link that was opened: read once, then gone from the address, so that it is in no
 * history, screenshot or copied link. It stays with this one visit: a reload keeps it, nothing is stored.
 *
 * @param path the page's own address.
 * @returns null when the page was opened without one.
 */
export function useLinkToken(path: string): string | null {
  const [query] = useSearchParams();
  const location = useLocation();
  const navigate = useNavigate();
  const given = query.get("token");
  useEffect(() => {
    if (given !== null) void navigate(path, { replace: true, state: { token: given } });
  }, [given, path, navigate]);
  return given ?? tokenIn(location.state);
}

function tokenIn(state: unknown): string | null {
  if (typeof state !== "object" || state === null || !("token" in state)) return null;
  return typeof state.token === "string" ? state.token : null;
}
