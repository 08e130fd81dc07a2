/**
 * A value that is already JSON text. The socket adapter writes the text as it is, which spares building and
 * stringifying objects on the hot paths; everything else sees the value, through `toJSON`.
 */
export class Serialised {
  readonly json: string

  constructor(json: string) {
    this.json = json
  }

  toJSON(): unknown {
    return JSON.parse(this.json)
  }
}

/**
 * What a procedure that answers with ready text declares: callers see `T`, since every transport of ours turns the
 * text into exactly that.
 */
export type SerialisedAs<T> = Serialised & { readonly [valueOf]?: T }

declare const valueOf: unique symbol
