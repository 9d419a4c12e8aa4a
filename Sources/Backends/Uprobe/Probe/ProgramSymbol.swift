import Platform
import SubbufferSource

/// The place of a function in the file of a program, where a uprobe can be put.
///
/// Reads the symbol table of a 64-bit little-endian ELF file (elf(5)).
package struct ProgramSymbol: Sendable, Equatable {
  /// The offset of the function's first instruction in the file, in bytes.
  package let fileOffset: UInt64

  /// Finds a function.
  /// - Parameter bytes: those of the whole file.
  /// - Throws: ``SourceError`` of kind `unknownFormat` if the file is no such program or lacks the symbol.
  package init(_ name: String, of bytes: RawSpan, path: String) throws(SourceError) {
    func unknown(_ detail: String) -> SourceError {
      SourceError(
        .unknownFormat, call: "find \(name) in \(path)", detail: detail,
        remedy: "build the program anew, and do not strip it: swift build")
    }
    guard bytes.byteCount >= 64, bytes.unsafeLoad32(at: 0) == 0x464c_457f, bytes.unsafeLoad16(at: 4) == 0x0102 else {
      throw unknown("no 64-bit little-endian ELF file")
    }
    /// A table of the file: its place is checked before an entry is read.
    func table(offset: Int, count: Int, entry: Int) throws(SourceError) -> [Int] {
      let place = UInt64(truncatingIfNeeded: offset)
      guard entry > 0, count >= 0, place <= UInt64(bytes.byteCount),
        count <= (bytes.byteCount - offset) / entry
      else { throw unknown("a table reaches beyond the end of the file") }
      return (0..<count).map { offset + $0 * entry }
    }
    func load64(_ offset: Int) -> Int { Int(truncatingIfNeeded: bytes.unsafeLoad64(at: offset)) }

    let segments = try table(
      offset: load64(32), count: Int(bytes.unsafeLoad16(at: 56)), entry: ProgramSymbol.segmentSize)
    let sections = try table(
      offset: load64(40), count: Int(bytes.unsafeLoad16(at: 60)), entry: ProgramSymbol.sectionSize)
    guard let symbols = sections.first(where: { bytes.unsafeLoad32(at: $0 + 4) == ProgramSymbol.symbolTable }) else {
      throw unknown("it has no symbol table")
    }
    let link = Int(bytes.unsafeLoad32(at: symbols + 40))
    guard sections.indices.contains(link) else { throw unknown("its symbols have no names") }
    let names = try table(offset: load64(sections[link] + 24), count: load64(sections[link] + 32), entry: 1)
    let wanted = Array(name.utf8) + [0]
    let size = ProgramSymbol.symbolSize
    for symbol in try table(offset: load64(symbols + 24), count: load64(symbols + 32) / size, entry: size) {
      let start = Int(bytes.unsafeLoad32(at: symbol))
      guard start <= names.count - wanted.count,
        wanted.indices.allSatisfy({ bytes.unsafeLoad8(at: names[start + $0]) == wanted[$0] })
      else { continue }
      let address = bytes.unsafeLoad64(at: symbol + 8)
      for segment in segments where bytes.unsafeLoad32(at: segment) == ProgramSymbol.loadedSegment {
        let first = bytes.unsafeLoad64(at: segment + 16)
        guard address >= first, address - first < bytes.unsafeLoad64(at: segment + 32) else { continue }
        fileOffset = address - first &+ bytes.unsafeLoad64(at: segment + 8)
        return
      }
    }
    throw unknown("it has no such symbol")
  }

  /// Finds a function in the file of a program.
  /// - Throws: ``SourceError`` if the file cannot be read, is no such program or lacks the symbol.
  package init(_ name: String, inFile path: String) throws(SourceError) {
    let bytes = try TextFile.bytes(path, remedy: "build all products: swift build")
    self = try ProgramSymbol(name, of: bytes.span.bytes, path: path)
  }

  /// The sizes of the entries of the three tables, in bytes, and two types (elf.h): `PT_LOAD`, `SHT_SYMTAB`.
  private static let segmentSize = 56
  private static let sectionSize = 64
  private static let symbolSize = 24
  private static let loadedSegment: UInt32 = 1
  private static let symbolTable: UInt32 = 2
}
