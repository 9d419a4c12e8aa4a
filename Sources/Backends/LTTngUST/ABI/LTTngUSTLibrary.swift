import CLTTngUST
import Platform
import SubbufferSource
import SystemPackage

/// LTTng-UST's reader library, `liblttng-ust-ctl`, loaded into this process: of LTTng-UST 2.13 to 2.16, as installed.
///
/// A value of this type is the proof that the library is there; everything else of this module asks for one.
public struct LTTngUSTLibrary: Sendable {
  /// A series of versions with one interface, called after its first one.
  ///
  /// The soname does not identify it: `liblttng-ust-ctl.so.6` is that of 2.14 and of 2.15, whose structures and protocol
  /// differ.
  public enum Series: String, Sendable, CaseIterable, Comparable {
    /// 2.13: `liblttng-ust-ctl.so.5`, protocol 9.
    case from2_13 = "2.13"
    /// 2.14: `liblttng-ust-ctl.so.6`, protocol 10.
    case from2_14 = "2.14"
    /// 2.15 and 2.16: `liblttng-ust-ctl.so.6`, protocol 11.
    case from2_15 = "2.15"

    /// The older one.
    public static func < (one: Series, other: Series) -> Bool { one.rawValue < other.rawValue }
  }

  /// The name of the loaded file: `liblttng-ust-ctl.so.6`.
  public let soname: String
  /// The version that the library reports: `2.16.0`; that of 2.13 reports none, and is `2.13`.
  public let version: String
  /// The series of its interface.
  public let series: Series
  /// The version of the protocol between it and a traced process, `LTTNG_UST_ABI_MAJOR_VERSION`.
  public let protocolVersion: Int

  /// Loads the library; only the first call in a process does any work.
  ///
  /// If several versions are installed, that of the installed tracer is loaded (`liblttng-ust.so.1`), or the newest if
  /// the tracer is unknown.
  ///
  /// Loading leaves the signals `SIGRTMIN` to `SIGRTMIN+2` blocked in the calling thread: they are the library's own.
  /// - Throws: ``SourceError`` of kind ``SourceError/Kind/unavailable``, which names the missing or unknown library and the
  ///   remedy.
  public init() throws(SourceError) {
    var why = clu_load_error()
    guard clu_load(&why) else { throw SourceError(why) }
    soname = String(cString: clu_library_name())
    version = String(cString: clu_library_version())
    protocolVersion = Int(clu_protocol())
    let name = String(cString: clu_series())
    guard let series = Series(rawValue: name) else {
      throw SourceError(.unavailable, call: "load \(soname)", detail: "series \(name)")
    }
    self.series = series
  }

  /// Why the library cannot be used on this machine, or `nil` where it can.
  public static var obstacle: SourceError? {
    do {
      _ = try LTTngUSTLibrary()
      return nil
    } catch {
      return error
    }
  }

  /// The number of streams, one for each possible CPU, of every channel.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_nr_stream_per_channel`.
  public var streamsPerChannel: Int { Int(clu_get_nr_stream_per_channel()) }
}

extension SourceError {
  /// The versions that this module describes, for a remedy.
  static let knownLTTngUST = "LTTng-UST 2.13 to 2.16"

  /// Why the library could not be loaded.
  fileprivate init(_ why: clu_load_error) {
    func string<Characters>(_ characters: Characters) -> String {
      withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    let (library, text) = (string(why.soname), string(why.text))
    let (detail, remedy) =
      switch why.reason {
      case CLU_LIBRARY_MISSING:
        (text, "apt-get install liblttng-ust-dev (elsewhere: \(Self.knownLTTngUST), and liburcu)")
      case CLU_WRONG_VERSION:
        ("found \(text), whose interface this program does not know", "install \(Self.knownLTTngUST)")
      case CLU_SYMBOL_MISSING:
        ("it has no \(text)", "install \(Self.knownLTTngUST) anew: this file is incomplete")
      default:
        (text, "")
      }
    self.init(.unavailable, call: "load \(library)", detail: detail, remedy: remedy)
  }
}

/// The number of times that the calling thread calls those functions of the library that take a stream.
///
/// A call is counted if this program's own table of functions is gone through, and the library is called through nothing
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

extension SourceError {
  /// The failure of a call that answers with a negative errno value, or with a negative code of
  /// `enum lttng_ust_error_code` in `<lttng/ust-error.h>`, which begins at 1024.
  @usableFromInline
  init(_ call: String, result: some BinaryInteger, remedy: String = "") {
    let code = Int32(truncatingIfNeeded: result)
    var buffer = [CChar](repeating: 0, count: 128)
    clu_describe(code, &buffer, buffer.count)
    if code < 0, code > CLU_ERR {
      self.init(call: call, errno: Errno(rawValue: -code), remedy: remedy)
    } else {
      let text = buffer.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      self.init(call: call, detail: "\(text) (LTTng-UST result \(code))", remedy: remedy)
    }
  }
}

/// Passes a result on, or throws it where it is negative.
@discardableResult
@inlinable
@inline(__always)
func checked(
  _ result: Int32, _ call: @autoclosure () -> String, remedy: @autoclosure () -> String = ""
) throws(SourceError) -> Int32 {
  if result < 0 { throw SourceError(call(), result: result, remedy: remedy()) }
  return result
}

extension OwnedDescriptor {
  /// Takes over the descriptor that a call returned, or throws its failure.
  convenience init(_ result: Int32, from call: @autoclosure () -> String, remedy: String = "") throws(SourceError) {
    self.init(try checked(result, call(), remedy: remedy))
  }
}
