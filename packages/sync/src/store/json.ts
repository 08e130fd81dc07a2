/** A column that holds something as JSON: what is read was written by the same one, so it is of its type. */
export class JsonOf<T> {
  read(this: void, json: string): T {
    const parse: (json: string) => T = JSON.parse
    return parse(json)
  }

  write(this: void, value: T): string {
    return JSON.stringify(value)
  }
}
