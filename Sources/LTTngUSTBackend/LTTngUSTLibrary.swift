import CLTTngUST
import SubbufferSource

/// LTTng-UST's reader library, `liblttng-ust-ctl`, loaded into this process.
///
/// A value of this type is the proof that the library is there; everything else of this module asks for one.
public struct LTTngUSTLibrary: Sendable {
  /// The version of the headers this program was built with, which is the series of the library: `2.13.5`.
  public let headerVersion: String

  /// Loads the library; only the first call in a process does any work.
  ///
  /// Loading leaves the signals `SIGRTMIN` to `SIGRTMIN+2` blocked in the calling thread: they are the library's own.
  /// - Throws: ``SourceError`` of kind ``SourceError/Kind/unavailable``, which names the missing library and the
  /// remedy.
  public init() throws(SourceError) {
    var why = clu_load_error()
    guard clu_load(&why) else { throw SourceError(why) }
    headerVersion = String(cString: clu_header_version())
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
  /// Why the library could not be loaded.
  fileprivate init(_ why: clu_load_error) {
    let library = String(cString: clu_library_name())
    let text = withUnsafeBytes(of: why.text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    let (detail, remedy) =
      switch why.reason {
      case CLU_BUILT_WITHOUT_HEADER:
        (
          "this program was built without <lttng/ust-ctl.h>",
          "apt-get install liblttng-ust-dev && make clean run (elsewhere: the headers of LTTng-UST 2.13, then build again)"
        )
      case CLU_LIBRARY_MISSING:
        (text, "apt-get install liblttng-ust-ctl5 liburcu8 (elsewhere: the packages that hold \(library))")
      case CLU_WRONG_VERSION:
        (
          "found \(text), another binary interface",
          "apt-get install liblttng-ust-ctl5 (elsewhere: LTTng-UST 2.13, whose library is \(library))"
        )
      case CLU_SYMBOL_MISSING:
        (
          "it has no \(text)",
          "apt-get install liblttng-ust-ctl5 (elsewhere: LTTng-UST 2.13, whose library is \(library))"
        )
      default:
        (text, "")
      }
    self.init(.unavailable, call: "load \(library)", detail: detail, remedy: remedy)
  }
}
