import { queryOptions } from "@tanstack/react-query";
import type {
  InvitationAcceptance,
  InvitationAccepted,
  InvitationPreview,
} from "../../../src/contract/access/sharing.ts";
import { readerHere } from "../../i18n/languages.ts";
import { request } from "../../api/client.ts";
import { MAIL_LINK } from "../mail-links/mail-link.ts";

export type Preview = InvitationPreview;
export type Accepted = InvitationAccepted;

/** What the link is about; asking changes nothing. */
export const previewQuery = (token: string) =>
  queryOptions({
    queryKey: [MAIL_LINK, "invitation", token],
    queryFn: () =>
      request<Preview>("POST", "/invitations/preview", { body: { token }, isAlone: true }),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const acceptInvitation = async (body: InvitationAcceptance): Promise<Accepted> =>
  await request<Accepted>("POST", "/invitations/accept", {
    body: { ...body, ...readerHere() },
    isAlone: true,
  });
