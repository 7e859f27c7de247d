import { once } from "node:events";
import type { TLSSocket } from "node:tls";
import { OutboundError, type Outbound } from "../../platform/outbound/outbound.ts";
import { failed, PATIENCE_MS, type Deliver, type Sending, type Verdict } from "./delivery.ts";
import { syslogFrame, syslogTest } from "./syslog-frame.ts";

/** Sends a parcel over one TLS connection. */
export const deliverSyslog: Deliver = async (outbound, sending) =>
  await send(
    outbound,
    sending,
    sending.entries.map((entry) => syslogFrame(sending, entry)),
  );

export const testSyslog: Deliver = async (outbound, sending) =>
  await send(outbound, sending, [syslogTest(sending)]);

/**
 * Syslog has no answers. What we have instead: we end our side of the connection and wait for the receiver to end
 * its own, which it does once it has read everything; one that dies before resets the connection, and the parcel
 * is sent again.
 */
async function send(
  outbound: Outbound,
  { destination, stopping }: Sending,
  frames: readonly Buffer[],
): Promise<Verdict> {
  const { syslog } = destination.target;
  if (syslog === undefined) throw new Error("a stream to syslog has a host");
  const { ca, clientCertificate: cert } = syslog;
  const { clientKey: key } = destination;
  const signal = AbortSignal.any([AbortSignal.timeout(PATIENCE_MS), stopping]);
  try {
    const socket = await outbound.connect(syslog, {
      signal,
      tls: {
        ...(ca !== undefined && { ca }),
        ...(cert !== undefined && key !== undefined && { cert, key }),
      },
    });
    await drain(socket, Buffer.concat(frames));
    return { kind: "delivered" };
  } catch (error) {
    return failed(error);
  }
}

async function drain(socket: TLSSocket, bytes: Buffer): Promise<void> {
  socket.resume();
  socket.end(bytes);
  try {
    // Rejects with whatever breaks the connection before.
    await once(socket, "end");
  } catch (error) {
    if (error instanceof OutboundError) throw error;
    const { code = "closed" } = error as { code?: string };
    throw new OutboundError("not-connected", { reason: code, cause: error });
  } finally {
    socket.destroy();
  }
}
