import { FilesStage } from './stage.ts'

// A server of its own process that is killed, as by `kill -9`, at the named step of finishing an upload.

const [folder, wanted] = process.argv.slice(2)
if (folder === undefined) throw new Error('Name the data folder')
const stage = await FilesStage.openAt(folder, {
  reached: (step) => {
    if (step === wanted) process.kill(process.pid, 'SIGKILL')
  },
})
console.log(stage.url)
