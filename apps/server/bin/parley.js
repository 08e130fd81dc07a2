#!/usr/bin/env node
await import('../dist/parley.js')
