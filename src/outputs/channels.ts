/** Every kind of channel there is, by the `type` that the configuration calls it. */
import { z } from "zod";
import type { Channel, ChannelKind, CommonSettings, Surroundings } from "./channel.ts";
import { mail } from "./mail.ts";
import { syslog } from "./syslog.ts";
import { webhook } from "./webhook.ts";

export const CHANNELS: Readonly<Record<string, ChannelKind>> = {
  mail,
  syslog,
  webhook,
};

/** Any channel's settings, checked by the schema of its kind. */
export const channelSettings = z.discriminatedUnion(
  "type",
  Object.values(CHANNELS).map(({ settings }) => settings) as [z.ZodObject, ...z.ZodObject[]],
) as unknown as z.ZodType<CommonSettings>;

/** Throws Problems where a file that the settings name cannot be read. */
export function openChannel(settings: CommonSettings, surroundings: Surroundings): Promise<Channel> {
  return CHANNELS[settings.type]!.open(settings, surroundings);
}
