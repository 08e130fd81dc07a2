export function Sidebar() {
  return <nav aria-label="Conversations" className="w-64 border-r border-line bg-side" />
}
