import { cases } from "./cases/index.ts";
import { kindSuite } from "./kind.suite.ts";
import { sandboxWorlds } from "./sandbox.ts";

// Goal: every kind finds, creates, updates and removes what is its own and nothing else, whatever gets lost on the way.
kindSuite("sandbox", cases, async () => sandboxWorlds()());
