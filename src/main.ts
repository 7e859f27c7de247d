import { enableCompileCache, flushCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

/*
 * Reading the code is most of the time that a start takes. It is kept compiled beside the packages, where
 * nobody else can put something: the shared folder for temporary files would be an open door. Where it
 * cannot be written, the start is only slower.
 */
enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/sallyport", import.meta.url)));
const { runProcess } = await import("./start/run-process.ts");

await runProcess(process.argv.slice(2), (code) => process.exit(code));
// A process that is killed would not write it.
setImmediate(flushCompileCache);
