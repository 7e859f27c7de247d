import { queryOptions } from "@tanstack/react-query";
import type { Removal } from "../../../src/contract/access/receipt.ts";
import type { Language } from "../../../src/contract/languages.ts";
import { ApiProblem, requestReply, request } from "../../api/client.ts";
import { saveText } from "../../ui/save-text.ts";
import { ACCESS } from "../sharing/access-api.ts";

export const removalsQuery = (organisationId: string) =>
  queryOptions({
    queryKey: [ACCESS, "removals", organisationId],
    queryFn: ({ signal }) =>
      request<{ removals: Removal[] }>("GET", `/organisations/${organisationId}/removals`, {
        signal,
      }),
  });

export type ReceiptName = { organisationId: string; removalId: string };

/** The log signs within a second or two; waited for so often. */
const TRIES = 15;

/**
 * Fetches a removal's receipt, as a page that checks itself, and hands it to the browser as a file.
 *
 * @throws {ApiProblem} `not-proven-yet` where the log is not signed for long.
 */
export async function downloadReceipt(
  { organisationId, removalId }: ReceiptName,
  language: Language,
): Promise<void> {
  const path = `/organisations/${organisationId}/removals/${removalId}/receipt`;
  const reply = await signedReply(`${path}?${new URLSearchParams({ format: "html", language })}`);
  const name = /filename="([\w.-]+)"/.exec(reply.headers.get("content-disposition") ?? "")?.[1];
  saveText(name ?? "receipt.html", await reply.text(), "text/html;charset=utf-8");
}

async function signedReply(path: string): Promise<Response> {
  for (let left = TRIES; ; left--) {
    try {
      return await requestReply("GET", path);
    } catch (error) {
      const isEarly = error instanceof ApiProblem && error.code === "not-proven-yet";
      if (!isEarly || left === 0) throw error;
      await new Promise((resolve) => {
        setTimeout(resolve, (error.retryAfterSeconds ?? 2) * 1_000);
      });
    }
  }
}
