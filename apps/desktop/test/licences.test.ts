import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { licences } from '../src/renderer/settings/licences.ts'

const Manifest = z.object({ license: z.string() })

describe('each licence that is named is the one that its package has', () => {
  const ofPackages = licences.flatMap((each) => ('package' in each ? [each] : []))

  test.for(ofPackages)('$name', ({ licence, package: name }) => {
    const path = findPackageJSON(name, import.meta.url)
    if (path === undefined) throw new Error(`${name} is not installed`)
    expect(Manifest.parse(JSON.parse(readFileSync(path, 'utf8'))).license).toBe(licence)
  })
})
