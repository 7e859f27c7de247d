import { Rounds } from "../../platform/rounds/rounds.ts";
import { WitnessPatience } from "./witness-patience.ts";
import { witnessRound, type WitnessServices } from "./witness-round.ts";

/** Time between rounds, ms: witnesses are others' machines, and are asked about as often as the log is signed. */
const PAUSE_MS = 1_000;

/** Has the log's checkpoints signed by its witnesses, until it is stopped. */
export function startWitnessing(services: WitnessServices): () => Promise<void> {
  const patience = new WitnessPatience();
  const rounds = new Rounds(
    async () => {
      await witnessRound(services, patience);
      return PAUSE_MS;
    },
    (error) => {
      services.log.error({ err: error }, "the witnesses could not be asked; tried again");
      return PAUSE_MS;
    },
  );
  rounds.start();
  return async () => await rounds.stop();
}
