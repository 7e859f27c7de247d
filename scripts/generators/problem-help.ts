import type { ProblemCode } from "../../src/contract/problems.ts";

/** What whoever gets a problem can do about it; a code without its line does not compile. Markdown, one line each. */
export const problemHelp: Record<ProblemCode, string> = {
  // any route
  "invalid-request":
    "`errors` lists every field at fault, each once and 20 at most, as a JSON pointer (RFC 6901) with what is wrong and what would be right, for a person to read: show it beside the field. `in` says where: `body`, `querystring`, `params` or `headers`. Mend all of them and send it again; a rule that needs the database may still be told then.",
  "ambiguous-credential":
    "The request carried a session cookie and a key, or two `Authorization` headers. Send one of them.",
  "not-signed-in":
    "Sign in, or send a good key as `Authorization: Bearer`. A key that is wrong, expired, revoked or disabled gets the same answer.",
  "cross-origin":
    "The browser says that another site sent this. Call from the page at `SALLYPORT_PUBLIC_URL`, or check that this setting is the address people use.",
  forbidden:
    "You may see this and not do it. Ask somebody who may share the app for a role that holds the permission; for a key, use one whose role or scopes fit.",
  "route-not-found": "Check method and path against [openapi.json](openapi.json).",
  "not-found":
    "It does not exist, is gone, or is not yours to see: the answer is the same on purpose. Check the id and who you are signed in as.",
  conflict:
    "Somebody changed it between your reading and your writing, or it is in that state already. Read it again and decide anew; `detail` says more where there is more to say.",
  "idempotency-key-reused":
    "Use a new `Idempotency-Key` for each new request, and the old one only for the very same request.",
  "request-too-slow":
    "A request must be here whole within 30 seconds, its headers within 10. Send it again on a better connection.",
  "body-too-large": "A body may have 64 KiB. Send less at a time.",
  "address-too-long": "Shorten the path or the query.",
  "media-type-not-supported": "Send `Content-Type: application/json`.",
  "too-many-requests": "Wait for as many seconds as `Retry-After` says, then go on more slowly.",
  "headers-too-large": "All headers together may have 16 KiB. A large cookie is the usual reason.",
  internal:
    "Not your fault. Report the `requestId`: the operator finds the cause under it in the log.",
  "record-unavailable":
    "PostgreSQL did not take the entry. In the rare case that its answer to a commit was lost and it stays away, the thing may have been done: read before you repeat what is not safe to repeat.",

  // sign-up, sign-in, second factors, sessions
  "wrong-credentials":
    "Type both again. It never says which of them is wrong, nor whether the address has an account.",
  "wrong-code":
    "Wait for the next code: each works once. If it keeps failing, set the clock of the device that makes the codes. A fifth wrong code ends the attempt: sign in again.",
  "wrong-passkey":
    "Ask for new options and let the browser sign them: each challenge is answered once, within 5 minutes, by the session that asked. The log of the service says under the `requestId` what was wrong. Check that people open the very address in `SALLYPORT_PUBLIC_URL`, and that `SALLYPORT_RP_ID` was not changed. With `detailCode` `passkey-cloned` the signature was right and a copy of the passkey seems to exist: remove it and add a new one.",
  "another-account":
    "The request said in `sallyport-account` whom it is for, and the session belongs to another account: nothing was done. Read everything anew as whoever is signed in now, or sign in as the first one.",
  "step-up-required":
    "`POST /v1/step-up` with a code, or `POST /v1/step-up/passkey`, then repeat the call. It is good for 10 minutes in this session.",
  "enrolment-required":
    "`POST /v1/second-factors/totp`, then `…/confirm` with a code. Nothing else answers this session before.",
  "second-factor-required":
    "`POST /v1/sign-in/totp` with a code, `POST /v1/sign-in/passkey`, or `POST /v1/sign-in/recovery-code`. Nothing else answers this session before.",
  "new-password-required":
    "`POST /v1/account/password` with `newPassword`; `newPassword` of `GET /v1/sessions/current` says what is asked, and whether `currentPassword` and `code` are wanted too. Nothing else answers this session before.",
  "factor-paused":
    "Ten wrong codes within an hour pause the second factor for 15 minutes; `Retry-After` says how much is left. If it was not you who typed them, somebody knows your password: tell the operator, who can disable the account.",
  "dead-link":
    "Ask for a new mail: sign up again, or have the invitation sent again. The newest mail counts.",

  // organisations, sharing, keys, address rules
  "wrong-account":
    "Sign out, and in again with the address that the mail was sent to; or ask for an invitation to the address you use.",
  "beyond-your-own":
    "Give a smaller role or an earlier end (`detail` names what you lack), or ask somebody with more to give it.",
  "address-not-allowed":
    "The key, or the session, is good, the place is not: call from an address on the lists, or have this one added (`…/address-rules`; `…/test` says which level refuses). A session can still sign out; `GET /v1/account/address-rules` from within has its list.",
  "last-owner": "Make somebody else an owner first.",
  "already-shared": "Change the grant: `PATCH /v1/apps/:appId/grants/:grantId`.",
  "already-member": "Change their role instead: `PATCH /v1/organisations/:id/people/:accountId`.",
  "limit-reached": "Remove what is no longer used; `detail` says how many there may be.",
  "name-taken": "Choose another name. The built-in roles, `owner` and `officer` are taken always.",
  "role-in-use": "Give its holders, and waiting invitations, another role first.",
  "callers-would-be-cut-off":
    "`callers` lists who used these keys, or where one's own sessions were used, lately from addresses that are not on the list. Add them, or send the change again with `confirm: true`.",
  "already-rotated": "`rotatedTo` of the key names its successor. Rotate that one.",
  "key-ended": "It is over for good; nothing brings it back. Make a new key.",
  "network-too-wide":
    "`errors` names the entries. Narrow them, or send the change again with `confirm: true`.",
  "nothing-to-confirm": "Read the rules: they are in force as they stand.",
  "change-went-back":
    "Ten minutes passed without a confirmation, so the rules are as they were before. Make the change again and confirm it, or send it with `confirm: true`.",

  // the record
  "not-proven-yet":
    "The entry is on record; the log is signed every second or so. Ask again after `Retry-After`.",

  // the operator's
  "address-in-use":
    "A mail asks the address's holder. Send the same call again once they have said yes; do not make another account for them.",
  "external-id-taken": "Find out what this `externalId` belongs to, and use another one.",
  "report-id-reused":
    "An id names one report for ever. Send a new id with new contents, the old id only with the very same contents.",
  "reason-required": "Send the reason with the call. It is on record, and the person can read it.",
  "consent-required":
    "Ask the app's owner to consent, for a time; afterwards the call answers until that time is over.",
};
