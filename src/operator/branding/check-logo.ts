import { MAX_LOGO_BYTES, type LogoType } from "../../contract/platform/branding.ts";
import type { Fault } from "../../contract/failures.ts";

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const JPEG = Buffer.from([0xff, 0xd8, 0xff]);

export type CheckedLogo = { bytes: Buffer; type: LogoType } | { fault: Fault };

/**
 * A logo from its base64. What it is, its first bytes say, not its name: the page shows it under that type
 * and no other. SVG, which can carry scripts, is none of them.
 */
export function checkLogo(base64: string): CheckedLogo {
  const bytes = Buffer.from(base64, "base64");
  // Node skips what is not base64; what was skipped would not be what was sent.
  if (bytes.length === 0 || bytes.toString("base64") !== base64)
    return { fault: { code: "logo-not-base64" } };
  if (bytes.length > MAX_LOGO_BYTES)
    return {
      fault: {
        code: "logo-too-large",
        params: { size: Math.ceil(bytes.length / 1000), max: MAX_LOGO_BYTES / 1000 },
      },
    };
  const type = typeOf(bytes);
  if (type === null) return { fault: { code: "logo-type" } };
  return { bytes, type };
}

function typeOf(bytes: Buffer): LogoType | null {
  if (startsWith(bytes, PNG) && bytes.toString("latin1", 12, 16) === "IHDR") return "image/png";
  if (startsWith(bytes, JPEG)) return "image/jpeg";
  const isWebp =
    bytes.toString("latin1", 0, 4) === "RIFF" && bytes.toString("latin1", 8, 12) === "WEBP";
  return isWebp ? "image/webp" : null;
}

const startsWith = (bytes: Buffer, magic: Buffer): boolean =>
  bytes.subarray(0, magic.length).equals(magic);
