const causesMax = 4

/**
 * An error as fields. What a parser says is left out, as it quotes the text that it could not read; so is everything
 * that an error carries beside its message, such as the input of a query.
 */
export function errorFields(error: Error, depth = 0): Record<string, unknown> {
  const isParser = error instanceof SyntaxError
  const code: unknown = Reflect.get(error, 'code')
  return {
    type: error.name,
    ...(typeof code === 'string' && { code }),
    ...(!isParser && { message: error.message }),
    stack: framesOf(error),
    ...(error.cause instanceof Error && depth < causesMax && { cause: errorFields(error.cause, depth + 1) }),
  }
}

/** The stack without its first lines, which repeat the message. */
function framesOf(error: Error): string {
  const lines = error.stack?.split('\n') ?? []
  return lines
    .filter((line) => line.startsWith('    at '))
    .map((line) => line.trim())
    .join('\n')
}
