/**
 * Everything that can be wrong with a field, and the parameters that its text is filled with. The texts stand
 * in `texts/<language>/failures.json`, under these codes: the server fills the English one into `detail`, the
 * panel that of its reader. A code is public and permanent, as those of problems are.
 */
export const failureParams = {
  // Any call.
  missing: [],
  "unknown-field": [],
  empty: [],
  "too-short": ["count"],
  "too-long": ["count"],
  "too-few": ["count"],
  "too-many": ["count"],
  "entries-between": ["min", "max"],
  twice: ["first", "second"],
  "some-field-needed": ["fields"],
  "one-field-only": ["fields"],
  "not-a-choice": ["choices"],
  "not-text": [],
  "not-a-boolean": [],
  "not-null": [],
  "not-a-list": [],
  "not-an-object": [],
  "not-an-object-with": ["fields"],
  "not-a-whole-number": [],
  "not-a-number": [],
  "whole-number-between": ["min", "max"],
  "whole-number-from": ["min"],
  "whole-number-to": ["max"],
  "number-between": ["min", "max"],
  "number-from": ["min"],
  "number-to": ["max"],
  "not-an-id": [],
  "not-an-instant": [],
  "not-as-described": [],
  "not-json": [],
  "idempotency-key": [],
  "one-line": [],
  "plain-line": [],
  "plain-text": [],
  "null-character": [],
  "plain-address": [],
  "https-address": [],
  "not-a-colour": [],
  "contrast-too-low": ["ratio", "nearest"],
  "logo-not-base64": [],
  "browser-message": [],
  "logo-too-large": ["size", "max"],
  "logo-type": [],
  // Accounts and passwords.
  "email-address": [],
  "name-line": [],
  "address-yours-already": [],
  "password-too-short": ["count"],
  "password-too-long": ["count"],
  "password-breached": [],
  "password-guessable": [],
  "password-of-yours": [],
  "password-common": [],
  "password-one-word": [],
  "password-keys-in-row": [],
  "password-repeats": [],
  "password-sequence": [],
  "password-date": [],
  "password-wanted-here": [],
  "password-wanted": [],
  "password-not-current": [],
  "password-same": [],
  "password-needs-capital": [],
  "password-needs-number": [],
  "password-needs-special": [],
  "password-used-before": ["days"],
  "custom-only": [],
  "name-wanted": [],
  // Networks, ends, sharing, roles.
  "not-a-network": [],
  "not-an-address": [],
  "cidr-not-an-address": [],
  "cidr-leading-zero": [],
  "cidr-short-form": [],
  "cidr-has-port": [],
  "cidr-zone-id": [],
  "cidr-bad-prefix": ["max", "example"],
  "cidr-mapped-prefix": [],
  "cidr-host-bits": ["address", "network"],
  "network-twice": ["entry"],
  "network-wide": ["network"],
  "list-empty": [],
  "hours-between": ["max"],
  "end-passed": [],
  "end-too-late": [],
  "app-twice": [],
  "other-organisation": [],
  "own-address": [],
  "role-unknown": [],
  "role-not-for-account": [],
  "role-for-services": [],
  "role-name": [],
  "permission-name": [],
  "permission-unknown": [],
  "permission-of-owners": [],
  "key-id": [],
  "organisation-same": [],
  "organisation-none": [],
  "organisation-which": [],
  // The operator's calls.
  "external-id": [],
  "reason-wanted": [],
  "job-id": [],
  "report-id": [],
  "action-name": [],
  "type-name": [],
  "not-near-now": [],
  "change-too-deep": [],
  "change-too-long": ["bytes"],
  "no-such-app": [],
  "no-such-account": [],
  "no-such-organisation": [],
  "no-such-person": [],
  "not-tied": [],
  "owner-wanted": [],
  "address-of-holder": [],
  "own-area": ["areas"],
  "permission-twice": [],
  "placeholder-unknown": ["placeholder", "known"],
  "placeholder-missing": ["placeholder"],
  "placeholder-link": [],
  "placeholder-open": ["example"],
  // Streams of the log.
  pem: [],
  "host-name": [],
  "host-not-public": [],
  "region-name": [],
  "bucket-name": [],
  "object-prefix": [],
  "stream-kind": [],
  "cef-for-syslog": [],
  "not-in-the-log": [],
  // Filters of the log.
  "filter-line": [],
  "too-many-values": ["count"],
  "not-actions": [],
  "not-choices": ["choices"],
  "not-reasons": [],
  "not-ids": [],
  "not-networks": [],
  "not-an-instant-with-zone": [],
  "not-a-time-zone": [],
  "not-a-cursor": [],
  "not-a-log-place": [],
  "end-before-beginning": [],
  "span-empty": [],
  "span-too-long": ["days"],
  "span-too-much": [],
} as const satisfies Record<string, readonly string[]>;

