/** How a person and the window stand to each other: what decides whether a message needs a notification. */
export interface Attention {
  readonly focused: boolean
  readonly visible: boolean
}
