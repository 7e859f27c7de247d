import { useMutation } from "@tanstack/react-query";
import { request } from "../../api/client.ts";

/** Makes the caller the first operator. A session at another level is refused, and asked to confirm in place. */
export function useClaimOperator() {
  return useMutation<void, Error, string>({
    mutationFn: (token) => request("POST", "/operator/claim", { body: { token } }),
  });
}
