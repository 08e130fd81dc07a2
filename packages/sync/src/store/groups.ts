/** Something with a place in an order: the lower number comes first. */
interface Numbered {
  readonly number: number
}

interface Group<Item> {
  readonly items: Map<number, Item>
  /** The same as a list, from when it was asked for until something changes. */
  list: readonly Item[] | null
  /** The highest number that was put in, and whether none came after a higher one. */
  last: number
  isOrdered: boolean
}

/**
 * Things by what they have in common, each group in their order. Putting one in, changing it and taking it out take the same
 * time however many there are.
 */
export class Groups<Key, Item extends Numbered> {
  readonly #keysOf: (item: Item) => readonly Key[]
  readonly #groups = new Map<Key, Group<Item>>()

  constructor(keysOf: (item: Item) => readonly Key[]) {
    this.#keysOf = keysOf
  }

  /** @param before what it takes the place of */
  put(item: Item, before: Item | null): void {
    const keys = this.#keysOf(item)
    if (before) this.#drop(before, keys)
    for (const key of keys) {
      const group = this.#groups.get(key) ?? { items: new Map(), list: null, last: 0, isOrdered: true }
      if (item.number < group.last && !group.items.has(item.number)) group.isOrdered = false
      group.last = Math.max(group.last, item.number)
      group.items.set(item.number, item)
      group.list = null
      this.#groups.set(key, group)
    }
  }

  drop(item: Item): void {
    this.#drop(item, [])
  }

  /** The keys of groups in which there is something, the group that was begun first comes first. */
  keys(): Iterable<Key> {
    return this.#groups.keys()
  }

  /** As a list, for who looks at all of it. */
  of(key: Key): readonly Item[] {
    const group = this.#groups.get(key)
    if (!group) return []
    group.list ??= [...inOrder(group).values()]
    return group.list
  }

  /** One after the other, for who may stop soon. */
  each(key: Key): Iterable<Item> {
    const group = this.#groups.get(key)
    return group ? inOrder(group).values() : []
  }

  #drop(item: Item, kept: readonly Key[]): void {
    for (const key of this.#keysOf(item)) {
      const group = this.#groups.get(key)
      if (!group || kept.includes(key)) continue
      group.items.delete(item.number)
      group.list = null
      if (group.items.size === 0) this.#groups.delete(key)
    }
  }
}

function inOrder<Item extends Numbered>(group: Group<Item>): ReadonlyMap<number, Item> {
  if (group.isOrdered) return group.items
  const sorted = [...group.items.values()].toSorted((one, other) => one.number - other.number)
  group.items.clear()
  for (const item of sorted) group.items.set(item.number, item)
  group.isOrdered = true
  return group.items
}
