import { Component, type ReactNode } from 'react'
import { Failed } from './states.tsx'

interface SafeProps {
  /** What is shown: another one is drawn without being asked. */
  readonly of?: unknown
  readonly children: ReactNode
}

/** Keeps a defect of one part from emptying the whole window, and offers to draw it again. */
export class Safe extends Component<SafeProps, { readonly failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true }
  }

  override componentDidUpdate(before: SafeProps): void {
    if (this.state.failed && before.of !== this.props.of) this.setState({ failed: false })
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children
    return (
      <Failed
        text="This part of the app could not be shown. What you wrote is kept."
        onRetry={() => this.setState({ failed: false })}
      />
    )
  }
}
