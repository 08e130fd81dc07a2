export function GroupsScreen() {
  return <p>Groups</p>
}
