import { suites } from "../conformance/contract/index.ts";
import { contractSuite } from "../conformance/contract/suite.ts";
import { labContract } from "./lab.ts";

// Goal: a real OpenStack still says what is recorded of it. With RECORD=1 it is recorded anew.
const record = process.env["RECORD"] !== undefined;
for (const [suite, cases] of Object.entries(suites)) contractSuite("lab", suite, cases, labContract, record);
