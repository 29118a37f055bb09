/** Answers to the questions of the contract, from the store, the evidence folders and the running collector. */
import type { Store } from "../store/store.ts";
import { Networks } from "../util/network.ts";
import { alertAnswers } from "./answers/alerts.ts";
import { caseAnswers } from "./answers/cases.ts";
import { deskAnswers } from "./answers/desk.ts";
import { evidenceAnswers } from "./answers/evidence.ts";
import { jobAnswers } from "./answers/jobs.ts";
import { overviewAnswers } from "./answers/overview.ts";
import { removalAnswers } from "./answers/removal.ts";
import { sensorAnswers } from "./answers/sensors.ts";
import { settingsAnswers } from "./answers/settings.ts";
import type { Asked, Question, Reply } from "./contract.ts";
import type { Entrance } from "./entrance.ts";
import type { Answers, Room } from "./room.ts";
import { LOCAL, type Who } from "./who.ts";

/** Questions that are about the connection they come over are answered where it ends. */
export type Answered = Exclude<Question, Entrance>;

export class View {
  readonly room: Room;
  readonly #answers: Answers<Answered>;

  /**
   * `sensors` is the folder with one folder per sensor, `own` what the operator named as the own networks,
   * `more` what only a running collector has.
   */
  constructor(store: Store, sensors: string, own = new Networks([]), more: Partial<Room> = {}) {
    const room: Room = { store, sensors, own, clock: Date.now, ...more };
    this.room = room;
    this.#answers = {
      ...overviewAnswers(room),
      ...caseAnswers(room),
      ...evidenceAnswers(room),
      ...jobAnswers(room),
      ...sensorAnswers(room),
      ...deskAnswers(room),
      ...settingsAnswers(room),
      ...alertAnswers(room),
      ...removalAnswers(room),
    };
  }

  /** The answer to a question that was checked against the contract. Throws NotFound and Refused. */
  answer<Q extends Answered>(question: Q, asked: Asked<Q>, who: Who = LOCAL): Promise<Reply<Q>> {
    return this.#answers[question](asked, who);
  }
}
