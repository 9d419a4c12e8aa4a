import Foundation
import Testing

extension ToolTests {
  /// Refusals of a liblttng-ust-ctl of a version that the program does not know, as `doctor` reports them. The libraries
  /// are built here, and found before the installed ones by LD_LIBRARY_PATH.
  struct LTTngVersionTests {
    @Test func `a library of an unknown version is refused by its version, with the remedy`() throws {
      try Tool.withDirectory { directory in
        try directory.addLibrary("liblttng-ust-ctl.so.6", FakeLibrary.version(2, 99, 1))
        try directory.addNoLibrary("liblttng-ust-ctl.so.5")
        let report = try doctor(directory)
        #expect(
          report.contains("found liblttng-ust-ctl.so.6 of version 2.99.1, whose interface this program does not know"))
        #expect(report.contains("enable: install LTTng-UST 2.13 to 2.16"))
      }
    }

    @Test func `a library of an unknown soname is refused by its name`() throws {
      try Tool.withDirectory { directory in
        for known in [5, 6] { try directory.addNoLibrary("liblttng-ust-ctl.so.\(known)") }
        try directory.addLibrary("liblttng-ust-ctl.so.7", FakeLibrary.version(3, 0, 0))
        let report = try doctor(directory)
        #expect(report.contains("found liblttng-ust-ctl.so.7, whose interface this program does not know"))
      }
    }

    @Test func `without any library doctor names the files that it looked for and the package`() throws {
      try Tool.withDirectory { directory in
        for known in [5, 6] { try directory.addNoLibrary("liblttng-ust-ctl.so.\(known)") }
        let report = try doctor(directory)
        #expect(report.contains("liblttng-ust-ctl.so.5"))
        #expect(report.contains("liblttng-ust-ctl.so.6"))
        #expect(report.contains("enable: apt-get install liblttng-ust-dev"))
      }
    }

    @Test func `a library without a function is refused by the name of the function`() throws {
      try Tool.withDirectory { directory in
        try directory.addNoLibrary("liblttng-ust-ctl.so.6")
        try directory.addLibrary("liblttng-ust-ctl.so.5", "")
        #expect(try doctor(directory).contains("it has no lttng_ust_ctl_recv_reg_msg"))
      }
    }

    /// Both libraries lack their functions, so the error names the one that is tried first.
    @Test(arguments: [
      ("lttng-ust-sock-8", 5), ("lttng-ust-sock-8 LTTNG_UST_APP_PATH", 6), ("lttng-ust-sock-11 LTTNG_UST_APP_PATH", 6),
    ])
    func `of two libraries that of the installed tracer is loaded`(texts: String, soname: Int) throws {
      try Tool.withDirectory { directory in
        try directory.addLibrary("liblttng-ust-common.so.1", "")
        try Data("…\0\(texts.replacing(" ", with: "\0"))\0…".utf8).write(
          to: directory.appending(path: "liblttng-ust.so.1"))
        try directory.addLibrary("liblttng-ust-ctl.so.5", "")
        try directory.addLibrary("liblttng-ust-ctl.so.6", FakeLibrary.version(2, 15, 0))
        #expect(
          try doctor(directory).contains("load liblttng-ust-ctl.so.\(soname): it has no lttng_ust_ctl_recv_reg_msg"))
      }
    }

    /// A library whose attributes are laid out differently makes sub-buffers of another size.
    @Test func `a library that makes other sub-buffers than asked for is refused`() throws {
      try Tool.withDirectory { directory in
        try directory.addNoLibrary("liblttng-ust-ctl.so.5")
        try directory.addLibrary("liblttng-ust-ctl.so.6", FakeLibrary.version(2, 14, 7) + FakeLibrary.otherLayout)
        let report = try doctor(directory)
        #expect(report.contains("LTTng-UST 2.14.7 made sub-buffers of 65536 bytes"))
        #expect(report.contains("enable: report it with the version of LTTng-UST"))
      }
    }

    /// Returns what `doctor` reports of the back end with these libraries.
    private func doctor(_ libraries: URL) throws -> String {
      let outcome = try Tool.run("doctor", prefix: ["LD_LIBRARY_PATH=\(libraries.path)"])
      let lines = outcome.output.split(separator: "\n").map(String.init)
      let first = try #require(lines.firstIndex { $0.hasPrefix("lttng-ust:") }, "\(outcome)")
      #expect(lines[first] == "lttng-ust: cannot run")
      return ([lines[first]] + lines[(first + 1)...].prefix { $0.hasPrefix(" ") }).joined(separator: "\n")
    }
  }
}

