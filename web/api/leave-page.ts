/**
 * Leaves this document for another, so that nothing it holds in memory outlives it: no answer, no cache,
 * nothing typed. What is on the screen is gone at once. A page that a mail's link opened is read anew
 * where it is, or its secret would be lost; it asks by itself who is there.
 *
 * @returns a promise that never settles: whoever waits has nothing left to do.
 */
export function leavePage(address: string): Promise<never> {
  document.body.hidden = true;
  if (holdsLink()) globalThis.location.reload();
  else globalThis.location.replace(address);
  return new Promise(() => {});
}

/** Where identity/link-token.ts keeps it: in the state of this one visit, as React Router stores that. */
function holdsLink(): boolean {
  const state = history.state as { usr?: { token?: unknown } | null } | null;
  return typeof state?.usr?.token === "string";
}
