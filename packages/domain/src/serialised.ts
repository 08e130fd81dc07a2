/**
 * A value that is already JSON text. The socket adapter writes the text as it is, which spares building and
 * stringifying objects on the hot paths; everything else sees the value, through `toJSON`. What `toJSON` returns is
 * also what tRPC tells callers that they get.
 */
export class Serialised<T = unknown> {
  readonly json: string

  /** Whoever makes one says by `T` what the text holds. */
  constructor(json: string) {
    this.json = json
  }

  toJSON(): T {
    const parse: (json: string) => T = JSON.parse
    return parse(this.json)
  }
}

/** What a procedure that answers with ready text declares. Callers see `T`, as every transport turns the text into that. */
export type SerialisedAs<T> = Serialised<T>
