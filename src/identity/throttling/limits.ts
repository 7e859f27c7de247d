import type { Allowance } from "./allowance.ts";
import type { WindowCap } from "./window.ts";

const MINUTE_MS = 60_000;

/** Sign-ups of one network: a class room at once, then one a minute. */
export const SIGN_UP_ALLOWANCE: Allowance = { name: "sign-up", burst: 20, refillMs: MINUTE_MS };

/** Wrong passwords of one network for one address, known or not: some 260 a day, so none that passed our rules falls. */
export const PAIR_ALLOWANCE: Allowance = {
  name: "wrong-password-pair",
  burst: 10,
  refillMs: 6 * MINUTE_MS,
};

/** Wrong passwords of one network for any address: an office on a Monday, not a list of leaked passwords. */
export const NETWORK_ALLOWANCE: Allowance = {
  name: "wrong-password-network",
  burst: 100,
  refillMs: MINUTE_MS / 2,
};

/** Addresses that one account asks for: somebody who mistypes theirs, not a list to be tried out. */
export const ADDRESS_ALLOWANCE: Allowance = {
  name: "address",
  burst: 10,
  refillMs: 10 * MINUTE_MS,
};

/** Links that one network asks for, to addresses known or not: a help desk at work, not a list of addresses. */
export const LINK_ALLOWANCE: Allowance = { name: "link", burst: 20, refillMs: MINUTE_MS };

/** Recoveries that are begun for one account: each mails all its addresses three times. */
export const RECOVERY_ALLOWANCE: Allowance = {
  name: "recovery",
  burst: 3,
  refillMs: 24 * 60 * MINUTE_MS,
};

/**
 * Wrong passwords for one address from browsers and networks that its account does not know, all networks together:
 * beyond it somebody is guessing, and each network has `ATTACKED_PAIR_ALLOWANCE` left. Nobody is kept out by it.
 */
export const STRANGERS_ALLOWANCE: Allowance = {
  name: "wrong-password-strangers",
  burst: 100,
  refillMs: MINUTE_MS,
};

/** Of one network for an address that is being guessed at: its owner on holiday gets in, typing once beside it. */
export const ATTACKED_PAIR_ALLOWANCE: Allowance = {
  name: "wrong-password-attacked-pair",
  burst: 2,
  refillMs: 60 * MINUTE_MS,
};

/** Mails that strangers can have sent to one mailbox. */
export const MAIL_CAP: WindowCap = { name: "mail", max: 5, windowMs: 60 * MINUTE_MS };
