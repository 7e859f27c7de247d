/** Where to go on after a sign-in: an address of this panel, whatever the link says. */
export function safeNext(next: string | null): string {
  if (next === null || !next.startsWith("/")) return "/";
  const url = new URL(next, globalThis.location.origin);
  return url.origin === globalThis.location.origin ? `${url.pathname}${url.search}` : "/";
}
