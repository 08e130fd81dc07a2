import DOMPurify from 'dompurify'

const tags = 'a b blockquote br button code del div em li ol p pre s span strong ul'.split(' ')
const attributes = [
  'class',
  'data-copy',
  'data-group',
  'data-person',
  'href',
  'role',
  'start',
  'tabindex',
  'title',
  'type',
]

/** The second wall: whatever came through the first, these elements and attributes are all that reaches the page. */
export const sanitised = (html: string): string =>
  DOMPurify.sanitize(html, {
    ALLOWED_TAGS: tags,
    ALLOWED_ATTR: attributes,
    // All others but these are taken for addresses, and have to look like one.
    ADD_URI_SAFE_ATTR: ['data-copy', 'data-group', 'data-person', 'start', 'tabindex', 'type'],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    ALLOWED_URI_REGEXP: /^(?:https?|mailto|parley):/i,
  })
