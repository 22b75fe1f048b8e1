const major = Number(process.versions.node.split(".")[0]);
if (major < 24) throw new Error(`Node 24 or newer is needed, this is ${process.version}: run the tests with npm test`);
// What every test process reads is compiled once for all of them.
require("node:module").enableCompileCache();
