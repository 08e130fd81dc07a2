import { describe } from 'vitest'
import { databaseContract } from './contract/contract.ts'
import { openEmpty } from './open-test-database.ts'

describe('SQLite', () => {
  databaseContract(() => openEmpty())
})
