import type { HtmlTagDescriptor, Plugin } from 'vite'

/** What every start needs, though no script that stands in the page names it. */
const scripts = ['shell']
const font = /^assets\/inter-latin-wght-normal-.*\.woff2$/

/** Has the page ask at once for what it will need: each is a way to the main process and back that is not waited for. */
export const early: Plugin = {
  name: 'parley:early',
  transformIndexHtml: {
    order: 'post',
    handler(_html, { bundle = {} }): HtmlTagDescriptor[] {
      const needed = new Set<string>()
      const need = (file: string): void => {
        const chunk = bundle[file]
        if (needed.has(file) || chunk?.type !== 'chunk') return
        needed.add(file)
        for (const imported of chunk.imports) need(imported)
      }
      const already = new Set<string>()
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue
        if (chunk.isEntry) for (const file of [chunk.fileName, ...chunk.imports]) already.add(file)
        else if (scripts.includes(chunk.name)) need(chunk.fileName)
      }
      const fonts = Object.keys(bundle).filter((file) => font.test(file))
      return [
        ...[...needed]
          .filter((file) => !already.has(file))
          .map((file) => link({ rel: 'modulepreload', href: `/${file}` })),
        ...fonts.map((file) => link({ rel: 'preload', as: 'font', type: 'font/woff2', href: `/${file}` })),
      ]
    },
  },
}

const link = (attrs: Readonly<Record<string, string>>): HtmlTagDescriptor => ({
  tag: 'link',
  attrs: { ...attrs, crossorigin: true },
  injectTo: 'head',
})
