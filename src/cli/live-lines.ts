/** The running commentary under the first screen: one line per session when it says something new, and every change of a verdict. */
import type { News } from "../collector/pipeline.ts";
import { visible, visibleByteText } from "../event/bytes-text.ts";
import type { EventOf } from "../event/event.ts";
import type { NumberedCase, StoredEvent } from "../store/store.ts";
import type { Networks } from "../util/network.ts";
import { alarm, clock, dim, oneLine, plural, print, size } from "./terminal.ts";

/** Lines in a second; what comes on top is counted. */
const PER_SECOND = 20;
/** Cases whose last intent is remembered, to tell when it changes. */
const REMEMBERED = 10_000;

export class LiveLines {
  readonly #json: boolean;
  readonly #own: Networks;
  readonly #intents = new Map<number, string>();
  readonly #spoken = new Set<string>();
  #live = false;
  #printed = 0;
  #left = 0;
  readonly #second: NodeJS.Timeout;

  /** Of visits from `own` networks it is told what they say, and no verdict. */
  constructor(json: boolean, own: Networks) {
    this.#json = json;
    this.#own = own;
    this.#second = setInterval(() => this.#nextSecond(), 1000);
    this.#second.unref();
  }

  goLive(): void {
    this.#live = true;
  }

  stop(): void {
    clearInterval(this.#second);
    this.#nextSecond();
  }

  tell(news: News): void {
    for (const one of news.events) {
      if (one.event.type === "job.read" && !this.#json) this.#read(one.event);
      else this.#event(one);
    }
    for (const one of news.cases) this.#case(one);
  }

  #read({ data }: EventOf<"job.read">): void {
    if (!this.#live) return;
    const { status, why, pages, title, sha256 } = data;
    const drawn = pages === 0 ? `not drawn: ${oneLine(why, 60)}` : plural(pages, "page");
    const partly = pages > 0 && status !== "ok" ? `, then ${oneLine(why, 60)}` : "";
    const named = title === undefined ? "" : `, "${oneLine(title, 60)}"`;
    this.#print(dim(`          job ${sha256.slice(0, 8)}… was read: ${drawn}${partly}${named}`));
  }

  #event({ event }: StoredEvent): void {
    if (!this.#live) return;
    if (this.#json) {
      this.#print(JSON.stringify({ ...event, time: new Date(event.time).toISOString() }));
      return;
    }
    if (!event.origin) return;
    const said = sentence(event);
    const session = `${event.sensor}/${event.origin.session}`;
    if (said === undefined) {
      if (event.type === "session.close") this.#spoken.delete(session);
      return;
    }
    // Jobs are always told; of commands and requests only the first of a session.
    if (event.type !== "job.captured") {
      if (this.#spoken.has(session)) return;
      this.#spoken.add(session);
    }
    const { source, service } = event.origin;
    const from = source.ip.includes(":") ? `[${source.ip}]:${source.port}` : `${source.ip}:${source.port}`;
    this.#print(`${dim(clock(new Date(event.time).toISOString()))}  ${from.padEnd(21)}   ${service.padEnd(5)} ${said}`);
  }

  #case({ number, record }: NumberedCase): void {
    if (this.#own.has(record.source)) return;
    const before = this.#intents.get(number);
    this.#intents.delete(number);
    this.#intents.set(number, record.intent);
    if (this.#intents.size > REMEMBERED) this.#intents.delete(this.#intents.keys().next().value!);
    if (!this.#live || this.#json || before === record.intent) return;
    const verb = before === undefined ? "is" : "became";
    const headline = visible(record.headline);
    this.#print(
      `          ${alarm(`case C-${number} ${verb} ${record.intent}`)}: ${headline.charAt(0).toLowerCase()}${headline.slice(1)}`,
    );
  }

  #print(line: string): void {
    if (this.#printed++ < PER_SECOND || this.#json) print(line);
    else this.#left++;
  }

  #nextSecond(): void {
    if (this.#left > 0 && !this.#json)
      print(dim(`          and ${plural(this.#left, "more line")} in the last second`));
    this.#printed = 0;
    this.#left = 0;
    // Sessions that never close must not fill memory.
    if (this.#spoken.size > REMEMBERED) this.#spoken.clear();
  }
}

/** What a session said, or undefined for events that are not worth a line. */
function sentence(event: StoredEvent["event"]): string | undefined {
  if (event.type === "pjl.command") return `${oneLine(event.data.line, 60).padEnd(44)} ${answered(event)}`;
  if (event.type === "http.request") {
    const { method, target, userAgent, status, replyBytes } = event.data;
    const asked = `${method} ${target}  ${visibleByteText(userAgent ?? "")}`;
    return `${oneLine(asked, 60).padEnd(44)} ${status}, ${size(replyBytes)}`;
  }
  if (event.type === "job.captured") {
    const { kind, language, bytes, sha256, complete } = event.data;
    const what =
      kind === "job" ? `print job, ${language}, ${size(bytes)}` : `not for a printer: ${language}, ${size(bytes)}`;
    return `${what.padEnd(44)} ${complete ? "kept" : "kept in part"} as ${sha256.slice(0, 8)}…`;
  }
  return undefined;
}

function answered({ data }: EventOf<"pjl.command">): string {
  if (data.answer === "reply") return `answered, ${size(data.replyBytes)}`;
  return data.answer === "silent" ? "taken without an answer" : "not known to this model";
}
