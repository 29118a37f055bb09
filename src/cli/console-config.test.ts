import { describe, expect, it } from "vitest";
import { withoutSecrets } from "./console-config.ts";

describe("a configuration for showing", () => {
  it("has no secret in it, wherever it lies", () => {
    const channel = {
      type: "webhook",
      url: "https://hooks.chat.example/services/T0/B0/s3cret",
      headers: { Authorization: "Bearer s3cret" },
      secret: "s3cret",
      password: "s3cret",
      secretFile: "/etc/inktrap/secret",
    };
    const shown = withoutSecrets({ alerts: { channels: [channel] } });
    expect(JSON.stringify(shown)).not.toContain("s3cret");
    expect(shown).toMatchObject({ alerts: { channels: [{ type: "webhook", secretFile: "/etc/inktrap/secret" }] } });
  });
});
