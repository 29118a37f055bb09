/** What the panel shows: the gravest of what is going on, as one visitor sees it. */
import type { PanelStatus, SourceMemory } from "./device.ts";
import type { Persona } from "./persona.ts";

/** What is going on with the engine at one moment. */
export interface EngineState {
  warming: boolean;
  printing: boolean;
  asleep: boolean;
  trayEmpty: boolean;
  tonerLow: boolean;
}

const AT_REST: EngineState = { warming: false, printing: false, asleep: false, trayEmpty: false, tonerLow: false };

/** `engine` is undefined for a device that does everything at once. */
export function panelStatus(
  panel: Persona["panel"],
  memory: SourceMemory | undefined,
  now: number,
  engine: EngineState = AT_REST,
): PanelStatus {
  const cut = (text: string) => text.slice(0, panel.displayWidth);
  const message = memory?.attention;
  if (message && now < message.until) return { code: message.code, display: cut(message.text), online: false };
  if (engine.warming) return { ...(panel.warming ?? panel.processing), online: true };
  if ((memory && memory.jobsNow > 0) || engine.printing) return { ...panel.processing, online: true };
  const ready = { code: panel.ready.code, display: cut(memory?.readyMessage || panel.ready.display) };
  const conditions = [
    ...(engine.trayEmpty && panel.trayEmpty ? [panel.trayEmpty] : []),
    engine.asleep && panel.sleep ? panel.sleep : ready,
    ...(engine.tonerLow && panel.tonerLow ? [panel.tonerLow] : []),
  ];
  const [first, ...also] = conditions;
  return { ...first!, online: true, ...(also.length > 0 && { also }) };
}
