import { clientSuite } from "./client.suite.ts";
import { sandboxClient } from "./sandbox.ts";

// Goal: logins, listings and refusals are on the sandbox what they are on a real OpenStack, and the client names them.
clientSuite("sandbox", sandboxClient);
