import { suites } from "./contract/index.ts";
import { contractSuite } from "./contract/suite.ts";
import { sandboxContract } from "./sandbox.ts";

// Goal: to every question of these cases the sandbox says what a real OpenStack said when it was asked.
for (const [suite, cases] of Object.entries(suites)) contractSuite("sandbox", suite, cases, sandboxContract);
