import { queryOptions } from "@tanstack/react-query";
import type {
  NewSupportConsent,
  SupportConsent,
  SupportConsentList,
  SupportRequest,
} from "../../../src/contract/operator/support-access.ts";
import { request } from "../../api/client.ts";
import { APPS } from "./app-api.ts";

export type { SupportConsent, SupportRequest };

/** For how long one asks or lets look, hours; the longest is what the server takes. */
export const durations = ["4", "24", "72", "168"] as const;

export const consentsQuery = (appId: string) =>
  queryOptions({
    queryKey: [APPS, appId, "support-consents"],
    queryFn: ({ signal }) =>
      request<SupportConsentList>("GET", `/apps/${appId}/support-consents`, { signal }),
  });

export const giveConsent = (appId: string, body: NewSupportConsent): Promise<void> =>
  request("POST", `/apps/${appId}/support-consents`, { body, isCreation: true });

export const refuseRequest = (appId: string, requestId: string): Promise<void> =>
  request("DELETE", `/apps/${appId}/support-requests/${requestId}`);

export const withdrawConsent = (appId: string, consentId: string): Promise<void> =>
  request("DELETE", `/apps/${appId}/support-consents/${consentId}`);
