import BytesSource
import Foundation
import SubbufferSource
import Testing
@testable import UprobeEvents

@Suite struct ProgramSymbolTests {
  /// The program of this test, which has a symbol table.
  private static let program = (try? Data(contentsOf: URL(filePath: "/proc/self/exe"))).map { [UInt8]($0) } ?? []

  @Test func `the function of the probed writer has a place in its file`() throws {
    let path = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let writer = URL(filePath: path).deletingLastPathComponent().appending(path: "abi-compare-probed-writer").path
    let candidates = [writer] + [".build/debug/abi-compare-probed-writer"]
    let file = try #require(candidates.first { FileManager.default.fileExists(atPath: $0) })
    let symbol = try ProgramSymbol("abi_compare_emit", inFile: file)
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: file)))
    #if arch(x86_64)
      // The nop of five bytes.
      #expect(Array(bytes[Int(symbol.fileOffset)...].prefix(5)) == [0x0f, 0x1f, 0x44, 0x00, 0x00])
    #endif
  }

  @Test func `a program without the symbol is refused with a remedy`() {
    let error = #expect(throws: SourceError.self) { try ProgramSymbol("no_such_symbol", inFile: "/proc/self/exe") }
    #expect(error?.kind == .unknownFormat)
    #expect(error?.remedy.contains("swift build") == true)
  }

  @Test(arguments: [0, 4, 63, 64, 1_000]) func `a file that is cut off is refused`(_ count: Int) {
    let bytes = Array(Self.program.prefix(count))
    #expect(throws: SourceError.self) { try ProgramSymbol("main", of: bytes.span.bytes, path: "cut") }
  }

  /// A header of an ELF file with tables at the end of memory, and its mutations.
  @Test(.timeLimit(.minutes(5))) func `broken headers are refused and read within their bounds`() {
    var header = Array(Self.program.prefix(64))
    header += [UInt8](repeating: 0, count: 512)
    var mutator = Mutator(seed: 3)
    for _ in 0..<100_000 {
      let bytes = mutator.mutate(header)
      _ = try? ProgramSymbol("main", of: bytes.span.bytes, path: "mutated")
    }
  }
}
