import type { RouteObject } from "react-router";
import { lazyPage } from "../shell/lazy-page.ts";

/** Pages for people who are not signed in, or not wholly. */
export const strangerRoutes: readonly RouteObject[] = [
  { path: "sign-in", lazy: lazyPage(() => import("./sign-in/sign-in-page.tsx"), "SignInPage") },
  {
    path: "sign-in/new-password",
    lazy: lazyPage(() => import("./passwords/new-password-page.tsx"), "NewPasswordPage"),
  },
  {
    path: "sign-in/forgot",
    lazy: lazyPage(() => import("./recovery/ask-link-page.tsx"), "ForgotPasswordPage"),
  },
  {
    path: "sign-in/lost",
    lazy: lazyPage(() => import("./recovery/ask-link-page.tsx"), "LostEverythingPage"),
  },
  {
    path: "link/new-password",
    lazy: lazyPage(() => import("./recovery/reset-password-page.tsx"), "ResetPasswordPage"),
  },
  {
    path: "link/recovery",
    lazy: lazyPage(() => import("./recovery/link-pages.tsx"), "BeginRecoveryPage"),
  },
  {
    path: "link/stop-recovery",
    lazy: lazyPage(() => import("./recovery/link-pages.tsx"), "StopRecoveryPage"),
  },
  {
    path: "link/address",
    lazy: lazyPage(() => import("./recovery/link-pages.tsx"), "ConfirmAddressPage"),
  },
  {
    path: "link/not-me",
    lazy: lazyPage(() => import("./recovery/link-pages.tsx"), "NotMePage"),
  },
  { path: "sign-up", lazy: lazyPage(() => import("./sign-up/sign-up-page.tsx"), "SignUpPage") },
  { path: "verify", lazy: lazyPage(() => import("./sign-up/verify-page.tsx"), "VerifyPage") },
  { path: "welcome", lazy: lazyPage(() => import("./welcome/welcome-page.tsx"), "WelcomePage") },
  { path: "not-me", lazy: lazyPage(() => import("./devices/not-me-page.tsx"), "NotMePage") },
  { path: "claim", lazy: lazyPage(() => import("./claim/claim-page.tsx"), "ClaimPage") },
];

export const identityRoutes: readonly RouteObject[] = [
  { path: "account", lazy: lazyPage(() => import("./account/profile-page.tsx"), "ProfilePage") },
  {
    path: "account/password",
    lazy: lazyPage(() => import("./passwords/password-page.tsx"), "PasswordPage"),
  },
  {
    path: "account/two-factor",
    lazy: lazyPage(() => import("./second-factors/two-factor-page.tsx"), "TwoFactorPage"),
  },
  {
    path: "account/sessions",
    lazy: lazyPage(() => import("./sessions/sessions-page.tsx"), "SessionsPage"),
  },
];
