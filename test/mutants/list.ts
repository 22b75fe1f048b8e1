import { addons } from "./addons.ts";
import { audit } from "./audit.ts";
import { client } from "./client.ts";
import { decisions } from "./decisions.ts";
import { engine } from "./engine.ts";
import { forgotten } from "./forgotten.ts";
import { forms } from "./forms.ts";
import { graves } from "./graves.ts";
import { health } from "./health.ts";
import { kinds } from "./kinds.ts";
import { kubernetes } from "./kubernetes.ts";
import { looks } from "./looks.ts";
import type { Mutant } from "./mutant.ts";
import { networking } from "./networking.ts";
import { plans } from "./plans.ts";
import { pressure } from "./pressure.ts";
import { processes } from "./processes.ts";
import { slack } from "./slack.ts";
import { stores } from "./stores.ts";
import { traces } from "./traces.ts";
import { work } from "./work.ts";

export const mutants: readonly Mutant[] = [
  ...engine,
  ...forgotten,
  ...looks,
  ...health,
  ...graves,
  ...work,
  ...decisions,
  ...audit,
  ...slack,
  ...forms,
  ...client,
  ...kinds,
  ...kubernetes,
  ...addons,
  ...networking,
  ...plans,
  ...stores,
  ...processes,
  ...traces,
  ...pressure,
];
