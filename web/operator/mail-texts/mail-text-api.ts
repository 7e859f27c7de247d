import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type {
  MailPreview,
  MailText,
  MailTextChange,
  MailWording,
} from "../../../src/contract/platform/mail-texts.ts";
import { request } from "../../api/client.ts";

export type { MailText, MailWording };

export const mailTextsQuery = queryOptions({
  queryKey: ["operator", "mail-texts"],
  queryFn: async ({ signal }) =>
    (await request<{ texts: MailText[] }>("GET", "/operator/mail-texts", { signal })).texts,
  // Another operator's change must not take away what is being typed: it shows when one saves.
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: 0,
});

type Named = Pick<MailText, "kind" | "language">;

const at = ({ kind, language }: Named) => `/operator/mail-texts/${kind}/${language}`;

export function useChangeMailText(named: Named) {
  const queryClient = useQueryClient();
  return useMutation<MailText, Error, MailTextChange>({
    mutationFn: (body) => request("PUT", at(named), { body }),
    onSuccess: (saved) => {
      queryClient.setQueryData(mailTextsQuery.queryKey, (texts) =>
        texts?.map((text) =>
          text.kind === saved.kind && text.language === saved.language ? saved : text,
        ),
      );
    },
  });
}

export const usePreview = (named: Named) =>
  useMutation<MailPreview, Error, MailWording>({
    mutationFn: (body) => request("POST", `${at(named)}/preview`, { body }),
  });

export const sendTestMail = async (named: Named, body: MailWording): Promise<void> =>
  await request("POST", `${at(named)}/test`, { body });
