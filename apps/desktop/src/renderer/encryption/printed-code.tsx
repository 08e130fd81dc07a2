import { createPortal } from 'react-dom'
import { CodeGroups } from './code-groups.tsx'
import { codeFacts, type CodeToKeep, codeWords } from './keep-code.ts'

/** What the window prints while this is there: a sheet with a recovery code, in place of the window. Never seen on a screen. */
export function PrintedCode({ kept }: { readonly kept: CodeToKeep }) {
  return createPortal(
    <article aria-hidden className="printed-code">
      <h1>Parley recovery code</h1>
      <p>{codeWords.purpose}</p>
      <div className="printed-code-groups">
        <CodeGroups label="Recovery code" code={kept.code} look="long" />
      </div>
      <dl>
        {codeFacts(kept).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p>{codeWords.how}</p>
      <p>{codeWords.care}</p>
    </article>,
    document.body,
  )
}
