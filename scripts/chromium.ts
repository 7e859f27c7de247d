/**
 * Debian's Chromium without its own windows: the same pages, scripts and authenticators as in the browser, for a
 * quarter of the processor time for each new profile. `npm test` installs it.
 */
export const CHROMIUM = "/usr/bin/chromium-headless-shell";

/** The tests and pictures run as whoever runs them, root too, and call nobody. */
export const CHROMIUM_ARGS = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
] as const;
