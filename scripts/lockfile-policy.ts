/** Licences that anything may have. */
export const LICENCES = new Set([
  "MIT",
  "MIT-0",
  "ISC",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "Apache-2.0",
  "0BSD",
  "BlueOak-1.0.0",
  "Unlicense",
  "CC0-1.0",
  "Python-2.0",
]);

/** Packages whose other licence was read and accepted; `devOnly` ones never reach an installation. */
export const LICENCE_EXCEPTIONS = [
  { name: /^lightningcss(-.+)?$/, licence: "MPL-2.0", devOnly: true },
  { name: /^type-fest$/, licence: "(MIT OR CC0-1.0)", devOnly: true },
  { name: /^(@axe-core\/playwright|axe-core)$/, licence: "MPL-2.0", devOnly: true },
];

/** Releases that were attacked; an empty list stands for all of them. */
export const COMPROMISED: Readonly<Record<string, readonly string[]>> = {
  "@tanstack/history": ["1.161.9", "1.161.12"],
  "@tanstack/react-router": ["1.169.5", "1.169.8"],
  "@tanstack/router-core": ["1.169.5", "1.169.8"],
  "ansi-styles": ["6.2.2"],
  axios: ["1.14.1", "0.30.4"],
  "cache-manager": ["7.2.10"],
  "cacheable-request": ["13.0.20"],
  chalk: ["5.6.1"],
  debug: ["4.4.2"],
  "easy-day-js": [],
  "eslint-config-prettier": ["8.10.1", "9.1.1", "10.1.6", "10.1.7"],
  "file-entry-cache": ["11.1.6"],
  "flat-cache": ["6.1.24"],
  keyv: ["6.0.0"],
  "plain-crypto-js": [],
  synckit: ["0.11.9"],
};

/** Packages that keep state in their module, of which two copies would not know each other. */
export const ONE_VERSION = ["fastify", "kysely", "pg", "typebox", "react"];

/** Scopes whose packages need each other at the very same version. */
export const ONE_VERSION_SCOPES = ["@mantine/"];
