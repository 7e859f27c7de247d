/** What a browser calls itself, the more specific before those it pretends to be. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A|iOS)?\//, "Edge"],
  [/\b(?:OPR|Opera)\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bVivaldi\//, "Vivaldi"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\b(?:Chrome|Chromium|CriOS)\//, "Chrome"],
  [/\bVersion\/[\d.]+.*\bSafari\//, "Safari"],
];

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bWindows NT\b/, "Windows"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS"],
  [/\bDebian\b/, "Debian"],
  [/\bUbuntu\b/, "Ubuntu"],
  [/\bFedora\b/, "Fedora"],
  [/\bLinux\b|\bX11\b/, "Linux"],
];

/** How a session's device is shown: "Firefox on Debian". Told by the browser itself, so a help to memory and no proof. */
export function deviceName(userAgent: string): string {
  const { browser, system } = deviceOf(userAgent);
  if (browser !== undefined && system !== undefined) return `${browser} on ${system}`;
  return browser ?? system ?? "Unknown device";
}

/** The same in its parts. A program that is no browser counts as one and has no system. */
export function deviceOf(userAgent: string): {
  browser?: string | undefined;
  system?: string | undefined;
} {
  const browser = nameIn(BROWSERS, userAgent);
  if (browser !== undefined) return { browser, system: nameIn(SYSTEMS, userAgent) };
  const other = program(userAgent);
  return other === undefined ? { system: nameIn(SYSTEMS, userAgent) } : { browser: other };
}

function nameIn(names: readonly (readonly [RegExp, string])[], text: string): string | undefined {
  return names.find(([pattern]) => pattern.test(text))?.[1];
}

/** A program that is no browser names itself first: curl/8.5.0. Every browser says Mozilla there. */
function program(userAgent: string): string | undefined {
  const name = /^([A-Za-z][\w.-]{0,39})(?:\/|$|\s)/.exec(userAgent)?.[1];
  return name === "Mozilla" ? undefined : name;
}
