/** Answers that are none. */

/** What was asked for does not exist. */
export class NotFound extends Error {}

/** What was asked cannot be done; the message says why. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
