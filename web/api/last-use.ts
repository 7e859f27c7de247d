/** When the server last answered a call of this page: from then on the session rests. */
let at = Date.now();

export const lastUse = {
  note(): void {
    at = Date.now();
  },
  atMs: (): number => at,
};
