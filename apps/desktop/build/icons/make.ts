import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { launchApp } from '../../test/electron/app.ts'
import { icnsOf, icnsPixels, icoOf, type Picture } from './containers.ts'
import { appIcon, overlayIcon, templateIcon, trayIcon } from './mark.ts'

// Draws all pictures anew, after the mark was changed. They are kept in the repository, since a build has no display.
// The app itself, which has to be built, draws them: no other renderer of SVG has to be installed.

/** For the packager. */
const installers = join(import.meta.dirname, 'installers')
/** Shipped with the app. */
const shipped = join(import.meta.dirname, 'shipped')
const macMargin = 100
const icoPixels = [16, 20, 24, 32, 40, 48, 64, 128, 256]
const trayIcoPixels = [16, 20, 24, 32, 48]

await drawAll()

async function drawAll(): Promise<void> {
  await using app = await launchApp()
  await writeInstallers(app.page)
  await writeShipped(app.page)
}

async function writeInstallers(page: Page): Promise<void> {
  mkdirSync(installers, { recursive: true })
  writeFileSync(join(installers, 'icon.svg'), `${appIcon(32)}\n`)
  writeFileSync(join(installers, 'icon.ico'), icoOf(await drawSizes(page, appIcon(0), icoPixels)))
  writeFileSync(join(installers, 'icon.icns'), icnsOf(await drawSizes(page, appIcon(macMargin), icnsPixels)))
  mkdirSync(join(installers, 'linux'), { recursive: true })
  for (const { pixels, png } of await drawSizes(page, appIcon(32), [16, 24, 32, 48, 64, 128, 256, 512])) {
    writeFileSync(join(installers, 'linux', `${pixels}x${pixels}.png`), png)
  }
}

async function writeShipped(page: Page): Promise<void> {
  mkdirSync(shipped, { recursive: true })
  await writeDense(page, 'window', appIcon(32), 256)
  await writeDense(page, 'overlay', overlayIcon(), 16)
  for (const unread of [false, true]) {
    const name = unread ? 'tray-unread' : 'tray'
    await writeDense(page, name, trayIcon(unread), 24)
    await writeDense(page, `${name}-template`, templateIcon(unread), 18)
    writeFileSync(join(shipped, `${name}.ico`), icoOf(await drawSizes(page, trayIcon(unread), trayIcoPixels)))
  }
}

/** A picture, and the one of twice the size that Electron takes on dense displays. */
async function writeDense(page: Page, name: string, svg: string, pixels: number): Promise<void> {
  for (const { pixels: drawn, png } of await drawSizes(page, svg, [pixels, pixels * 2])) {
    writeFileSync(join(shipped, drawn === pixels ? `${name}.png` : `${name}@2x.png`), png)
  }
}

async function drawSizes(page: Page, svg: string, sizes: readonly number[]): Promise<Picture[]> {
  const pictures: Picture[] = []
  for (const pixels of sizes) pictures.push({ pixels, png: await draw(page, svg, pixels) })
  return pictures
}

async function draw(page: Page, svg: string, pixels: number): Promise<Buffer> {
  const address = await page.evaluate(
    async ([source, size]) => {
      const image = new Image()
      image.src = `data:image/svg+xml,${encodeURIComponent(source)}`
      await image.decode()
      const canvas = document.createElement('canvas')
      canvas.width = size
      canvas.height = size
      canvas.getContext('2d')?.drawImage(image, 0, 0, size, size)
      return canvas.toDataURL('image/png')
    },
    [svg, pixels] as const,
  )
  return Buffer.from(address.slice(address.indexOf(',') + 1), 'base64')
}
