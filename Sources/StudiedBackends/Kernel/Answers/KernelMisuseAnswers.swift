import Study

extension KernelAnswers {
  static let unmappedAcquire = Claim(
    "acquire-without-mapping", .misuse, title: "An acquire without a mapping",
    question: "Is the ioctl refused if nothing is mapped?",
    source: "V. Donnefort, kernel/trace/ring_buffer.c, rb_get_mapped_buffer: ERR_PTR(-ENODEV) if the buffer is not "
      + "mapped",
    procedure: "Write 8 events; open trace_pipe_raw and call the ioctl without mmap; read the number of read events "
      + "from per_cpu/cpuN/stats.",
    notModelled: "a model has no descriptor",
    reaching: .nothing,
    [
      .kernel: .documented("-ENODEV, and no event counts as read") { seen in
        let code = try seen.code("ioctl")
        if code != "-ENODEV" { return Answer(code, isExpected: false) }
        let isUnread = try seen.number("stats: read events") == 0
        return Answer(isUnread ? code : "\(code), but events are consumed", expected: "-ENODEV")
      }
    ])

  static let foreignAcquire = Claim(
    "acquire-through-another-descriptor", .misuse, title: "An acquire through a descriptor without a mapping",
    question:
      "While one reader has the ring buffer mapped: does the ioctl work on another descriptor that maps nothing?",
    source:
      "V. Donnefort, kernel/trace/ring_buffer.c, rb_get_mapped_buffer checks whether the buffer of the CPU is mapped, "
      + "not by whom",
    procedure:
      "Write 500 events; map and acquire; open trace_pipe_raw again and call the ioctl on that descriptor, without "
      + "mmap; look at the mapping.",
    notModelled: "a model has no descriptor",
    reaching: .nothing,
    [
      .kernel: .assumed("from that function: it works, and moves reader.id in the mapping of the first reader") {
        seen in
        let code = try seen.code("ioctl on the other descriptor")
        if code != "0" { return Answer(code, isExpected: false) }
        let isMoved = try seen["reader.id before"] != seen["reader.id after"]
        return Answer(
          isMoved ? "advances the mapped reader" : "0, without effect", expected: "advances the mapped reader")
      }
    ])

  static let acquireAfterUnmapping = Claim(
    "acquire-after-unmapping", .misuse, title: "An acquire after the last mapping is gone",
    question: "Is the ioctl refused after the last mapping is gone, and does a mapping outlive its descriptor?",
    source:
      "V. Donnefort, kernel/trace/ring_buffer.c, rb_get_mapped_buffer: ERR_PTR(-ENODEV); mmap(2): \"closing the file "
      + "descriptor does not unmap the region\"",
    procedure:
      "Map twice by one descriptor and call the ioctl; unmap one, then the other, with an ioctl after each. Map "
      + "again, close the descriptor, write 8 events, and call the ioctl on a new descriptor without mmap.",
    notModelled: "a model has no descriptor",
    reaching: .nothing,
    [
      .kernel: .documented(
        "-ENODEV, and 0 while a mapping is left; the mapping of a closed descriptor counts as one"
      ) { seen in
        if try seen.codes(["two mappings: ioctl", "one mapping: ioctl"]) != "0" {
          return Answer("refused even while mapped", isExpected: false)
        }
        let code = try seen.code("no mapping: ioctl")
        if code != "-ENODEV" { return Answer(code, isExpected: false) }
        let isKept =
          try seen["descriptor closed: ioctl on another"] == "0" && seen.number("meta.read in the mapping then") == 8
        return Answer(isKept ? code : "\(code), also after a close(2)", expected: "-ENODEV")
      }
    ])

  static let unknownRequest = Claim.unknownRequest.answered([
    .kernel: .documented("-ENOTTY each time, and no event counts as read") { seen in
      try Claim.unknownRequests(seen, isConsumed: seen.number("meta.read") != 0)
    }
  ])

  static let noPut = "the kernel has one call: the acquire is the release too"

  static let recordingAfterMisuse = Claim.recordingAfterMisuse.answered([
    .kernel: .assumed("all 8 events are readable", from: "LTTng") { seen in
      let isReadable = try seen.number("events read of 8 that were written afterwards") == 8
      return Answer(isReadable ? "yes" : "no, events are lost", expected: "yes")
    }
  ])

  static let unreadableMemory = Claim.unreadableMemory.answered([
    .kernel: .documented("-EFAULT, and no event", Claim.unreadable)
  ])

  static let absentPage = Claim.absentPage.answered([
    .kernel: .documented("yes: the write returns 40, and the event has the contents", Claim.arrives)
  ])

  static let doubleAcquire = Claim.doubleAcquire.answered([
    .kernel: .assumed(
      "as in v11: the second ioctl releases the first sub-buffer and returns the next",
      reaching: [.subbufferHeld { seen in try seen["events of the first"] != "none" }]
    ) { seen in
      let code = try seen.code("second ioctl")
      if code != "0" { return Answer(code, isExpected: false) }
      if try seen["id after the first"] == seen["id after the second"] {
        return Answer("same again", isExpected: false)
      }
      let isNext = try seen.number("last event of the first") + 1 == seen.number("first event of the second")
      return Answer(isNext ? "next sub-buffer" : "another sub-buffer", expected: "next sub-buffer")
    }
  ])
}
