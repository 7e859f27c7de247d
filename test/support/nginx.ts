import { spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findNginx } from "../../scripts/test-programs.ts";
import { freePort } from "./free-port.ts";
import { waitFor } from "./sallyport-process.ts";

export type Gateway = { port: number; stop(): Promise<void> };

/** Debian's nginx in front of an app, with the configuration that is shipped in deploy/. */
export async function startGateway(given: {
  appPort: number;
  sallyportPort: number;
  appId: string;
  action: string;
  gatewayKey: string;
}): Promise<Gateway> {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-nginx-"));
  await chmod(folder, 0o755);
  await mkdir(join(folder, "temp"));
  await chmod(join(folder, "temp"), 0o777);
  const port = await freePort();
  const shipped = await readFile(
    new URL("../../deploy/nginx/protected-app.conf", import.meta.url),
    "utf8",
  );
  const server = shipped
    .replace(/^#.*$/gm, "")
    .replace("LISTEN", `127.0.0.1:${port}`)
    .replace("APP_ADDRESS", `127.0.0.1:${given.appPort}`)
    .replace("SALLYPORT_ADDRESS", `127.0.0.1:${given.sallyportPort}`)
    .replace("APP_ID", given.appId)
    .replace("=ACTION", `=${given.action}`)
    .replace("GATEWAY_KEY", given.gatewayKey);
  const temp = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `  ${name}_temp_path ${join(folder, "temp", name)};`)
    .join("\n");
  const conf = join(folder, "nginx.conf");
  await writeFile(
    conf,
    `daemon off;\nmaster_process off;\nworker_processes 1;\npid ${join(folder, "pid")};\nerror_log stderr warn;\n` +
      `events { worker_connections 256; }\nhttp {\n  access_log off;\n${temp}\n${server}\n}\n`,
    { mode: 0o600 },
  );
  const child = spawn(findNginx(), ["-c", conf, "-p", folder, "-e", "stderr"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  await waitFor(async () => {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}`);
    return (await callThrough(port, "127.0.0.1", {}).catch(() => null)) !== null;
  });
  return {
    port,
    stop: async () => {
      child.kill("SIGQUIT");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type ThroughReply = { status: number; body: string };

/** One request on a connection of its own from a loopback address of the caller's choice; the path is sent as it is. */
export function callThrough(
  port: number,
  from: string,
  {
    key,
    method = "GET",
    path = "/orders",
    headers = {},
    payload,
  }: {
    key?: string;
    method?: string;
    path?: string;
    headers?: Record<string, string | string[]>;
    payload?: string;
  },
): Promise<ThroughReply> {
  return new Promise((resolve, reject) => {
    const sent = request({
      host: "127.0.0.1",
      port,
      method,
      path,
      localAddress: from,
      agent: false,
      headers: { ...(key !== undefined && { authorization: `Bearer ${key}` }), ...headers },
    });
    sent.once("error", reject);
    sent.once("response", (reply) => {
      let body = "";
      reply.setEncoding("utf8").on("data", (text: string) => (body += text));
      reply.once("end", () => resolve({ status: reply.statusCode ?? 0, body }));
    });
    sent.end(payload);
  });
}
