import { run } from './cli/run.ts'
import { processTerminal } from './cli/terminal.ts'

// The exit code is set, and not the process ended, so that what was written still goes out.
process.exitCode = await run(process.argv.slice(2), processTerminal())
