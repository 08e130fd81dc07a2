import { putSetting } from '../../src/store/settings.ts'
import { Store } from '../../src/store/store.ts'
import { Topics } from '../../src/topics.ts'
import { testKey } from '../devices.ts'

// Commits as often as its third argument says, each for ever, ahead of the disk, or ahead of it within one for ever, and then has all of it synced.
const [, , path = '', how = '', commits = '0'] = process.argv
const store = new Store(path, testKey, new Topics())
const change = (value: number) => () => putSetting(store.connection, 'setting', value)
for (let commit = 0; commit < Number(commits); commit += 1) {
  if (how === 'ahead') store.writeAhead(change(commit))
  else if (how === 'within') store.write(() => store.writeAhead(change(commit)))
  else store.write(change(commit))
}
store.sync()
// Without closing: what closing syncs is not what this counts.
process.exit(0)
