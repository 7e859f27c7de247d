import type helpTexts from "../../src/contract/texts/en/help.json";

type GuideText = keyof (typeof helpTexts)["guides"];

/** The guides in their order: what stands in the address, and its text. */
export const guides = {
  "first-steps": "firstSteps",
  "two-factor": "twoFactor",
  password: "password",
  sessions: "sessions",
  sharing: "sharing",
  invitations: "invitations",
  roles: "roles",
  apps: "apps",
  "service-accounts": "serviceAccounts",
  keys: "keys",
  "ip-whitelist": "ipWhitelist",
  "action-log": "actionLog",
  streams: "streams",
  retention: "retention",
  operator: "operator",
  branding: "branding",
} as const satisfies Record<string, GuideText>;

export type Guide = keyof typeof guides;

export const isGuide = (name: string | undefined): name is Guide =>
  name !== undefined && Object.hasOwn(guides, name);

/** Only operators need these. */
const FOR_OPERATORS: readonly Guide[] = ["operator", "branding"];

export const guidesFor = ({ isOperator }: { isOperator: boolean }): readonly Guide[] =>
  (Object.keys(guides) as Guide[]).filter((name) => isOperator || !FOR_OPERATORS.includes(name));
