export function RequestsScreen() {
  return <p>Requests</p>
}
