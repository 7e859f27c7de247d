// Plain JavaScript: scripts/ensure.mjs uses it before anything is installed, on any Node from 18 on.
import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";

/**
 * What tells one process from another that later gets the same pid: its start time in clock ticks.
 * @param {number} pid
 * @returns {string | null} null when there is no such process, or only its zombie
 */
export function processStamp(pid) {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The command stands in brackets and may hold spaces and brackets itself.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? null : (fields[19] ?? null);
}

/**
 * Takes the lock file at `path` for this process, also from a holder that has died.
 * @param {string} path in a folder that exists
 * @returns {{ heldBy: null, release: () => void } | { heldBy: number }} the living holder's pid otherwise
 */
export function tryProcessLock(path) {
  const mine = `${process.pid} ${processStamp(process.pid)} ${randomUUID()}\n`;
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, mine, { mode: 0o600 });
  try {
    for (;;) {
      if (tryLink(draft, path)) return { heldBy: null, release: () => releaseOwn(path, mine) };
      const holder = readText(path);
      if (holder === null) continue;
      const [pid = "", stamp] = holder.trim().split(" ");
      if (processStamp(Number(pid)) === stamp) return { heldBy: Number(pid) };
      removeStale(path, holder);
    }
  } finally {
    unlinkSync(draft);
  }
}

/** link() is what makes it a lock: the name appears at once with its whole content, or not at all. */
function tryLink(draft, path) {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    return false;
  }
}

/** Moves away what was judged dead; what turns out to be somebody's fresh lock is put back. */
function removeStale(path, content) {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  if (readText(aside) !== content) tryLink(aside, path);
  unlinkSync(aside);
}

function releaseOwn(path, mine) {
  if (readText(path) === mine) unlinkSync(path);
}

function readText(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    // ESRCH: a process that ended between open and read.
    if (error.code === "ENOENT" || error.code === "ESRCH") return null;
    throw error;
  }
}
