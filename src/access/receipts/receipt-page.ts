import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { LeaverReceipt } from "../../contract/access/receipt.ts";
import type { Language } from "../../contract/languages.ts";
import en from "../../contract/texts/en/pages/receipt.json" with { type: "json" };
import nl from "../../contract/texts/nl/pages/receipt.json" with { type: "json" };

/** What scripts/build-panel.ts makes of web/receipt: the code that checks a receipt and shows it. */
const SCRIPT = fileURLToPath(new URL("../../../dist/panel/receipt/receipt.js", import.meta.url));
const STYLE = fileURLToPath(new URL("../../../web/receipt/receipt.css", import.meta.url));

const SCRIPT_WANTED: Record<Language, string> = { en: en.script, nl: nl.script };

/** As it stands in a `script` element: nothing in it ends the element. */
const inScript = (json: string): string => json.replaceAll("<", "\\u003c");

const sourceOf = (text: string): string =>
  `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/**
 * A receipt in a page of its own, with the code that checks it: to be kept and opened anywhere, without any network.
 * Its own policy lets nothing be loaded or sent.
 *
 * @throws {Error} where the panel was not built.
 */
export async function receiptPage(
  receipt: LeaverReceipt,
  { language }: { language: Language },
): Promise<string> {
  const [code, style] = await Promise.all([readFile(SCRIPT, "utf8"), readFile(STYLE, "utf8")]);
  const script = code.replaceAll("</script", "<\\/script");
  const policy = `default-src 'none'; script-src ${sourceOf(script)}; style-src ${sourceOf(style)}; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Receipt</title>
<style>${style}</style>
</head>
<body>
<main id="page"><noscript>${SCRIPT_WANTED[language]}</noscript></main>
<script type="application/json" id="receipt">${inScript(JSON.stringify(receipt, null, 1))}</script>
<script>${script}</script>
</body>
</html>
`;
}
