import Glibc

/// A field of `uname(2)`: "x86_64", "6.18.44".
func unameField<Field>(_ field: KeyPath<utsname, Field>) -> String {
  var name = utsname()
  guard uname(&name) == 0 else { return "unknown" }
  return withUnsafeBytes(of: name[keyPath: field]) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}
