/**
 * The first steps of the panel's addresses. The server answers each, and what lies below it, with the
 * panel's page; the panel builds its addresses from them (web/paths.ts).
 */
export const panelSections = [
  "welcome",
  "sign-up",
  "sign-in",
  "verify",
  "link",
  "invitations",
  "claim",
  "not-me",
  "provision-consent",
  "unsubscribe",
  "account",
  "apps",
  "security",
  "help",
  "operator",
] as const;

export type PanelSection = (typeof panelSections)[number];

/** An address of the panel. */
export type PanelPath = "/" | `/${PanelSection}` | `/${PanelSection}/${string}`;
