import { adapters } from "./adapters.ts";
import { addons } from "./addons.ts";
import { answers } from "./answers.ts";
import { audit } from "./audit.ts";
import { client } from "./client.ts";
import { decisions } from "./decisions.ts";
import { edges } from "./edges.ts";
import { engine } from "./engine.ts";
import { fields } from "./fields.ts";
import { forgotten } from "./forgotten.ts";
import { forms } from "./forms.ts";
import { graves } from "./graves.ts";
import { health } from "./health.ts";
import { kinds } from "./kinds.ts";
import { kit } from "./kit.ts";
import { kubernetes } from "./kubernetes.ts";
import { looks } from "./looks.ts";
import { moments } from "./moments.ts";
import type { Mutant } from "./mutant.ts";
import { networking } from "./networking.ts";
import { nodes } from "./nodes.ts";
import { oncall } from "./oncall.ts";
import { oncallMore } from "./oncall-more.ts";
import { passes } from "./passes.ts";
import { plans } from "./plans.ts";
import { pressure } from "./pressure.ts";
import { processes } from "./processes.ts";
import { records } from "./records.ts";
import { slack } from "./slack.ts";
import { stores } from "./stores.ts";
import { traces } from "./traces.ts";
import { words } from "./words.ts";
import { work } from "./work.ts";

export const mutants: readonly Mutant[] = [
  ...engine,
  ...forgotten,
  ...looks,
  ...passes,
  ...health,
  ...graves,
  ...work,
  ...words,
  ...decisions,
  ...edges,
  ...moments,
  ...records,
  ...audit,
  ...slack,
  ...forms,
  ...client,
  ...answers,
  ...oncall,
  ...oncallMore,
  ...kinds,
  ...fields,
  ...kubernetes,
  ...addons,
  ...kit,
  ...networking,
  ...nodes,
  ...plans,
  ...stores,
  ...adapters,
  ...processes,
  ...traces,
  ...pressure,
];
