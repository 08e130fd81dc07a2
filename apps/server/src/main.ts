import { run } from './cli/run.ts'
import { processTerminal } from './cli/terminal.ts'

// The exit code is set, and not the process ended, so that what was written still goes out. Nothing is awaited here:
// the single executable cannot load a module that does.
void run(process.argv.slice(2), processTerminal()).then((code) => {
  process.exitCode = code
})
