import type { RouteObject } from "react-router";
import { lazyPage } from "../../shell/lazy-page.ts";

/** Who may reach what: people, roles, organisations. */
export const sharingRoutes: readonly RouteObject[] = [
  { path: "account/shared", lazy: lazyPage(() => import("./shared-page.tsx"), "SharedPage") },
  {
    path: "account/shared/invite",
    lazy: lazyPage(() => import("./invite/invite-page.tsx"), "InvitePage"),
  },
  {
    path: "account/shared/:organisationId/:accountId",
    lazy: lazyPage(() => import("./person-page.tsx"), "PersonPage"),
  },
  {
    path: "account/shared-with-me",
    lazy: lazyPage(() => import("./shared-with-me-page.tsx"), "SharedWithMePage"),
  },
  {
    path: "account/organisations/:organisationId",
    lazy: lazyPage(() => import("../organisations/organisation-page.tsx"), "OrganisationPage"),
  },
  {
    path: "apps/:appId/access",
    lazy: lazyPage(() => import("./app-access-page.tsx"), "AppAccessPage"),
  },
  {
    path: "apps/:appId/roles",
    lazy: lazyPage(() => import("../roles/roles-page.tsx"), "RolesPage"),
  },
];

/** Pages of mails' links: for whoever holds the link, signed in or not. */
export const invitationRoutes: readonly RouteObject[] = [
  {
    path: "invitations/accept",
    lazy: lazyPage(() => import("../invitations/invitation-page.tsx"), "InvitationPage"),
  },
  {
    path: "apps/transfers/accept",
    lazy: lazyPage(() => import("../transfers/transfer-page.tsx"), "TransferPage"),
  },
  {
    path: "provision-consent",
    lazy: lazyPage(() => import("../provisioning/consent-page.tsx"), "ConsentPage"),
  },
];
