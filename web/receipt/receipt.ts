import type { LeaverReceipt } from "../../src/contract/access/receipt.ts";
import { verifyLeaversReceipt } from "../../src/contract/proofs/verify-leavers-receipt.ts";
import { browserCrypto, canCheckSignatures } from "../proofs/browser-crypto.ts";
import { showMessage, showReceipt } from "./render-receipt.ts";
import { t } from "./texts.ts";

/*
 * The page that is downloaded with a receipt in it: checks what it holds and shows what came of it. Built as
 * one script (scripts/build-panel.ts) that asks nobody for anything.
 */

document.title = t("title");
void checkOwn();

async function checkOwn(): Promise<void> {
  const page = document.querySelector<HTMLElement>("#page");
  if (page === null) return;
  const receipt = readOwn();
  if (receipt === null) return showMessage(page, t("broken"), t("readFault"));
  if (!(await canCheckSignatures()))
    return showMessage(page, t("cannotCheck"), t("cannotCheckIntro"));
  showReceipt(page, await verifyLeaversReceipt(browserCrypto, receipt));
}

function readOwn(): LeaverReceipt | null {
  try {
    const held: unknown = JSON.parse(document.querySelector("#receipt")?.textContent ?? "");
    return typeof held === "object" && held !== null ? (held as LeaverReceipt) : null;
  } catch {
    return null;
  }
}
