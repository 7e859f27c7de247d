import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type {
  AssertionOptions,
  Passkey,
  PasskeyAssertion,
  PasskeyList,
  RegistrationOptions,
} from "../../../src/contract/identity/passkeys.ts";
import type { CurrentSession } from "../../../src/contract/identity/sessions.ts";
import { request } from "../../api/client.ts";
import { unlessFailed } from "../../api/query-client.ts";
import { askForPasskey, makePasskey } from "./browser-passkey.ts";

type Level = CurrentSession["session"]["level"];
type LevelReply = { session: { level: Level } };

export const passkeysQuery = queryOptions({
  queryKey: ["passkeys"],
  queryFn: ({ signal }) => request<PasskeyList>("GET", "/passkeys", { signal }),
});

/** After each change, what is listed. */
function usePasskeyChange<Given, Reply>(mutationFn: (given: Given) => Promise<Reply>) {
  const queryClient = useQueryClient();
  return useMutation<Reply, Error, Given>({
    mutationFn,
    onSettled: (_reply, error) => unlessFailed(error, queryClient.invalidateQueries(passkeysQuery)),
  });
}

/** Asks that it's you where that is due, then lets the browser make a passkey. */
export const useAddPasskey = () =>
  usePasskeyChange(async (name: string) => {
    const options = await request<RegistrationOptions>("POST", "/passkeys/options", { body: {} });
    const registration = await makePasskey(options);
    const body = { name, registration };
    return (await request<{ passkey: Passkey }>("POST", "/passkeys", { body })).passkey;
  });

export const useRenamePasskey = () =>
  usePasskeyChange(({ id, name }: { id: string; name: string }) =>
    request("PATCH", `/passkeys/${id}`, { body: { name } }),
  );

export const useRemovePasskey = () =>
  usePasskeyChange((id: string) => request("DELETE", `/passkeys/${id}`));

/** A passkey alone: both factors at once. */
export async function signInWithPasskey(): Promise<Level> {
  const assertion = await assertionFor("/passkeys/sign-in");
  const body = { assertion };
  return (await request<LevelReply>("POST", "/passkeys/sign-in", { body, isAlone: true })).session
    .level;
}

/** After the password, in the code's place. */
export async function verifyPasskey(): Promise<Level> {
  const body = { assertion: await assertionFor("/sign-in/passkey") };
  return (await request<LevelReply>("POST", "/sign-in/passkey", { body, isAlone: true })).session
    .level;
}

export async function stepUpWithPasskey(): Promise<void> {
  const own = { isAlone: true, isOwn: true };
  const body = { assertion: await assertionFor("/step-up/passkey", own) };
  await request("POST", "/step-up/passkey", { body, ...own });
}

async function assertionFor(
  path: string,
  whose: { isAlone: boolean; isOwn?: boolean } = { isAlone: true },
): Promise<PasskeyAssertion> {
  const options = { body: {}, ...whose };
  return await askForPasskey(await request<AssertionOptions>("POST", `${path}/options`, options));
}
