import CLTTngUST
import SubbufferSource

/// The number of times that the calling thread calls those functions of the library that take a stream.
///
/// It is counted where this program's own table of functions is gone through, and the library is called through nothing
/// else. Without a count the table has the library's functions themselves.
public struct LibraryCallCounts: Sendable {
  /// The names of the functions, in the order of the counts.
  public let functions: [String]

  /// The functions of a stream that the header has for a consumer.
  public init(_ library: LTTngUSTLibrary) {
    functions = (0..<clu_counted_functions()).map { String(cString: clu_counted_function($0)) }
  }

  /// Calls `body` while calls are counted.
  /// - Throws: what `body` throws, and ``SourceError`` where the library is not loaded.
  public func whileCounting(_ body: () throws(SourceError) -> Void) throws(SourceError) {
    guard clu_count_calls(true) else {
      throw SourceError(.unavailable, call: "count calls of \(String(cString: clu_library_name()))")
    }
    defer { _ = clu_count_calls(false) }
    try body()
  }

  /// The number of times that each function was called while calls were counted, since the beginning of the thread.
  public var counts: [UInt64] { functions.indices.map { clu_counted_calls(Int32($0)) } }
}
