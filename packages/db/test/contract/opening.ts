import type { Database } from '@parley/db/stores'

/** Opens an empty database, which is gone after use. */
export type OpenEmpty = () => Promise<{ readonly db: Database } & AsyncDisposable>
