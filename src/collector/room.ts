/** What answers are made from, and the shape of a table of answers. */
import type { RuleSet } from "../detect/rules.ts";
import type { Alerts } from "../outputs/alerts.ts";
import type { Store } from "../store/store.ts";
import type { Networks } from "../util/network.ts";
import type { Access } from "./access.ts";
import type { Asked, DeskView, Question, Reply } from "./contract.ts";
import type { Forgetter } from "./forget.ts";
import type { Health } from "./health.ts";
import type { Who } from "./who.ts";

/** What the collector cannot know of itself: the printers, and the configuration. */
export interface Surroundings {
  device?: (sensor: string, persona: string) => Promise<Omit<Reply<"device">, "sensor" | "persona"> | undefined>;
  /** HTML of a web page of the printer. */
  page?: (sensor: string, persona: string, path: string) => Promise<string | undefined>;
  settings?: () => Reply<"settings">;
}

export interface Room {
  store: Store;
  /** Folder with one folder per sensor. */
  sensors: string;
  /** What the operator named as the own networks. */
  own: Networks;
  /** Of the running collector. */
  health?: Health | undefined;
  /** Where the store may be written. */
  forgetter?: Forgetter | undefined;
  /** Reads jobs. */
  desk?: { state(): Promise<DeskView>; page(sha256: string, page: number, small: boolean): string } | undefined;
  rules?: RuleSet | undefined;
  access?: Access | undefined;
  /** Undefined where nobody is told. */
  alerts?: () => Alerts | undefined;
  surroundings?: Surroundings | undefined;
  clock: () => number;
}

export type Answers<Q extends Question> = { [K in Q]: (asked: Asked<K>, who: Who) => Promise<Reply<K>> };

/** Milliseconds since 1970 as replies have them. */
export const iso = (time: number) => new Date(time).toISOString();
export const isoOrNull = (time: number | null) => (time === null ? null : iso(time));
