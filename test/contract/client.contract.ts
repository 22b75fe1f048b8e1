import { clientSuite } from "../conformance/client.suite.ts";
import { labClient } from "./lab.ts";

// Goal: the client makes of a real OpenStack's answers what it makes of the sandbox's.
clientSuite("lab", labClient);
