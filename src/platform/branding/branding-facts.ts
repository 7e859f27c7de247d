import type { Config } from "../../config.ts";
import type { BrandingFields, PublicBranding } from "../../contract/platform/branding.ts";
import { DEFAULT_COLOR } from "../../contract/platform/brand-color.ts";
import type { StoredBranding } from "./branding-queries.ts";

/** Who mails come from: what the operator set, else the settings, else the product's name. */
export function senderOf(
  branding: Pick<BrandingFields, "name" | "mailFromName" | "mailFromAddress">,
  { mailFrom }: Pick<Config, "mailFrom">,
): { name: string; address: string } {
  return {
    name: branding.mailFromName || mailFrom.name || branding.name,
    address: branding.mailFromAddress || mailFrom.address,
  };
}

/** Changes with the logo, so that browsers may keep what is there for good. */
export const logoUrl = ({ version }: { version: number }): string => `/branding/logo?v=${version}`;

const orNull = (text: string): string | null => (text === "" ? null : text);

/** What everybody may know: nothing of the mails. */
export function publicBranding(
  branding: StoredBranding,
  { supportUrl, smtpUrl, isLoopback }: Pick<Config, "supportUrl" | "smtpUrl" | "isLoopback">,
): PublicBranding {
  return {
    name: branding.name,
    primaryColor: branding.primaryColor || DEFAULT_COLOR,
    logoUrl: branding.logo && logoUrl(branding.logo),
    showsMaker: branding.showsMaker,
    supportUrl: orNull(branding.supportUrl) ?? supportUrl ?? null,
    supportEmail: orNull(branding.supportEmail),
    termsUrl: orNull(branding.termsUrl),
    privacyUrl: orNull(branding.privacyUrl),
    imprintUrl: orNull(branding.imprintUrl),
    hasSandboxMail: smtpUrl === undefined && isLoopback,
  };
}
