// Prints `N passed, N failed` from Vitest's JSON report, and fails unless every test ran and passed.
import { readFileSync } from 'node:fs'

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'))
// A file that could not be loaded has no test to its name and still counts as a failure.
const broken = report.testResults.filter(
  (file) => file.status === 'failed' && !file.assertionResults.some(isFailure),
)
const passed = report.numPassedTests
const failed = report.numFailedTests + broken.length
const notRun = report.numTotalTests - passed - report.numFailedTests

if (notRun > 0) console.log(`${notRun} not run`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = report.success && passed > 0 && failed === 0 && notRun === 0 ? 0 : 1

function isFailure(test) {
  return test.status === 'failed'
}