export type FailureCode = keyof typeof failureParams;

/** What an answer to the whole of a request can say more than its problem's code. Texts: `details.json`. */
export const detailParams = {
  "request-under-way": [],
  "done-answer-lost": [],
  "done-shown-once": [],
  "branding-changed-meanwhile": [],
  "catalogue-changed-meanwhile": [],
  "mail-text-changed-meanwhile": [],
  "enrolment-not-begun": [],
  "recovery-waits": [],
  "nothing-to-recover": [],
  "password-changed-meanwhile": [],
  "passkey-cloned": [],
  "passkey-known": [],
  "too-many-passkeys": ["count"],
  "last-factor": [],
  "callers-cut-off": ["count"],
  "offer-for-another": [],
  "offer-dead": [],
  "too-many-apps": ["count"],
  "own-access-ends": ["endsAt"],
  "own-access-ends-role": ["endsAt"],
  "not-held": ["permissions"],
  "own-access": [],
  "too-many-invitations": ["count"],
  "invitation-dead": [],
  "shared-already": ["app"],
  "invited-has-account": [],
  "invited-is-another": [],
  "nothing-left-to-give": [],
  "access-would-have-ended": ["app"],
  "mailed-too-often": ["count"],
  "own-account": [],
  "account-disabled-already": [],
  "account-enabled-already": [],
  "too-many-operator-keys": ["count"],
  "another-account-asked": [],
  "address-not-proven": [],
  "operator-already": [],
  "owners-asked-already": [],
  "exports-running": [],
  "stream-tests-running": [],
  "followers-full": [],
  "gateway-key-may-not": [],
  "no-gateway-key": [],
  "header-alias": [],
  "header-repeated": [],
  "no-credential": [],
  "method-missing": [],
  "uri-ambiguous": [],
} as const satisfies Record<string, readonly string[]>;

export type DetailCode = keyof typeof detailParams;

/** What is valid in a list of networks and rarely meant. Texts: `networkWarnings.json`. */
export const networkWarningParams = {
  "too-wide": ["prefix"],
  "single-ipv6": ["network"],
  private: [],
  "carrier-nat": [],
  loopback: [],
  documentation: [],
} as const satisfies Record<string, readonly string[]>;

/** What an operator should look at: it does not stop the service and should not stay. Texts: `healthWarnings.json`. */
export const healthWarningParams = {
  "record-late": ["seconds"],
  "filing-behind": ["seconds", "batches"],
  "log-behind": ["seconds"],
  "witness-failing": ["names"],
  "bad-batches": [],
  "jobs-failed": ["count"],
  "addresses-failing": ["count"],
  "streams-behind": ["names"],
  "streams-refused": ["count", "names"],
} as const satisfies Record<string, readonly string[]>;

export type HealthWarningCode = keyof typeof healthWarningParams;

/** Why a stream of the log did not get on. Texts: `streamFaults.json`. */
export const streamFaultParams = {
  "name-unknown": [],
  "address-refused": [],
  "not-connected": ["reason"],
  "too-slow": [],
  "answer-too-long": [],
  answered: ["status"],
  refused: ["status"],
  gone: [],
  "too-many-dead-letters": ["count"],
  "batch-altered": [],
  "secret-unreadable": [],
} as const satisfies Record<string, readonly string[]>;

export type StreamFaultCode = keyof typeof streamFaultParams;

export type NetworkWarningCode = keyof typeof networkWarningParams;

type ParamsOf<Names extends readonly string[]> = Readonly<Record<Names[number], string | number>>;

/** A code with exactly the parameters that its text wants. */
type Told<Table extends Record<string, readonly string[]>> = {
  [Code in keyof Table]: Table[Code] extends readonly []
    ? { code: Code; params?: undefined }
    : { code: Code; params: ParamsOf<Table[Code]> };
}[keyof Table];

/** What is wrong with a field, without saying where it stands. Never put the value itself into it. */
export type Fault = Told<typeof failureParams>;

/** What is wrong with a whole request. */
export type Detail = Told<typeof detailParams>;

export type NetworkWarning = Told<typeof networkWarningParams>;

export type HealthWarning = Told<typeof healthWarningParams>;

export type StreamFault = Told<typeof streamFaultParams>;

/** For a schema: what is wrong when its pattern, or whatever else its type does not say, is not met. */
export const failsAs = (fault: Fault): { "x-failure": Fault } => ({ "x-failure": fault });
