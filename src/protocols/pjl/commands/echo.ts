import type { Command } from "./command.ts";

/** ECHO sends its words back as they came: whoever asks knows by it that all before has been answered. Manual, chapter 7. */
export const echo: Command = {
  name: "ECHO",
  asks: true,
  run: (words, talk) => talk.frame(words === "" ? "ECHO" : `ECHO ${words}`, ""),
};
