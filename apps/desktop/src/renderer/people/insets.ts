/**
 * What stands at the sides of a list and of what belongs to it. A scroll bar takes its 10 px of the right side, whether
 * there is one or not, so that rows end where the field above them ends.
 */
export const insets = {
  /** In a wide window a screen keeps to a column in the middle. */
  screen: {
    plain: 'px-[max(16px,calc((100%-760px)/2))]',
    scrolled:
      'pl-[max(16px,calc((100%-760px)/2))] pr-[max(6px,calc((100%-780px)/2))] [scrollbar-gutter:stable]',
  },
  pane: { plain: 'px-4', scrolled: 'pl-4 pr-1.5 [scrollbar-gutter:stable]' },
  none: { plain: '', scrolled: '-mr-2.5 [scrollbar-gutter:stable]' },
} as const

export type Inset = keyof typeof insets
