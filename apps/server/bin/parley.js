#!/usr/bin/env node
// Plain JavaScript that Node 18 reads: this file finds the Node that Parley needs, and the rest runs on that one.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const nodeMajorMin = 26
/** How soon after whoever started Parley is killed Parley goes too. */
const orphanCheckMs = 100
/** Set for the process that this file starts, so that a wrong Node ends in an error and not in a ring. */
const startedByMark = 'PARLEY_STARTED_BY'

let timer
const old = Number.parseInt(process.versions.node, 10) < nodeMajorMin
const startedBySelf = process.env[startedByMark] === String(process.ppid)
delete process.env[startedByMark]

if (old && startedBySelf) fail(`The 'node' package holds Node ${process.versions.node}.`)
else if (old) runOnRightNode()
else {
  if (startedBySelf) followStarter()
  else if (/^'?parley\b/.test(process.env.npm_lifecycle_script ?? '')) followNpm()
  await import('../dist/parley.js')
}

function runOnRightNode() {
  const here = fileURLToPath(import.meta.url)
  const child = spawn(rightNode(), [here, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, [startedByMark]: String(process.pid) },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => fail(error.message))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0)
    if (!signal) return
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

function rightNode() {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('node/package.json'))
    return join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  } catch {
    return fail(`This is Node ${process.versions.node}, and the 'node' package is not installed.`)
  }
}

function fail(reason) {
  console.error(`Parley needs Node ${nodeMajorMin} or newer. ${reason} Run 'npm ci' first.`)
  return process.exit(1)
}

/** The starter passes on every signal that it can, so its end without one was a `kill -9`. */
function followStarter() {
  const starter = process.ppid
  every(() => process.ppid !== starter && stop('SIGKILL'))
}

/**
 * npm starts a shell, and the shell this process; whoever signals npm means this process, and holds no other id.
 * npm hands SIGTERM to the shell, which ends without a word to its child. A `kill -9` of npm leaves both behind.
 */
function followNpm() {
  const shell = process.ppid
  const npm = parentOf(shell)
  every(() => {
    if (process.ppid !== shell) stop('SIGTERM')
    else if (parentOf(shell) !== npm) stop('SIGKILL')
  })
}

/** The id of a process's parent; nothing where there is no /proc, where shells make way for a single command. */
function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')')).split(' ')[2]
  } catch {
    return undefined
  }
}

function every(check) {
  timer = setInterval(check, orphanCheckMs).unref()
}

function stop(signal) {
  clearInterval(timer)
  process.kill(process.pid, signal)
}
