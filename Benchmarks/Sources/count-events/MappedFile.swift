import Glibc
import SubbufferSource
import SystemPackage

/// A file that is mapped until the process ends.
enum MappedFile {
  static func map(_ path: String) throws(SourceError) -> UnsafeRawBufferPointer {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw SourceError(call: "open \(path)", errno: Errno(rawValue: errno)) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw SourceError(call: "fstat \(path)", errno: Errno(rawValue: errno)) }
    guard status.st_size > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    let address = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, file, 0)
    guard let address, address != MAP_FAILED else {
      throw SourceError(call: "mmap \(path)", errno: Errno(rawValue: errno))
    }
    return UnsafeRawBufferPointer(start: address, count: Int(status.st_size))
  }
}
