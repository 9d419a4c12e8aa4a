/// The directory that a path names something in: `a` for `a/b`, `.` for `b`, `/` for `/b`.
///
/// Not by Foundation, whose `deletingLastPathComponent` traps on paths of one character (Swift 6.3.1 on Linux).
func directory(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  let before = path[..<slash]
  return before.isEmpty ? "/" : String(before)
}
