import { expect, test } from 'vitest'
import { linkAddress } from '../../src/renderer/conversation/content/addresses.ts'
import { highlight } from '../../src/renderer/conversation/content/languages.ts'
import { Lru } from '../../src/renderer/conversation/content/lru.ts'
import { htmlOf, type MarkdownSurroundings } from '../../src/renderer/conversation/content/markdown.ts'
import { mentionedIn, slugOf } from '../../src/renderer/conversation/content/names-in-text.ts'
import { isJumbo, isLong, isPlain, lineOf } from '../../src/renderer/conversation/content/shape-of-text.ts'

const nameable = {
  people: new Map([
    ['ada', 'a-ada'],
    ['ada.l', 'a-ada-l'],
    ['bob_2', 'a-bob'],
  ]),
  groups: new Map([['design-team', 'c-design']]),
  everyone: true,
}
const surroundings: MarkdownSurroundings = { ...nameable, me: 'a-ada', highlight: null }
const html = (text: string) => htmlOf(text, surroundings).trim()

test.each([
  ['**a** *b* ~~c~~ `d`', '<p><strong>a</strong> <em>b</em> <s>c</s> <code>d</code></p>'],
  ['one\ntwo', '<p>one<br>two</p>'],
  ['# Title', '<p><strong>Title</strong></p>'],
  ['> said', '<blockquote>\n<p>said</p>\n</blockquote>'],
  ['3. three', '<ol start="3">\n<li>three</li>\n</ol>'],
  ['under_scored_name', '<p>under_scored_name</p>'],
  ['see notes.md and main.rs', '<p>see notes.md and main.rs</p>'],
])('what chat needs of Markdown is rendered: %j', (text, expected) => {
  expect(html(text)).toBe(expected)
})

test('a link says in its tip where it leads, whatever its words are', () => {
  expect(html('[your bank](https://evil.example/x "Your bank")')).toBe(
    '<p><a href="https://evil.example/x" title="https://evil.example/x">your bank</a></p>',
  )
  expect(html('(parley://open?conversation=c1&message=2).')).toBe(
    '<p>(<a href="parley://open?conversation=c1&amp;message=2" title="parley://open?conversation=c1&amp;message=2">parley://open?conversation=c1&amp;message=2</a>).</p>',
  )
  expect(html('ftp://a.example and //a.example')).not.toContain('<a')
  expect(html('https://example.com/a?b=1&c=2')).toContain('href="https://example.com/a?b=1&amp;c=2"')
})

const tagsAllowed = new Set('a blockquote br button code del div em li ol p pre s span strong ul'.split(' '))
const attributesAllowed = new Set(
  'class data-copy data-group data-person href role start tabindex title type'.split(' '),
)

