import { cases } from "../conformance/cases/index.ts";
import { kindSuite } from "../conformance/kind.suite.ts";
import { labWorld } from "./lab.ts";

// Goal: every kind does on a real OpenStack what it does on the sandbox. Where the two differ, the sandbox is wrong.
kindSuite("lab", cases, labWorld);
