import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import staticFiles from "@fastify/static";
import type { FastifyPluginAsync, FastifyReply } from "fastify";
import { ProblemError } from "../../problem-error.ts";
import { panelSections } from "../../contract/panel-paths.ts";
import { brandingFiles } from "../branding/branding-files.ts";

/** Where scripts/build-panel.ts puts the panel. */
const FOLDER = fileURLToPath(new URL("../../../dist/panel", import.meta.url));

/*
 * Scripts come from here alone, none inline; nothing is asked of third parties. Styles may stand in
 * attributes and elements: Mantine sets its variables so, and a style cannot run.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const options = { schema: { hide: true }, config: { isPublicFile: true } } as const;

/**
 * The panel's page at each of its addresses, and its files. The page is small and never kept; its files
 * bear their content's hash in their names and are kept for good. Is the panel built anew beside a server
 * that runs, the next visitor gets the new page: it is read each time, as seldom as a page is opened.
 */
export const servePanel =
  (folder: string): FastifyPluginAsync =>
  async (app) => {
    let page: string | null = null;
    await app.register(staticFiles, {
      root: folder,
      serve: false,
      preCompressed: true,
      cacheControl: false,
    });

    const sendPage = async (reply: FastifyReply) => {
      // The moment in which one build takes the other's place is no reason to be away.
      page = await readFile(`${folder}/index.html`, "utf8").catch(() => page);
      void reply.header("content-security-policy", POLICY).type("text/html; charset=utf-8");
      if (page !== null) return await reply.send(page);
      return await reply.code(503).send("The panel was not built. Type: npm run build\n");
    };
    for (const path of ["/", ...panelSections.flatMap((name) => [`/${name}`, `/${name}/*`])])
      app.get(path, options, async (_request, reply) => await sendPage(reply));

    app.get<{ Params: { "*": string } }>("/assets/*", options, async (request, reply) => {
      // Vite's names and no other: nothing climbs out of the folder.
      if (!/^[\w-]+\.[\w.-]+$/.test(request.params["*"])) throw new ProblemError("route-not-found");
      void reply.header("cache-control", "public, max-age=31536000, immutable");
      return await reply.sendFile(`assets/${request.params["*"]}`);
    });
    for (const file of ["color-scheme.js", "favicon.svg"])
      app.get(`/${file}`, options, async (_request, reply) => {
        void reply.header("cache-control", "public, max-age=3600");
        return await reply.sendFile(file);
      });

    await app.register(brandingFiles);
  };

export const panelRoutes = servePanel(FOLDER);
