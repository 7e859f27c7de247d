import type { Context } from "../../context.ts";
import { networkOf } from "../../platform/client-address/parse-address.ts";
import { findKnown } from "../devices/find-known.ts";
import { createWorkGate, type WorkGate } from "../passwords/work-gate.ts";
import { giveBackAllowances, takeAllowances, type Claim } from "./allowance.ts";
import { countWrong } from "./count-wrong.ts";
import {
  ATTACKED_PAIR_ALLOWANCE,
  NETWORK_ALLOWANCE,
  PAIR_ALLOWANCE,
  STRANGERS_ALLOWANCE,
} from "./limits.ts";
import { orBusy } from "./or-busy.ts";

/** Checks under way for one pair, in this process: below its burst, so that right passwords at once do not starve each other. */
const PAIR_PARALLEL = 4;
/** The same for a network, below its burst. */
const NETWORK_PARALLEL = 64;
/** Tries waiting for their turn, of one pair or network. */
const MAX_WAITING = 200;

/** Where a check stands among others. */
export type Turn = { isAhead: boolean };

/** Lets a password be tried. */
export type PasswordGuard = {
  /**
   * Runs the check, which gives null for a wrong password. Wrong ones count against the caller's
   * network (IPv4 address, IPv6 /64) and against the pair of network and address, whether or not
   * there is such an account. Nothing locks the account itself: from another network its owner gets in.
   *
   * A browser that the account knows counts by itself: a stranger behind the same address does not keep it out. It,
   * and a network that the account knows, go ahead in the queue of hashes. Of all others together so many wrong ones
   * leave each of their networks less.
   *
   * A try is counted before it is made and given back when it was right, so that no number of
   * parallel wrong ones passes the cap.
   *
   * @throws {ProblemError} `too-many-requests` with Retry-After; then nothing was checked.
   */
  attempt<T>(
    ctx: Context,
    emailKey: string,
    check: (turn: Turn) => Promise<T | null>,
  ): Promise<T | null>;
};

export function createPasswordGuard(): PasswordGuard {
  const pairs = createTurns(PAIR_PARALLEL);
  const networks = createTurns(NETWORK_PARALLEL);
  return {
    async attempt(ctx, emailKey, check) {
      const { device, isKnownNetwork } = await findKnown(ctx, emailKey);
      const checkAhead = () => check({ isAhead: true });
      if (device !== null) {
        const own = { allowance: PAIR_ALLOWANCE, subject: `device\0${device}\0${emailKey}` };
        return await pairs(own.subject, () => countWrong(ctx, [own], checkAhead));
      }
      const network = networkOf(ctx.origin.address);
      const pair = `${network}\0${emailKey}`;
      const claims = [
        { allowance: PAIR_ALLOWANCE, subject: pair },
        { allowance: NETWORK_ALLOWANCE, subject: network },
      ];
      return await pairs(pair, () =>
        networks(network, () =>
          isKnownNetwork
            ? countWrong(ctx, claims, checkAhead)
            : countStranger(ctx, { claims, emailKey, pair }, () => check({ isAhead: false })),
        ),
      );
    },
  };
}

async function countStranger<T>(
  ctx: Context,
  { claims, emailKey, pair }: { claims: readonly Claim[]; emailKey: string; pair: string },
  check: () => Promise<T | null>,
): Promise<T | null> {
  const strangers = [{ allowance: STRANGERS_ALLOWANCE, subject: emailKey }];
  const isCalm = (await takeAllowances(ctx, strangers)) === 0;
  const scarce = { allowance: ATTACKED_PAIR_ALLOWANCE, subject: pair };
  let isWrong = false;
  try {
    const result = await countWrong(ctx, isCalm ? claims : [...claims, scarce], check);
    isWrong = result === null;
    return result;
  } finally {
    if (isCalm && !isWrong) await giveBackAllowances(ctx, strangers);
  }
}

/** Lets at most `parallel` tasks of one key run; the others wait. Keys without a task take no memory. */
function createTurns(parallel: number) {
  const gates = new Map<string, WorkGate>();
  return async <T>(key: string, task: () => Promise<T>): Promise<T> => {
    const gate = gates.get(key) ?? createWorkGate({ parallel, maxQueued: MAX_WAITING });
    gates.set(key, gate);
    try {
      return await orBusy(gate.run(task));
    } finally {
      if (gate.running === 0 && gate.queued === 0) gates.delete(key);
    }
  };
}
