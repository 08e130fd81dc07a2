console.log(`Parley on Node ${process.version}`)
