import { createHash } from "node:crypto";
import type { FastifyReply } from "fastify";
import type { Language } from "../../contract/languages.ts";
import { escapeHtml } from "../mail/render-mail.ts";

/** System fonts and the system's light or dark; nothing is loaded. */
const STYLE = `
:root { color-scheme: light dark; }
body { font: 1rem/1.6 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; line-height: 1.3; }
h2 { font-size: 1.1rem; line-height: 1.3; margin-bottom: .25rem; }
pre { overflow-x: auto; padding: .75rem; border: 1px solid GrayText; border-radius: .25rem; }
pre, .text { white-space: pre-wrap; overflow-wrap: anywhere; }
article { border-top: 1px solid GrayText; padding: 1rem 0; }
.meta { color: color-mix(in srgb, CanvasText 72%, Canvas); margin: 0 0 .5rem; }
`;

/** Whole, so that nothing is added to what the policy's hash is of: a browser would drop the style. */
const STYLE_ELEMENT = `<style>${STYLE}</style>`;

/** Nothing but this page's own style, by its hash; no script, no form, no frame around it. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

/** Text of a page that is HTML already: made by `html`, never from what came from outside. */
export type Html = { readonly html: string };

/** A piece of a page; whatever is put in is escaped, but for pieces. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (string | Html | readonly Html[])[]
): Html {
  return {
    html: parts.reduce((text, part, index) => text + textOf(values[index - 1] ?? "") + part),
  };
}

function textOf(value: string | Html | readonly Html[]): string {
  if (typeof value === "string") return escapeHtml(value);
  return "html" in value ? value.html : value.map((piece) => piece.html).join("\n");
}

/** Answers with a page that stands alone: no script, nothing loaded from anywhere. */
export function sendPage(
  reply: FastifyReply,
  { language, title, body }: { language: Language; title: string; body: Html },
): FastifyReply {
  const page = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        ${{ html: STYLE_ELEMENT }}
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html> `;
  return reply
    .header("content-security-policy", POLICY)
    .type("text/html; charset=utf-8")
    .send(page.html);
}
