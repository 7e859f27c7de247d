import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addApp, type OwnedApp } from "../../../test/builders/access.ts";
import { addSession } from "../../../test/builders/people.ts";
import {
  addStream,
  s3Target,
  startStreams,
  syslogTarget,
  type StreamBench,
} from "../../../test/builders/streams.ts";
import { startSyslogReceiver, type SyslogReceiver } from "../../../test/support/receivers.ts";
import { startS3Receiver, type S3Receiver } from "../../../test/support/s3-receiver.ts";

let bench: StreamBench;
let shop: OwnedApp;
beforeAll(async () => {
  bench = await startStreams();
  // A pause ends when a test says so, however slow the machine is.
  bench.h.clock.freeze();
});
afterAll(() => bench.stop());
beforeEach(async () => {
  shop = await addApp(bench.h);
});

const renames = async (...names: string[]) => {
  for (const name of names)
    await bench.h.call("PATCH", `/v1/apps/${shop.appId}`, { as: await as(), body: { name } });
};

/** A session whose second factor is fresh, whatever the clock says. */
const as = async () => (await addSession(bench.h, shop.owner.accountId)).headers;
const later = () => bench.h.clock.advance(301_000);

describe("syslog", () => {
  let receiver: SyslogReceiver;
  let path: string;
  const open = async (format: "entry" | "cef" = "entry") => {
    receiver = await startSyslogReceiver();
    const made = await addStream(bench.h, {
      as: await as(),
      organisationId: shop.organisationId,
      target: syslogTarget(receiver),
      format,
    });
    ({ path } = made);
    await bench.send();
    receiver.messages.length = 0;
  };
  const end = async () => {
    await bench.h.call("DELETE", path, { as: await as() });
    await receiver.stop();
  };

  test("gets each entry as one message in its frame, over TLS", async () => {
    await open();
    await renames("Zoë 🌊", "Two");
    await bench.send();
    expect(receiver.faults).toEqual([]);
    expect(receiver.messages).toHaveLength(2);
    for (const message of receiver.messages) {
      expect(message).toMatch(
        /^<109>1 \d{4}-\d\d-\d\dT[\d:.]+Z localhost sallyport - app\.renamed \[sallyport@32473 stream="[^"]+" entryId="[^"]+" epoch="1" leaf="\d+" position="0"\] \{/,
      );
      expect(JSON.parse(message.slice(message.indexOf("] {") + 2))).toMatchObject({
        action: "app.renamed",
      });
    }
    await end();
  });

  test("gets CEF where that is asked for", async () => {
    await open("cef");
    await renames("Two");
    await bench.send();
    expect(receiver.messages[0]).toMatch(/\] CEF:0\|Sallyport\|Sallyport\|1\|app\.renamed\|/);
    await end();
  });

  test("that dies in the middle of a parcel gets all of it again", async () => {
    await open();
    await renames("One", "Two", "Three");
    receiver.breakAfter = 1;
    await bench.send();
    const { body } = await bench.h.call("GET", path, { as: await as() });
    expect(body.fault).toMatchObject({ code: "not-connected", failures: 1 });
    receiver.messages.length = 0;
    later();
    await bench.send();
    expect(receiver.messages).toHaveLength(3);
    await end();
  });

  test("whose certificate we do not trust gets nothing", async () => {
    await open();
    const target = { syslog: { host: "localhost", port: receiver.port } };
    const given = { as: await as(), body: { target } };
    expect((await bench.h.call("PATCH", path, given)).status).toBe(200);
    await bench.send();
    expect(receiver.messages).toEqual([]);
    const { body } = await bench.h.call("GET", path, { as: await as() });
    expect(body.fault).toMatchObject({ code: "not-connected" });
    await end();
  });
});

describe("S3-compatible storage", () => {
  let receiver: S3Receiver;
  let path: string;
  let streamId: string;
  const open = async () => {
    receiver = await startS3Receiver();
    const made = await addStream(bench.h, {
      as: await as(),
      organisationId: shop.organisationId,
      target: s3Target(receiver),
    });
    ({ path } = made);
    streamId = made.stream.id;
    bench.h.clock.advance(61_000);
    await bench.send();
    receiver.objects.clear();
    receiver.puts.length = 0;
  };
  const end = async () => {
    await bench.h.call("DELETE", path, { as: await as() });
    await receiver.stop();
  };

  test("gets objects of gzipped lines, signed, once their first entry is old enough", async () => {
    await open();
    await renames("One", "Two");
    await bench.send();
    expect(receiver.puts).toEqual([]);
    bench.h.clock.advance(61_000);
    await bench.send();
    expect(receiver.refused).toEqual([]);
    expect(receiver.puts).toHaveLength(1);
    expect(receiver.puts[0]).toMatch(
      new RegExp(`^sallyport/${streamId}/\\d{4}/\\d\\d/\\d\\d/1-\\d+-0_1-\\d+-0\\.ndjson\\.gz$`),
    );
    expect(receiver.lines().map(({ action }) => action)).toEqual(["app.renamed", "app.renamed"]);
    await end();
  });

  test("is written the same object again when its answer failed, though more has come since", async () => {
    await open();
    await renames("One");
    receiver.fails = 1;
    bench.h.clock.advance(61_000);
    await bench.send();
    await renames("Two");
    later();
    await bench.send();
    bench.h.clock.advance(61_000);
    await bench.send();
    const [first, again, next] = receiver.puts;
    expect(again).toBe(first);
    expect(next).not.toBe(first);
    expect(receiver.lines()).toHaveLength(2);
    await end();
  });

  test("that does not know the key gets nothing, and the stream says so", async () => {
    await open();
    await renames("One");
    const { s3 } = s3Target(receiver);
    if (s3 === undefined) throw new Error("a target of S3");
    const wrong = { s3: { ...s3, secretAccessKey: "another" } };
    await bench.h.call("PATCH", path, { as: await as(), body: { target: wrong } });
    bench.h.clock.advance(61_000);
    await bench.send();
    expect(receiver.refused).toHaveLength(1);
    const { body } = await bench.h.call("GET", path, { as: await as() });
    expect(body.fault).toMatchObject({ code: "answered", params: { status: 403 } });
    await end();
  });
});
