#!/usr/bin/env node
/** The command line. Checks the version of Node.js first: on an old one SQLite would crash without a word. */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 22)) {
  process.stderr.write(
    `Photogate needs Node.js 22.22 or newer; this is ${process.version}. npm start brings its own.\n`,
  );
  process.exit(1);
}
const { run } = await import("./command-line.ts");
process.exitCode = await run(process.argv);
