export function PeopleScreen() {
  return <p>People</p>
}
