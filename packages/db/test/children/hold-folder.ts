import { lockDataFolder } from '@parley/db/lock'

// Takes the data folder that its argument names, and keeps it until it is killed.
lockDataFolder(process.argv[2] ?? '')
process.stdout.write('held\n')
process.stdin.resume()
