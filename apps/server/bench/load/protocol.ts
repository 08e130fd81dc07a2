/** What a frame from the server is about; `stream` frames alone hold deliveries, `answer` frames answer calls. */
export type FrameKind = 'started' | 'stream' | 'answer'

export interface Delivery {
  position: number
  room: string
  clientId: string
  body: string
}

/** One way of talking to a server. Everything a workload does goes through this, so that each server does the same work. */
export interface Protocol {
  /** Where the socket is opened, given the address that the server printed. */
  url(address: string): URL
  /** The first frames of a client: who it is, and from which cursor on it follows. */
  opening(token: string, cursor: number): string[]
  send(request: number, room: string, clientId: string, body: string): string
  newest(request: number, room: string, limit: number): string
  search(request: number, words: string, limit: number): string
  /** Tells the kind by the first bytes, without reading the frame; throws for a frame that no good run brings. */
  kind(bytes: Buffer, start: number, end: number): FrameKind
  /** Which sends a frame of kind `answer` acknowledges, by request. */
  acknowledged(text: string): number[]
  /** Everything that a frame of kind `stream` delivers, in order. */
  deliveries(text: string): Delivery[]
  /** The messages of a page that was asked for. */
  page(text: string): { request: number; messages: Delivery[] }
}

export type ProtocolName = 'bare' | 'parley'
