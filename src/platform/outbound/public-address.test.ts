import { expect, test } from "vitest";
import { AllowedNetworks, mayReach } from "./public-address.ts";

const NOTHING = new AllowedNetworks([]);

test.each([
  "0.0.0.0",
  "10.1.2.3",
  "100.64.0.1",
  "127.0.0.1",
  "127.255.255.254",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.0.0.8",
  "192.168.1.1",
  "198.18.0.1",
  "203.0.113.9",
  "224.0.0.251",
  "255.255.255.255",
  "::",
  "::1",
  "::ffff:127.0.0.1",
  "::ffff:a9fe:a9fe",
  "::127.0.0.1",
  "64:ff9b::a00:1",
  "64:ff9b:1::a00:1",
  "100::1",
  "2001::1",
  "2001:db8::1",
  "2002:a00:1::1",
  "3fff::1",
  "fc00::1",
  "fd00:ec2::254",
  "fe80::1",
  "fec0::1",
  "ff02::1",
  // No addresses at all.
  "",
  "localhost",
  "0x7f.1",
  "2130706433",
  "127.1",
  "fe80::1%eth0",
  "[::1]",
])("%s is not called", (address) => {
  expect(mayReach(address, NOTHING)).toBe(false);
});

test.each(["1.1.1.1", "172.32.0.1", "100.128.0.1", "::ffff:1.1.1.1", "2606:4700::1111"])(
  "%s is public",
  (address) => {
    expect(mayReach(address, NOTHING)).toBe(true);
  },
);

test("what the operator allows is called, in any spelling, and its neighbours are not", () => {
  const allowed = new AllowedNetworks(["10.20.0.0/16", "fd12::/16"]);
  for (const address of ["10.20.255.1", "::ffff:10.20.0.1", "fd12::9"])
    expect([address, mayReach(address, allowed)]).toEqual([address, true]);
  for (const address of ["10.21.0.1", "fd13::1", "127.0.0.1"])
    expect([address, mayReach(address, allowed)]).toEqual([address, false]);
});
