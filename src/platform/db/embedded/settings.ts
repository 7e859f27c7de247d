import { createHash } from "node:crypto";
import { totalmem } from "node:os";

const MIB = 1024 * 1024;

/**
 * Given on the command line at every start, so that they hold whatever postgresql.conf says.
 * Nothing acknowledged may be lost: fsync, full_page_writes and synchronous_commit stay on.
 */
export function serverSettings(socketFolder: string, dataFolder: string): Record<string, string> {
  return {
    cluster_name: clusterName(dataFolder),
    listen_addresses: "",
    unix_socket_directories: socketFolder,
    unix_socket_permissions: "0700",
    max_connections: "200",
    shared_buffers: `${sharedBuffersMib()}MB`,
    fsync: "on",
    full_page_writes: "on",
    synchronous_commit: "on",
    wal_compression: "on",
    // Short queries only: compiling one costs more than running it.
    jit: "off",
    password_encryption: "scram-sha-256",
    timezone: "UTC",
    log_timezone: "UTC",
    logging_collector: "off",
    log_destination: "stderr",
    log_checkpoints: "off",
    // "log" leaves out ERROR, and terse leaves out details: both can hold what people typed.
    log_min_messages: "log",
    log_error_verbosity: "terse",
    log_min_error_statement: "panic",
  };
}

/** Stands in the title of every process of a cluster, and so tells them from others without privileges. */
export function clusterName(dataFolder: string): string {
  return `sallyport-${createHash("sha256").update(dataFolder).digest("hex").slice(0, 16)}`;
}

/** An eighth of the memory (of the container, where it is limited), 32 to 512 MiB. */
function sharedBuffersMib(): number {
  const limit = process.constrainedMemory();
  const bytes = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return Math.min(512, Math.max(32, Math.floor(bytes / 8 / MIB)));
}
