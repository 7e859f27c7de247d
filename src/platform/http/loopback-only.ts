import type { FastifyRequest } from "fastify";
import { isLoopbackHost, type Config } from "../../config.ts";
import { ProblemError } from "../../problem-error.ts";

/** Whatever a proxy adds: the caller is then not this machine, wherever the connection comes from. */
const FORWARDING_HEADER =
  /^(forwarded|via|x-forwarded(-.*)?|x-real-ip|x-client-ip|x-cluster-client-ip|true-client-ip|cf-connecting-ip(v6)?|fastly-client-ip|x-original-.*|x-envoy-external-address)$/;

/**
 * What nobody but a person at this machine may see: the public URL, the peer and the Host are all
 * loopback, and nobody has forwarded the request. A page of another site that had its name point here
 * (DNS rebinding) comes with its own name as Host.
 *
 * @throws {ProblemError} `route-not-found`
 */
export function requireLoopback(
  request: FastifyRequest,
  { isLoopback }: Pick<Config, "isLoopback">,
): void {
  const isForwarded = Object.keys(request.raw.headers).some((name) => FORWARDING_HEADER.test(name));
  const isHere =
    isLoopback &&
    isLoopbackPeer(request.socket.remoteAddress) &&
    isLoopbackHost(withoutPort(request.raw.headers.host ?? ""));
  if (!isHere || isForwarded) throw new ProblemError("route-not-found");
}

/** A dual-stack socket writes IPv4 as ::ffff:127.0.0.1. */
function isLoopbackPeer(address: string | undefined): boolean {
  return address !== undefined && isLoopbackHost(address.replace(/^::ffff:/i, ""));
}

const withoutPort = (host: string): string => host.replace(/:\d{1,5}$/, "").toLowerCase();
