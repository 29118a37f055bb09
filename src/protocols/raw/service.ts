/** Raw printing on port 9100 (AppSocket, JetDirect): jobs in, PJL both ways. */
import type { Service } from "../contract.ts";
import { RawDialogue } from "./dialogue.ts";

export const raw: Service = {
  name: "raw",
  transport: "tcp",
  manners: (persona) => persona.raw,
  open: (device, visitor) => new RawDialogue(device, visitor),
};
