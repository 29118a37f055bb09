/** Removing evidence for good. */
import { type ForgetAsked, NothingThere } from "../forget.ts";
import { NotFound, Refused } from "../refusals.ts";
import type { Answers, Room } from "../room.ts";

export function removalAnswers(room: Room): Answers<"forget"> {
  return {
    forget: async (asked, who) => {
      if (!room.forgetter) throw new Refused(409, "Nothing can be removed where the store is only read");
      return room.forgetter.forget(asked as ForgetAsked, who).catch((error: unknown) => {
        throw error instanceof NothingThere ? new NotFound("There is nothing of the kind") : error;
      });
    },
  };
}
