import { Secret, TOTP } from "otpauth";
import { DEMO_PASSWORD } from "./demo-people.ts";
import type { DemoLogin } from "./demo-state.ts";

const PERIOD_MS = 30_000;

const totpOf = ({ email, secret }: DemoLogin): TOTP =>
  new TOTP({ issuer: "Sallyport demo", label: email, secret: Secret.fromBase32(secret) });

/** What this person's authenticator app shows, and how long it will, s. */
export function demoCode(login: DemoLogin, nowMs: number): { code: string; seconds: number } {
  const code = totpOf(login).generate({ timestamp: nowMs });
  return { code, seconds: Math.ceil((PERIOD_MS - (nowMs % PERIOD_MS)) / 1000) };
}

/** How to sign in to the demo, for whoever has just started it; the first login is whom to begin with. */
export function describeLogins(logins: readonly DemoLogin[], nowMs: number): string {
  const [first, ...others] = logins;
  if (first === undefined) return "";
  const { code, seconds } = demoCode(first, nowMs);
  const width = Math.max(...logins.map(({ email }) => email.length)) + 2;
  return [
    "The demo company: made-up people, and a password that everybody knows. For this machine alone.",
    `  E-mail    ${first.email}`,
    `  Password  ${DEMO_PASSWORD}`,
    `  Code      ${code} (for ${seconds} s); the next one: npm run -s sallyport -- demo-code`,
    `  Secret    ${first.secret}, for your authenticator app`,
    `            ${totpOf(first).toString()}`,
    "",
    "The others have the same password; their codes: npm run -s sallyport -- demo-code ADDRESS",
    ...others.map(
      ({ email, displayName, part }) => `  ${email.padEnd(width)}${displayName}, ${part}`,
    ),
    "",
    "",
  ].join("\n");
}
