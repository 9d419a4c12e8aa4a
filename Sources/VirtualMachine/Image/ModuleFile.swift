import Foundation
import SubbufferSource

/// The file of a kernel module.
struct ModuleFile {
  /// Its path.
  let path: String
  /// The modules that have to be loaded before it: the entry `depends=` of its section `.modinfo`, which modpost writes
  /// (scripts/mod/modpost.c).
  let depends: [String]

  /// Reads a module.
  init(_ path: String) throws(SourceError) {
    self.path = path
    let bytes = try HostFiles.read(path)
    guard let entry = bytes.range(of: Data("\0depends=".utf8)) else {
      depends = []
      return
    }
    let text = String(decoding: bytes[entry.upperBound...].prefix { $0 != 0 }.prefix(4096), as: UTF8.self)
    depends = text.split(separator: ",").map(String.init)
  }

  /// The name by which it is loaded.
  var name: String { ((path as NSString).lastPathComponent as NSString).deletingPathExtension }

  /// The modules to load, in order: each after those that it depends on.
  /// - Parameters:
  ///   - roots: the names of the modules that are needed for themselves.
  ///   - files: the modules that were built.
  /// - Throws: ``SourceError`` if one of the roots was not built.
  static func inOrder(_ roots: [String], of files: [ModuleFile]) throws(SourceError) -> [ModuleFile] {
    // The kernel takes a dash in a name for an underscore.
    let key = { (name: String) in name.replacing("-", with: "_") }
    let known = Dictionary(files.map { (key($0.name), $0) }, uniquingKeysWith: { first, _ in first })
    var (ordered, seen): ([ModuleFile], Set<String>) = ([], [])
    func add(_ file: ModuleFile) {
      guard seen.insert(key(file.name)).inserted else { return }
      for dependency in file.depends { known[key(dependency)].map(add) }
      ordered.append(file)
    }
    for root in roots {
      guard let file = known[key(root)] else {
        throw SourceError(
          call: "build the modules", detail: "make did not create \(root).ko", remedy: ModuleBuild.remedy)
      }
      add(file)
    }
    return ordered
  }
}
