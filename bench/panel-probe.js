// Runs in the panel's page before anything else, and notes when what is waited for has been painted.
const probe = {
  /** ms since navigation began; null while it has not come. */
  headingMs: null,
  entriesMs: null,
  picturesMs: null,
  /** Since the last reset: how long the page took to paint after a key or click, and was busy at a stretch, ms. */
  slowestInputMs: 0,
  longestTaskMs: 0,
  /** From the change of a filter to the entries that fit it, ms. */
  changeMs: null,
  /** Something was changed just now that tells no event of its own. */
  begin() {
    changedAtMs = performance.now();
  },
  reset() {
    Object.assign(probe, { slowestInputMs: 0, longestTaskMs: 0, changeMs: null });
    sawOldEntries = false;
    changedAtMs = null;
  },
};
globalThis.probe = probe;

let changedAtMs = null;
let sawOldEntries = false;

/** After the next frame is drawn. */
const painted = (then) =>
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", () => then(performance.now()));
    port1.start();
    port2.postMessage(null);
  });

addEventListener("change", () => (changedAtMs ??= performance.now()), true);

const look = () => {
  if (probe.headingMs === null && document.querySelector("#page h1") !== null) {
    probe.headingMs = Number.NaN;
    painted((now) => (probe.headingMs = now));
  }
  if (probe.entriesMs === null && document.querySelector('#page a[href*="entry="]') !== null) {
    probe.entriesMs = Number.NaN;
    painted((now) => (probe.entriesMs = now));
  }
  if (probe.picturesMs === null && document.querySelector("#page svg.chart-svg") !== null) {
    probe.picturesMs = Number.NaN;
    painted((now) => (probe.picturesMs = now));
  }
  if (changedAtMs === null || probe.changeMs !== null) return;
  // The page says so while the entries are not those of the filter yet.
  const isBehind = document.querySelector('#page .log-entries[aria-busy="true"]') !== null;
  if (isBehind) sawOldEntries = true;
  else if (sawOldEntries) {
    probe.changeMs = Number.NaN;
    const from = changedAtMs;
    painted((now) => (probe.changeMs = now - from));
  }
};

document.addEventListener("readystatechange", look);
new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });

new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries())
    probe.slowestInputMs = Math.max(probe.slowestInputMs, duration);
}).observe({ type: "event", durationThreshold: 16, buffered: true });
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries())
    probe.longestTaskMs = Math.max(probe.longestTaskMs, duration);
}).observe({ type: "longtask", buffered: true });
