import type { PanelPath, PanelSection } from "../src/contract/panel-paths.ts";

const at = (section: PanelSection, rest = ""): PanelPath =>
  rest === "" ? `/${section}` : `/${section}/${rest}`;

const withQuery = (path: PanelPath, query: Record<string, string | undefined>): string => {
  const given = Object.entries(query).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
};

/** Every address in the panel is built here; a test refuses a literal path in `to` or `navigate`. */
export const paths = {
  home: (): PanelPath => "/",
  /** Home, for who finds somebody else's page: it says what became of that. */
  anotherAccount: () => withQuery("/", { notice: "another-account" }),
  signIn: (given: { next?: string | undefined; notice?: "signed-out" } = {}) =>
    withQuery(at("sign-in"), given),
  newPassword: (given: { next?: string | undefined } = {}) =>
    withQuery(at("sign-in", "new-password"), given),
  signUp: (given: { next?: string | undefined } = {}) => withQuery(at("sign-up"), given),
  welcome: (given: { next?: string | undefined } = {}) => withQuery(at("welcome"), given),
  verify: () => at("verify"),
  forgotPassword: () => at("sign-in", "forgot"),
  lostEverything: () => at("sign-in", "lost"),
  resetPassword: () => at("link", "new-password"),
  beginRecovery: () => at("link", "recovery"),
  stopRecovery: () => at("link", "stop-recovery"),
  confirmAddress: () => at("link", "address"),
  undoAddress: () => at("link", "not-me"),
  claim: () => at("claim"),
  notMe: () => at("not-me"),
  invitation: () => at("invitations", "accept"),
  acceptTransfer: () => at("apps", "transfers/accept"),
  provisionConsent: () => at("provision-consent"),
  unsubscribe: () => at("unsubscribe"),

  profile: () => at("account"),
  password: () => at("account", "password"),
  passwordPolicy: (given: { organisation?: string } = {}) =>
    withQuery(at("account", "password-policy"), given),
  twoFactor: (given: { do?: string | undefined } = {}) =>
    withQuery(at("account", "two-factor"), given),
  sessions: () => at("account", "sessions"),
  sessionRules: () => at("account", "sign-in-addresses"),
  shared: (given: { tab?: string | undefined } = {}) => withQuery(at("account", "shared"), given),
  person: (organisationId: string, accountId: string) =>
    at("account", `shared/${organisationId}/${accountId}`),
  invite: (given: { appId?: string | undefined } = {}) =>
    withQuery(at("account", "shared/invite"), given),
  sharedWithMe: () => at("account", "shared-with-me"),
  organisation: (organisationId: string) => at("account", `organisations/${organisationId}`),
  whitelist: () => at("account", "ip-whitelist"),
  inbox: (given: { tab?: string | undefined } = {}) => withQuery(at("account", "inbox"), given),
  keepInformed: () => at("account", "keep-informed"),
  retention: () => at("account", "retention"),

  apps: () => at("apps"),
  newApp: () => at("apps", "new"),
  app: (appId: string) => at("apps", appId),
  appAccess: (appId: string) => at("apps", `${appId}/access`),
  appRoles: (appId: string) => at("apps", `${appId}/roles`),
  appWhitelist: (appId: string) => at("apps", `${appId}/ip-whitelist`),
  appSettings: (appId: string) => at("apps", `${appId}/settings`),
  serviceAccounts: (appId: string) => at("apps", `${appId}/service-accounts`),
  serviceAccount: (appId: string, serviceAccountId: string, given: { whitelist?: "open" } = {}) =>
    withQuery(at("apps", `${appId}/service-accounts/${serviceAccountId}`), given),
  key: (appId: string, keyId: string, given: { whitelist?: "open" } = {}) =>
    withQuery(at("apps", `${appId}/keys/${keyId}`), given),

  actionLog: (filter: Record<string, string | undefined> = {}) =>
    withQuery(at("security", "action-log"), filter),

  streams: () => at("security", "streams"),

  help: () => at("help"),
  guide: (topic: string) => at("help", topic),

  operatorAccounts: () => at("operator", "accounts"),
  operatorAccount: (accountId: string) => at("operator", `accounts/${accountId}`),
  operatorSupport: () => at("operator", "support"),
  operatorAppLog: (appId: string) => at("operator", `support/${appId}`),
  operatorStrangerReports: () => at("operator", "stranger-reports"),
  operatorQueue: () => at("operator", "queue"),
  operatorHealth: () => at("operator", "health"),
  operatorPermissions: () => at("operator", "permissions"),
  operatorKeys: () => at("operator", "keys"),
  operatorStreams: () => at("operator", "streams"),
  operatorBranding: () => at("operator", "branding"),
  operatorMails: () => at("operator", "branding/mails"),
};
