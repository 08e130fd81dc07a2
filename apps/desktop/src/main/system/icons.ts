import { join } from 'node:path'
import { nativeImage, type NativeImage } from 'electron'

/** Pictures that the app shows outside of its page. Beside `x.png` lies `x@2x.png`, which Electron takes by itself. */
export class Icons {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  get window(): NativeImage {
    return this.#read('window.png')
  }

  tray(unread: boolean): NativeImage {
    const name = unread ? 'tray-unread' : 'tray'
    // One file with the sizes of each scale that people set.
    if (process.platform === 'win32') return this.#read(`${name}.ico`)
    if (process.platform !== 'darwin') return this.#read(`${name}.png`)
    // The menu bar of macOS colours it itself, to be seen on whatever is behind.
    const image = this.#read(`${name}-template.png`)
    image.setTemplateImage(true)
    return image
  }

  /** Laid over the icon in the task bar of Windows. */
  get overlay(): NativeImage {
    return this.#read('overlay.png')
  }

  #read(name: string): NativeImage {
    return nativeImage.createFromPath(join(this.#folder, name))
  }
}
