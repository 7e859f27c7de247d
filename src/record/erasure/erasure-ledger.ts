import type { KeyRing } from "../../platform/crypto/key-ring.ts";
import { folderStore, type AnchorStore } from "../anchor/anchor-store.ts";
import { isPlan, type ErasurePlan } from "./plan.ts";

/**
 * What was erased, in the anchor: apart from the database, so that one that came back from the past can be told.
 * A page for each act, written before anything goes. Pages bear a MAC: whoever can write there alone
 * cannot have anything erased.
 */
export type ErasureLedger = {
  /** Numbers of all pages, ascending. @throws when the anchor cannot be read. */
  numbers(): Promise<number[]>;
  /** @throws {Error} naming a page that is gone, damaged or not one of ours. */
  read(number: number): Promise<ErasurePlan>;
  /** There for good before it returns. @returns false when there is such a page already. */
  add(number: number, plan: ErasurePlan): Promise<boolean>;
};

const NAME = /^([1-9]\d{0,14})\.json$/;
const LABEL = "sallyport-erasure/v1";

const nameOf = (number: number): string => `erasures/${number}.json`;

type Page = { format: typeof LABEL; number: number; plan: unknown; keyId: string; mac: string };

/** Below `erasures` in the anchor. */
export function ledgerIn(store: AnchorStore, keyRing: KeyRing): ErasureLedger {
  return {
    numbers: async () =>
      (await store.list("erasures"))
        .flatMap((name) => NAME.exec(name)?.[1] ?? [])
        .map(Number)
        .toSorted((one, other) => one - other),
    read: async (number) => {
      const text = (await store.read(nameOf(number))) ?? "";
      const plan = planIn(keyRing, { number, text });
      if (plan === null)
        throw new Error(
          `${store.placeOf(nameOf(number))} is gone, damaged, or was not written with a secret key of ours: put it back from your backup, or set its key as SALLYPORT_SECRET_KEY_PREVIOUS`,
        );
      return plan;
    },
    add: async (number, plan) => {
      const { keyId, mac } = keyRing.mac("record-mac", sealed(number, plan));
      const page: Page = { format: LABEL, number, plan, keyId, mac: mac.toString("base64") };
      return await store.createOnce(nameOf(number), `${JSON.stringify(page)}\n`);
    },
  };
}

export const folderLedger = (folder: string, keyRing: KeyRing): ErasureLedger =>
  ledgerIn(folderStore(folder), keyRing);

/** A batch's MAC begins with a list's bracket and another label: none is good for the other. */
const sealed = (number: number, plan: unknown): string =>
  `${LABEL}\n${JSON.stringify([number, plan])}`;

function planIn(
  keyRing: KeyRing,
  { number, text }: { number: number; text: string },
): ErasurePlan | null {
  const page = pageIn(text);
  if (page === null || page.format !== LABEL || page.number !== number) return null;
  const { plan, keyId, mac } = page;
  const isOurs =
    typeof keyId === "string" &&
    typeof mac === "string" &&
    keyRing.verifyMac("record-mac", keyId, sealed(number, plan), Buffer.from(mac, "base64"));
  return isOurs && isPlan(plan) ? plan : null;
}

function pageIn(text: string): Partial<Page> | null {
  try {
    const page: unknown = JSON.parse(text);
    return typeof page === "object" ? page : null;
  } catch {
    return null;
  }
}
