import { useQueryValue } from "../../ui/use-query-value.ts";
import { EndDialog, type Endable } from "./end-dialog.tsx";
import { RevokeDialog } from "./revoke-dialog.tsx";

/** Which grant's dialog is open: in the address, so that Back closes it. */
export function useGrantDialogs() {
  const [ending, setEnding] = useQueryValue("end");
  const [revoking, setRevoking] = useQueryValue("revoke");
  return {
    ending,
    revoking,
    onEnd: ({ grantId }: Endable) => setEnding(grantId),
    onRevoke: ({ grantId }: Endable) => setRevoking(grantId),
    close: () => (ending === null ? setRevoking(null) : setEnding(null)),
  };
}

/** The dialogs of all grants on a page. */
export function GrantDialogs({
  grants,
  dialogs: { ending, revoking, close },
}: {
  grants: readonly Endable[];
  dialogs: ReturnType<typeof useGrantDialogs>;
}) {
  const find = (id: string | null) => grants.find(({ grantId }) => grantId === id) ?? null;
  return (
    <>
      <EndDialog grant={find(ending)} onClose={close} />
      <RevokeDialog grant={find(revoking)} onClose={close} />
    </>
  );
}
