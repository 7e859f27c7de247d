import { redirect, type RouteObject } from "react-router";
import { ApiProblem } from "../api/client.ts";
import { queryClient } from "../api/query-client.ts";
import { ownAccountQuery } from "../identity/account/account-api.ts";
import { loadOperatorTexts } from "../i18n/start-i18n.ts";
import { paths } from "../paths.ts";
import { lazyPage } from "../shell/lazy-page.ts";
import { loadPart } from "../shell/load-part.ts";

/** Others are told so before anything is asked of the server, in place and with the way back. */
async function requireOperator(): Promise<null> {
  const { isOperator } = await queryClient.ensureQueryData(ownAccountQuery);
  if (!isOperator) throw new ApiProblem("forbidden");
  await loadPart(loadOperatorTexts);
  return null;
}

const page = (path: string, lazy: NonNullable<RouteObject["lazy"]>): RouteObject => ({
  path: `operator/${path}`,
  loader: requireOperator,
  lazy,
});

export const operatorRoutes: readonly RouteObject[] = [
  { path: "operator", loader: () => redirect(paths.operatorAccounts()) },
  page(
    "accounts",
    lazyPage(() => import("./accounts/accounts-page.tsx"), "AccountsPage"),
  ),
  page(
    "accounts/:accountId",
    lazyPage(() => import("./accounts/account-page.tsx"), "AccountPage"),
  ),
  page(
    "stranger-reports",
    lazyPage(() => import("./stranger-reports/stranger-reports-page.tsx"), "StrangerReportsPage"),
  ),
  page(
    "support",
    lazyPage(() => import("./support/cases-page.tsx"), "SupportCasesPage"),
  ),
  page(
    "support/:appId",
    lazyPage(() => import("./support/app-log-page.tsx"), "AppLogPage"),
  ),
  page(
    "queue",
    lazyPage(() => import("./health/queue-page.tsx"), "QueuePage"),
  ),
  page(
    "health",
    lazyPage(() => import("./health/health-page.tsx"), "HealthPage"),
  ),
  page(
    "permissions",
    lazyPage(() => import("./permissions/permissions-page.tsx"), "PermissionsPage"),
  ),
  page(
    "keys",
    lazyPage(() => import("./keys/keys-page.tsx"), "OperatorKeysPage"),
  ),
  page(
    "streams",
    lazyPage(() => import("../record/streams/streams-page.tsx"), "OperatorStreamsPage"),
  ),
  page(
    "branding",
    lazyPage(() => import("./branding/branding-page.tsx"), "BrandingPage"),
  ),
  page(
    "branding/mails",
    lazyPage(() => import("./mail-texts/mail-texts-page.tsx"), "MailTextsPage"),
  ),
];
