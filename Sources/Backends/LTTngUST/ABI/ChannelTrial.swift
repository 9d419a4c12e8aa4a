import CLTTngUST
import Glibc
import Platform
import SubbufferSource

/// A channel that is asked of the library without anything being checked before, to find out what it accepts.
public enum ChannelTrial {
  /// `true` if the library makes a channel of these sizes. It is destroyed at once.
  ///
  /// The corresponding C function is `lttng_ust_ctl_create_channel`, which answers with a null pointer and no reason.
  /// - Throws: ``SourceError`` where the files for its memory cannot be made.
  public static func isAccepted(
    _ library: LTTngUSTLibrary, mode: ChannelAttributes.Mode, subbufferSize: UInt64, subbufferCount: UInt64
  ) throws(SourceError) -> Bool {
    var files: [OwnedDescriptor] = []
    for cpu in 0..<library.streamsPerChannel {
      files.append(try OwnedDescriptor(clu_sys_memfd("abi-compare-trial-\(cpu)"), from: "memfd_create"))
    }
    var attributes = clu_channel_attributes()
    attributes.subbuf_size = subbufferSize
    attributes.num_subbuf = subbufferCount
    attributes.overwrite = mode == .overwrite
    let numbers = files.map(\.rawValue)
    guard let channel = clu_create_channel(&attributes, numbers, Int32(numbers.count)) else { return false }
    clu_destroy_channel(channel)
    return true
  }

  /// The results of calls after the file of a stream's memory was truncated to 0 bytes.
  public struct Truncation: Sendable {
    /// The result of `ftruncate` of the file: 0 or a negative errno.
    public var truncation: Int32
    /// The result of `get_next_subbuf` afterwards, with the library's handler of `SIGBUS` in place.
    public var getNext: Int32
    /// The number of `SIGBUS` signals meanwhile. After ``mostSignals`` of them the call was left, with `EINTR`.
    public var signals: Int32
  }

  /// A call that comes to its end needs one.
  public static let mostSignals: Int32 = 100

  /// Cuts the memory of a stream that nobody else has, and then gets from it.
  ///
  /// Neither stream nor channel is given back, since their memory may be gone: this is for a process that ends soon.
  /// - Parameter sealed: seals the file before, as ``USTChannel`` does.
  /// - Throws: ``SourceError`` where channel or stream cannot be made.
  public static func truncate(_ library: LTTngUSTLibrary, sealed: Bool) throws(SourceError) -> Truncation {
    var attributes = try ChannelAttributes(mode: .overwrite, subbufferSize: 4096, subbufferCount: 2).validated()
    var numbers: [Int32] = []
    for cpu in 0..<library.streamsPerChannel {
      numbers.append(try checked(clu_sys_memfd("abi-compare-trial-\(cpu)"), "memfd_create"))
    }
    guard let channel = clu_create_channel(&attributes, numbers, Int32(numbers.count)),
      let stream = clu_create_stream(channel, 0)
    else {
      throw SourceError(call: "lttng_ust_ctl_create_channel", detail: "the library gives no reason")
    }
    if sealed { try checked(clu_sys_seal_size(numbers[0]), "F_ADD_SEALS") }
    let truncation = ftruncate(numbers[0], 0) == 0 ? 0 : -errno
    var signals: Int32 = 0
    let getNext = clu_get_next_subbuf_guarded(stream, mostSignals, &signals)
    return Truncation(truncation: truncation, getNext: getNext, signals: signals)
  }
}