/// Sources of shared objects that take the place of liblttng-ust-ctl.
private enum FakeLibrary {
  static func version(_ major: Int, _ minor: Int, _ patchlevel: Int) -> String {
    """
    int lttng_ust_ctl_get_version(unsigned *major, unsigned *minor, unsigned *patchlevel)
    { *major = \(major); *minor = \(minor); *patchlevel = \(patchlevel); return 0; }

    """
  }

  /// All functions; those that report sizes ignore what was asked for.
  static var otherLayout: String {
    let plain = [
      "recv_reg_msg", "tracer_version", "create_session", "send_channel_to_ust", "send_stream_to_ust", "create_event",
      "enable", "start_session", "stop_session", "register_done", "wait_quiescent", "release_object", "recv_notify",
      "recv_register_event", "recv_register_channel", "recv_register_enum", "reply_register_event",
      "reply_register_channel", "reply_register_enum", "destroy_channel", "send_channel_to_sessiond",
      "channel_close_wakeup_fd", "destroy_stream", "send_stream_to_sessiond", "recv_channel_from_consumer",
      "recv_stream_from_consumer", "sigbus_handle", "stream_close_wait_fd", "stream_close_wakeup_fd",
      "stream_get_wait_fd", "stream_get_wakeup_fd", "get_mmap_read_offset", "get_subbuf_size",
      "get_padded_subbuf_size", "get_next_subbuf", "put_next_subbuf", "snapshot", "snapshot_sample_positions",
      "snapshot_get_consumed", "snapshot_get_produced", "get_subbuf", "put_subbuf", "flush_buffer", "clear_buffer",
      "get_timestamp_begin", "get_timestamp_end", "get_events_discarded", "get_content_size", "get_packet_size",
      "get_sequence_number", "get_stream_id", "get_instance_id", "get_current_timestamp", "get_mmap_base",
      // Of 2.14 and later.
      "packet_create", "packet_destroy", "packet_get_buffer", "flush_events_or_populate_packet",
    ]
    return plain.map { "long lttng_ust_ctl_\($0)(void) { return 0; }\n" }.joined() + """
      static int memory;
      int lttng_ust_ctl_get_nr_stream_per_channel(void) { return 1; }
      void *lttng_ust_ctl_create_channel(void) { return &memory; }
      void *lttng_ust_ctl_create_stream(void) { return &memory; }
      int lttng_ust_ctl_get_max_subbuf_size(void *stream, unsigned long *size) { *size = 65536; return 0; }
      int lttng_ust_ctl_get_mmap_len(void *stream, unsigned long *size) { *size = 65536; return 0; }

      """
  }
}

extension URL {
  /// Builds a shared object with clang or gcc.
  fileprivate func addLibrary(_ name: String, _ source: String) throws {
    let file = appending(path: "\(name).c")
    try source.write(to: file, atomically: false, encoding: .utf8)
    let arguments = "-shared -fPIC -w -o '\(appending(path: name).path)' '\(file.path)'"
    try #require(try Tool.shell("clang \(arguments) || gcc \(arguments)") == 0, "neither clang nor gcc builds \(name)")
  }

  /// A file that hides the installed library of this name, and cannot be loaded.
  fileprivate func addNoLibrary(_ name: String) throws {
    try Data("no library".utf8).write(to: appending(path: name))
  }
}
