import { createTheme, type CSSVariablesResolver, type MantineThemeOverride } from "@mantine/core";
import { darkFillOf, shadesOf } from "../../src/contract/platform/brand-color.ts";

/** The panel's theme in a brand's colour, which is checked to be readable (brand-color.ts). */
export const themeOf = (color: string): MantineThemeOverride =>
  createTheme({
    colors: { brand: shadesOf(color) },
    primaryColor: "brand",
    primaryShade: { light: 7, dark: 7 },
    defaultRadius: "md",
    cursorType: "pointer",
    fontFamily:
      'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif',
    headings: {
      fontWeight: "650",
      sizes: { h1: { fontSize: "1.6rem" }, h2: { fontSize: "1.2rem" } },
    },
    respectReducedMotion: true,
    components: {
      // A word that is cut off says nothing: what stands beside it wraps instead.
      Badge: {
        defaultProps: { variant: "light", tt: "none", styles: { root: { flexShrink: 0 } } },
      },
      // A link in a sentence must be told from it without its colour (WCAG 1.4.1).
      Anchor: { defaultProps: { underline: "always" } },
      // The header of a dialog is not the page's banner, which it would be as a bare <header>.
      Modal: { defaultProps: { attributes: { header: { role: "presentation" } }, styles: TITLE } },
      Drawer: { defaultProps: { attributes: { header: { role: "presentation" } }, styles: TITLE } },
    },
  });

/** Of a dialog: told from its text, and readable where it wraps. */
const TITLE = { title: { fontWeight: 650, lineHeight: 1.35 } };

const TONES = [
  "brand",
  "blue",
  "gray",
  "green",
  "teal",
  "red",
  "orange",
  "yellow",
  "grape",
  "indigo",
];

/** A tone over the dark page, as much of it as is said, percent. */
const tinted = (tone: string, share: number): string =>
  `color-mix(in srgb, var(--mantine-color-${tone}-7) ${share}%, var(--mantine-color-dark-7))`;

/** Mantine's own secondary texts are paler than 4.5:1, which WCAG 2.2 (1.4.3) asks for. */
export const readableColorsOf =
  (color: string): CSSVariablesResolver =>
  () => ({
    variables: {},
    light: {
      "--mantine-color-dimmed": "var(--mantine-color-gray-7)",
      "--mantine-color-placeholder": "var(--mantine-color-gray-7)",
      "--mantine-color-error": "var(--mantine-color-red-9)",
      "--mantine-color-anchor": "var(--mantine-color-brand-8)",
      ...Object.fromEntries(
        TONES.flatMap((tone) => [
          [`--mantine-color-${tone}-light-color`, `var(--mantine-color-${tone}-9)`],
          [`--mantine-color-${tone}-outline`, `var(--mantine-color-${tone}-9)`],
          [`--mantine-color-${tone}-text`, `var(--mantine-color-${tone}-9)`],
          [
            `--mantine-color-${tone}-filled`,
            `var(--mantine-color-${tone}-${tone === "brand" ? 7 : 9})`,
          ],
        ]),
      ),
      "--mantine-color-green-light-color": "#1d5c2b",
      "--mantine-color-teal-light-color": "#065a44",
      "--mantine-color-yellow-light-color": "#7a4100",
      "--mantine-color-orange-light-color": "#8f3a06",
    },
    dark: {
      "--mantine-color-dimmed": "var(--mantine-color-dark-1)",
      "--mantine-color-placeholder": "var(--mantine-color-dark-1)",
      "--mantine-color-error": "var(--mantine-color-red-4)",
      "--mantine-color-anchor": "var(--mantine-color-brand-3)",
      ...Object.fromEntries(
        TONES.flatMap((tone) => [
          // Softer than Mantine's own, which is a wall of colour behind a notice of three lines.
          [`--mantine-color-${tone}-light`, tinted(tone, 24)],
          [`--mantine-color-${tone}-light-hover`, tinted(tone, 34)],
          [`--mantine-color-${tone}-light-color`, `var(--mantine-color-${tone}-2)`],
          [`--mantine-color-${tone}-outline`, `var(--mantine-color-${tone}-3)`],
          [`--mantine-color-${tone}-text`, `var(--mantine-color-${tone}-3)`],
          [
            `--mantine-color-${tone}-filled`,
            `var(--mantine-color-${tone}-${tone === "brand" ? 7 : 9})`,
          ],
        ]),
      ),
      "--mantine-color-brand-filled": darkFillOf(color),
      "--mantine-primary-color-filled": darkFillOf(color),
    },
  });
