/** Problems of organisations, sharing, keys and address rules. */
export const accessProblems = {
  "wrong-account": { status: 403, title: "This invitation is for another account" },
  "beyond-your-own": { status: 403, title: "You can't give more than you hold yourself" },
  "address-not-allowed": { status: 403, title: "This may not be used from this address" },
  "last-owner": { status: 409, title: "An organisation keeps at least one owner" },
  "already-shared": {
    status: 409,
    title: "This account has access already: change its role instead",
  },
  "already-member": { status: 409, title: "This person belongs to the organisation already" },
  "limit-reached": { status: 409, title: "There are too many of these: remove some first" },
  "name-taken": { status: 409, title: "This name is taken" },
  "role-in-use": { status: 409, title: "Somebody still has this role" },
  "callers-would-be-cut-off": {
    status: 409,
    title: "Recent callers are not on the list: confirm or add them",
  },
  "already-rotated": { status: 409, title: "This key has a successor already" },
  "key-ended": { status: 409, title: "This key was revoked or has expired: make a new one" },
  "network-too-wide": {
    status: 409,
    title: "A network admits a large part of the internet: confirm or narrow it",
  },
  "nothing-to-confirm": { status: 409, title: "No change of these rules waits to be confirmed" },
  "change-went-back": {
    status: 410,
    title: "This change was not confirmed in time and went back: make it again",
  },
} as const;
