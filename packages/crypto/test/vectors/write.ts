import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeVectors } from './make.ts'

// `node packages/crypto/test/vectors/write.ts`: only for a new suite. Vectors of a suite never change.

const file = join(import.meta.dirname, 'suite-1.json')
writeFileSync(file, `${JSON.stringify(await makeVectors(), null, 2)}\n`)