/** Every tag of ours, with its attributes, as a parser of HTML would see them. */
function* tagsIn(markup: string) {
  for (const [, name = '', attributes = ''] of markup.matchAll(/<\/?([^\s>/]*)((?:[^>"]|"[^"]*")*)>/g)) {
    yield {
      name,
      attributes: [...attributes.matchAll(/([^\s="]+)(?:="([^"]*)")?/g)].map(([, key, value]) => [
        key,
        value,
      ]),
    }
  }
}

const hostile = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '![x](https://tracker.example/pixel.gif)',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](java\tscript:alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](data:text/html,<script>alert(1)</script>)',
  '[x](vbscript:x)',
  '[x](file:///etc/passwd)',
  '[x](smb://server/share)',
  '[x](ms-msdt:/id)',
  '[x](//evil.example)',
  '[x](https://bank.example@evil.example)',
  '<https://a.example/"onmouseover="alert(1)>',
  'https://a.example/"onmouseover="alert(1)',
  '[x](https://a.example/"onmouseover="alert(1))',
  '[x](https://a.example "title\\" onclick=\\"alert(1)")',
  '```"><script>alert(1)</script>\ncode\n```',
  '```js" onclick="alert(1)\n</code></pre><img src=x onerror=alert(1)>\n```',
  '`<b onclick=alert(1)>`',
  '@ada"><script>alert(1)</script>',
  '#design-team" onclick="alert(1)',
  '[ref]: javascript:alert(1)\n[ref]',
  '<a href="javascript:alert(1)">x</a>',
  '<svg><style><img src=x onerror=alert(1)></style></svg>',
  '<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
]

test.each(hostile)('hostile text stays text: %j', (text) => {
  for (const highlighter of [null, highlight]) {
    const markup = htmlOf(text, { ...surroundings, highlight: highlighter })
    for (const { name, attributes } of tagsIn(markup)) {
      expect(tagsAllowed, markup).toContain(name)
      for (const [key = '', value] of attributes) {
        expect(attributesAllowed, markup).toContain(key)
        if (key === 'href') expect(value, markup).toMatch(/^(https?|mailto|parley):/)
      }
    }
    // Nothing that begins a tag is left but our own tags.
    expect(markup.replaceAll(/<\/?[a-z]+(?:[^>"]|"[^"]*")*>/g, '')).not.toContain('<')
  }
})

test('an address is opened when it is of the web, of mail or ours, and names nobody before an @', () => {
  expect(linkAddress('https://example.com')).toBe('https://example.com/')
  expect(linkAddress('parley://open?conversation=c1')).toBe('parley://open?conversation=c1')
  expect(linkAddress('mailto:ada@example.com')).toBe('mailto:ada@example.com')
  for (const refused of ['javascript:1', 'https://a@b.example', 'file:///x', 'x', '/x', '']) {
    expect(linkAddress(refused), refused).toBeNull()
  }
})

test('known people, everyone and groups become names, mine a stronger one, and others stay text', () => {
  expect(html('hi @Ada.')).toBe(
    '<p>hi <span class="name me" role="button" tabindex="0" data-person="a-ada">@Ada</span>.</p>',
  )
  expect(html('@bob_2 @everyone')).toBe(
    '<p><span class="name" role="button" tabindex="0" data-person="a-bob">@bob_2</span> <span class="name me">@everyone</span></p>',
  )
  expect(html('#Design-Team!')).toContain('data-group="c-design">#Design-Team</span>!')
  for (const text of ['@nobody', 'ada@ada', '#elsewhere', 'x#design-team', '`@ada`', '@@ada']) {
    expect(html(text), text).not.toContain('class="name')
  }
})

test('who is mentioned is resolved by username, each once, and not from within code', () => {
  const of = (text: string) => mentionedIn(text, nameable)
  expect(of('@ADA and @ada.l, @ada again; (@bob_2)')).toEqual({
    mentions: ['a-ada', 'a-ada-l', 'a-bob'],
    everyone: false,
  })
  expect(of('@ada.')).toEqual({ mentions: ['a-ada'], everyone: false })
  expect(of('@everyone, hello')).toEqual({ mentions: [], everyone: true })
  const nobody = { mentions: [], everyone: false }
  for (const text of [
    'mail@ada',
    '@adam',
    '`@ada`',
    '``a ` @ada``',
    '```\n@everyone\n```',
    '```\n@ada',
    '~~~\n@ada\n```\n@ada\n~~~',
    '````\n```\n@ada\n````',
    '@',
    '',
  ]) {
    expect(of(text), text).toEqual(nobody)
  }
  for (const text of ['`a` @ada `b`', '` @ada', '`` @ada `', '~~~\n~~~\n@ada', '```a`\n@ada']) {
    expect(of(text).mentions, text).toEqual(['a-ada'])
  }
  expect(of('```\ncode\n```\n@ada').mentions).toEqual(['a-ada'])
})

test.each(['`', '` ', '`` ` ', '@', '@ada', '(@', '```\n', '~~~'])(
  'P5: however much of %j there is in a text, it is looked through at once',
  (part) => {
    const text = part.repeat(40_000 / part.length)
    const begun = performance.now()
    mentionedIn(text, nameable)
    expect(performance.now() - begun).toBeLessThan(1_000)
  },
)

test('somebody is mentioned by the longest of the names that fit', () => {
  expect(mentionedIn('@ada.l', nameable).mentions).toEqual(['a-ada-l'])
})

test('the slug of a group is what can stand behind a # without a space', () => {
  expect(slugOf('Design team')).toBe('design-team')
  expect(slugOf('  Q&A / 2026!')).toBe('q-a-2026')
  expect(slugOf('Café Zürich')).toBe('café-zürich')
})

test('of what was made, the one unused for longest goes first', () => {
  const lru = new Lru<string, number>(2)
  lru.put('a', 1)
  lru.put('b', 2)
  expect(lru.get('a')).toBe(1)
  lru.put('c', 3)
  expect([lru.get('a'), lru.get('b'), lru.get('c'), lru.size]).toEqual([1, undefined, 3, 2])
  lru.put('a', 4)
  expect([lru.get('a'), lru.size]).toEqual([4, 2])
})

test('text without markup is shown as it is, and nothing else is', () => {
  for (const text of ['Hello. How are you?', 'one\ntwo', '10:30 - 11:00', 'a < b', 'Done! (really)', '👍']) {
    expect(isPlain(text), text).toBe(true)
    // So it may be left out of the Markdown.
    expect(html(text).replaceAll('<br>', '\n').replaceAll('&lt;', '<'), text).toBe(`<p>${text}</p>`)
  }
  for (const text of [
    '*a*',
    '- a',
    '1. a',
    '> a',
    'https://a.b',
    'a.com',
    '@ada',
    '#a',
    'a\n\nb',
    '`a`',
    '~~a~~',
  ]) {
    expect(isPlain(text), text).toBe(false)
  }
})

test('one to three emoji and nothing else are large', () => {
  for (const text of ['👍', '❤️ 🎉', '👩‍👩‍👧 🇨🇭 👍🏽']) expect(isJumbo(text), text).toBe(true)
  for (const text of ['', '👍👍👍👍', 'ok 👍', '123', '#']) expect(isJumbo(text), text).toBe(false)
})

test('a text is long when it is many lines high, by its breaks or by its length', () => {
  expect(isLong('line\n'.repeat(40))).toBe(true)
  expect(isLong('word '.repeat(700))).toBe(true)
  expect(isLong('line\n'.repeat(20))).toBe(false)
  expect(isLong('word '.repeat(100))).toBe(false)
})

test('a quoted line is one line without markup', () => {
  expect(lineOf('# Plan\n- **buy** `milk`\n- [read](https://a.example) _this_')).toBe(
    'Plan buy milk read this',
  )
  expect(lineOf('```ts\nconst a_b = 1\n```')).toBe('const a_b = 1')
  expect(lineOf('> quoted\nsaid')).toBe('quoted said')
})
