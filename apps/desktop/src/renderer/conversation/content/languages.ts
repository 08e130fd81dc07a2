import core from 'highlight.js/lib/core'
import bash from 'highlight.js/lib/languages/bash'
import cpp from 'highlight.js/lib/languages/cpp'
import csharp from 'highlight.js/lib/languages/csharp'
import css from 'highlight.js/lib/languages/css'
import diff from 'highlight.js/lib/languages/diff'
import go from 'highlight.js/lib/languages/go'
import java from 'highlight.js/lib/languages/java'
import json from 'highlight.js/lib/languages/json'
import python from 'highlight.js/lib/languages/python'
import rust from 'highlight.js/lib/languages/rust'
import sql from 'highlight.js/lib/languages/sql'
import typescript from 'highlight.js/lib/languages/typescript'
import xml from 'highlight.js/lib/languages/xml'
import yaml from 'highlight.js/lib/languages/yaml'

const languages = {
  bash,
  cpp,
  csharp,
  css,
  diff,
  go,
  java,
  json,
  python,
  rust,
  sql,
  typescript,
  xml,
  yaml,
}
for (const [name, language] of Object.entries(languages)) core.registerLanguage(name, language)
core.registerAliases(['js', 'jsx', 'javascript', 'mjs'], { languageName: 'typescript' })
core.registerAliases(['c', 'h'], { languageName: 'cpp' })

/** Of longer code the colours would take more than a frame. */
const highlightedCharsMax = 8_000

/** @returns null for a language that is not known: guessing is slow, and often wrong. */
export function highlight(code: string, language: string): string | null {
  if (code.length > highlightedCharsMax || !core.getLanguage(language)) return null
  return core.highlight(code, { language, ignoreIllegals: true }).value
}
