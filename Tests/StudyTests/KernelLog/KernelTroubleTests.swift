import Foundation
import Results
@testable import Study
import Testing

/// The recognition of trouble in lines of the kernel's log.
@Suite struct KernelTroubleTests {
  private func lines(_ messages: [String], level: Int = 4) -> [KernelLogLine] {
    messages.enumerated().map {
      KernelLogLine(sequence: UInt64($0), time: UInt64($0), level: level, message: $1)
    }
  }

  /// A warning of lttng-modules 2.13.18 on Linux 6.12.95, without most of its call trace.
  static let warning = [
    "------------[ cut here ]------------",
    "WARNING: CPU: 0 PID: 753 at src/lib/ringbuffer/ring_buffer_frontend.c:1264 lib_ring_buffer_get_subbuf+0x24d/0x270 [lttng_lib_ring_buffer]",
    "Modules linked in: lttng_ring_buffer_client_mmap_overwrite(OE) lttng_wrapper(OE)",
    "CPU: 0 UID: 0 PID: 753 Comm: exe Tainted: G S         OE      6.12.95+deb12-cloud-amd64 #1  Debian 6.12.95-1~bpo12+1",
    "Tainted: [S]=CPU_OUT_OF_SPEC, [O]=OOT_MODULE, [E]=UNSIGNED_MODULE",
    "Hardware name: QEMU Standard PC (Q35 + ICH9, 2009), BIOS 1.16.2-debian-1.16.2-1 04/01/2014",
    "RIP: 0010:lib_ring_buffer_get_subbuf+0x24d/0x270 [lttng_lib_ring_buffer]",
    "Code: 35 49 8b 76 28 49 8b 56 30 48 01 de eb ca 48 83 c4 08 b8 c3",
    "RSP: 0018:ffffc90000b4fc38 EFLAGS: 00000202",
    "RAX: 0000000000000000 RBX: ffff88803f3a5c00 RCX: ffff888035d41190",
    "FS:  00007ffff3c27b00(0000) GS:ffff888035c00000(0000) knlGS:0000000000000000",
    "CR2: 00007ffff6ad0f98 CR3: 000000003f25c000 CR4: 0000000000750ef0",
    "PKRU: 55555554",
    "Call Trace:",
    " <TASK>",
    " lib_ring_buffer_ioctl+0x2a0/0x360 [lttng_lib_ring_buffer]",
    " ? vfs_write+0x3a6/0x450",
    " __x64_sys_ioctl+0x94/0xc0",
    " </TASK>",
    "---[ end trace 0000000000000000 ]---",
  ]

  @Test(arguments: [
    ("WARNING: CPU: 1 PID: 7 at kernel/trace/ring_buffer.c:7384 rb_x+0x1/0x2", KernelTrouble.Kind.warning),
    ("WARNING: kernel/trace/ring_buffer.c:7384 at rb_x+0x1/0x2, CPU#1: abi compare/7", .warning),
    ("refcount_t: underflow; use-after-free.", .warning),
    ("WARNING: possible circular locking dependency detected", .lockdep),
    ("WARNING: suspicious RCU usage", .lockdep),
    ("INFO: trying to register non-static key.", .lockdep),
    ("BUG: kernel NULL pointer dereference, address: 0000000000000020", .bug),
    ("kernel BUG at mm/slub.c:448!", .bug),
    ("BUG: KASAN: slab-use-after-free in x", .bug),
    ("Oops: 0002 [#1] PREEMPT SMP NOPTI", .oops),
    (
      "Oops: general protection fault, probably for non-canonical address 0x6b6b6b6b6b6b6b6b: 0000 [#1]",
      .protectionFault
    ),
    ("general protection fault, probably for non-canonical address 0xdead000000000100: 0000 [#1]", .protectionFault),
    ("INFO: task abi-compare:77 blocked for more than 120 seconds.", .hungTask),
    ("rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:", .stall),
    ("rcu: INFO: rcu_sched self-detected stall on CPU", .stall),
    ("watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [abi-compare:77]", .stall),
    ("Kernel panic - not syncing: Fatal exception", .oops),
    ("Ring buffer [3] commit overrun lost 12 events at timestamp:123", .lossReport),
    ("LTTng: ring buffer relay-discard-mmap, cpu 0: records were lost. Caused by:", .channelLosses),
    ("LTTng: transport relay-mmap not found", .tracerWarning),
  ])
  func `trouble is recognised`(_ message: String, _ kind: KernelTrouble.Kind) {
    #expect(KernelTrouble.kind(of: lines([message])[0]) == kind)
  }

  @Test(arguments: [
    "abi-compare-pro[1270]: segfault at 7ffb2c845000 ip 00007ffb2cafd809 sp 00007fff2c95ca18 error 4 in libc.so.6",
    "traps: abi-compare[12] general protection fault ip:7f sp:7f error:0 in libc.so.6",
    "Bluetooth: BUG: is not at the begin", "lttng_wrapper: loading out-of-tree module taints kernel.", "",
  ])
  func `other lines are no trouble`(_ message: String) {
    #expect(KernelTrouble.all(in: lines([message])).isEmpty)
  }

  @Test func `what lttng-modules says of each channel at its end is no trouble`() {
    let message = "LTTng: ring buffer relay-overwrite-mmap, cpu 0: non-consumed data"
    #expect(KernelTrouble.all(in: lines([message], level: 7)).isEmpty)
  }

  @Test func `a warning has the lines from the cut to the end of its trace`() throws {
    let troubles = KernelTrouble.all(in: lines(["before"] + Self.warning + ["behind"] + Self.warning))
    #expect(troubles.map(\.lines) == [1..<21, 22..<42])
    let first = try #require(troubles.first)
    #expect(first.headline == 2)
    #expect((first.thread, first.command, first.isInInterrupt) == (753, nil, false))
  }

  @Test func `a warning with a message is one`() {
    let messages =
      ["------------[ cut here ]------------", "refcount_t: underflow; use-after-free."] + Self.warning.dropFirst()
    let troubles = KernelTrouble.all(in: lines(messages))
    #expect(troubles.map(\.lines) == [0..<21])
    #expect(troubles.map(\.headline) == [1])
    #expect(troubles.map(\.thread) == [753])
  }

  @Test func `a report of an oops is one`() {
    let messages = [
      "BUG: kernel NULL pointer dereference, address: 0000000000000020", "#PF: supervisor read access in kernel mode",
      "#PF: error_code(0x0000) - not-present page", "PGD 0 P4D 0 ", "Oops: 0000 [#1] PREEMPT SMP",
      "CPU: 1 UID: 0 PID: 42 Comm: a b Not tainted 6.12 #1", "RIP: 0010:x+0x1/0x2",
      "---[ end trace 0000000000000000 ]---",
      "note: a b[42] exited with irqs disabled",
    ]
    let troubles = KernelTrouble.all(in: lines(messages))
    #expect(troubles.map(\.kind) == [.bug])
    #expect(troubles.map(\.lines) == [0..<8])
    #expect(troubles.map(\.command) == ["a b"])
  }

  @Test func `two headlines without a cut are two reports`() {
    let messages = ["WARNING: CPU: 0 PID: 1 at a.c:1 f", "WARNING: CPU: 0 PID: 2 at b.c:1 g"]
    #expect(KernelTrouble.all(in: lines(messages)).map(\.thread) == [1, 2])
  }

  @Test func `a report without an end does not take the next one`() {
    let troubles = KernelTrouble.all(
      in: lines(["rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:"] + Self.warning))
    #expect(troubles.map(\.kind) == [.stall, .warning])
    #expect(troubles.map(\.lines) == [0..<1, 1..<21])
  }

  @Test func `a report of which only the begin is there is bounded by the lines`() {
    #expect(KernelTrouble.all(in: lines(["------------[ cut here ]------------"])).isEmpty)
    #expect(KernelTrouble.all(in: lines(Array(Self.warning.prefix(2)))).map(\.lines) == [0..<2])
    let long = ["BUG: x"] + (0..<500).map { "line \($0)" }
    #expect(KernelTrouble.all(in: lines(long)).map(\.lines) == [0..<24])
  }

  @Test func `a report of lost events has the lines of its record`() {
    let lines = [
      KernelLogLine(
        sequence: 5, time: 0, level: 4, message: "LTTng: ring buffer x, cpu 0: records were lost. Caused by:"),
      KernelLogLine(
        sequence: 5, time: 0, level: 4, message: "  [ 3 buffer full, 0 nest buffer wrap-around, 0 event too big ]"),
      KernelLogLine(sequence: 6, time: 1, level: 6, message: "another"),
    ]
    #expect(KernelTrouble.all(in: lines).map(\.lines) == [0..<2])
  }

  @Test(arguments: [
    ("CPU: 1 PID: 123 Comm: abi compare Not tainted 6.1 #1", 123, "abi compare"),
    ("CPU: 1 UID: 1000 PID: 7 Comm: exe Tainted: G W 6.12 #1", 7, "exe"),
    ("WARNING: CPU: 0 PID: 9 at x.c:1 f+0x1/0x2", 9, nil),
    ("WARNING: x.c:1 at f+0x1/0x2, CPU#3: kworker/3:1/88", 88, "kworker/3:1"),
    ("INFO: task a:b:55 blocked for more than 120 seconds.", 55, "a:b"),
    ("abi-compare/31 is trying to acquire lock:", 31, "abi-compare"),
    ("watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [exe:77]", 77, "exe"),
    ("abi-compare-pro[1270]: segfault at 7 ip 0 sp 0 error 4", 1270, "abi-compare-pro"),
  ])
  func `a line names its thread`(_ message: String, _ id: Int32, _ command: String?) throws {
    let thread = try #require(ThreadOfLine(lines([message])[0]))
    #expect(thread.id == id)
    #expect(thread.command == command)
  }

  @Test func `numbers in brackets are no threads`() {
    #expect(ThreadOfLine(lines(["Ring buffer [3] commit overrun lost 12 events at timestamp:123"])[0]) == nil)
    #expect(ThreadOfLine(lines(["LTTng: ring buffer x: [ 3 ]"])[0]) == nil)
  }

  @Test func `the kernel's own caller is used where the text names no thread`() {
    var line = lines(["LTTng: transport x not found"])[0]
    line.caller = 99
    #expect(ThreadOfLine(line)?.id == 99)
  }

  @Test(arguments: [
    KernelLogLine(sequence: 588, time: 1204, level: 4, message: "WARNING: a  b"),
    KernelLogLine(sequence: 0, time: 0, level: 0, caller: 77, message: ""),
  ])
  func `a line is stored with its fields`(_ line: KernelLogLine) throws {
    #expect(try JSONDecoder().decode(KernelLogLine.self, from: JSONEncoder().encode(line)) == line)
  }
}

/// The cause of trouble, from the places of threads.
@Suite struct KernelLogCauseTests {
  private func excerpt(
    _ place: KernelLogThread.Place?, inParallel: Int? = nil, _ messages: [String] = KernelTroubleTests.warning
  ) -> KernelLogExcerpt {
    KernelLogExcerpt(
      lines: messages.enumerated().map {
        KernelLogLine(sequence: UInt64($0), time: 0, level: 4, message: $1)
      }, threads: place.map { [KernelLogThread(id: 753, place: $0)] }, inParallel: inParallel)
  }

  private func cause(_ excerpt: KernelLogExcerpt) throws -> KernelLogCause {
    excerpt.cause(of: try #require(excerpt.troubles.first))
  }

  @Test func `a thread of the part means the part, whatever ran in parallel`() throws {
    #expect(try cause(excerpt(.thisPart)) == .part)
    #expect(try cause(excerpt(.thisPart, inParallel: 3)) == .part)
  }

  @Test func `a thread of another part or program means others`() throws {
    #expect(try cause(excerpt(.otherProgram)) == .others)
    #expect(try cause(excerpt(.anotherPart, inParallel: 1)) == .others)
  }

  @Test func `a thread of this program means the part only if it runs alone`() throws {
    #expect(try cause(excerpt(.thisProgram)) == .part)
    guard case .undecided(let reason) = try cause(excerpt(.thisProgram, inParallel: 2)) else {
      Issue.record("decided")
      return
    }
    #expect(reason.contains("2 other parts ran at the same time"))
  }

  @Test(arguments: [KernelLogThread.Place.kernel, .unknown, nil])
  func `a thread of the kernel, or an unknown one, decides nothing`(_ place: KernelLogThread.Place?) throws {
    for inParallel in [nil, 1, 4] {
      guard case .undecided = try cause(excerpt(place, inParallel: inParallel)) else {
        Issue.record("decided")
        return
      }
    }
  }

  @Test func `an interrupt of the part's thread decides nothing`() throws {
    let messages = KernelTroubleTests.warning.map { $0 == " <TASK>" ? " <IRQ>" : $0 }
    guard case .undecided(let reason) = try cause(excerpt(.thisPart, messages)) else {
      Issue.record("decided")
      return
    }
    #expect(reason.contains("interrupt of thread 753"))
  }

  @Test func `the first lines are without registers and modules`() throws {
    let excerpt = excerpt(.thisPart)
    let lines = excerpt.firstLines(of: try #require(excerpt.troubles.first), 20)
    #expect(lines.first?.hasPrefix("WARNING: CPU: 0 PID: 753 at ") == true)
    #expect(
      lines.dropFirst(2) == [
        "Call Trace:", " <TASK>",
        " lib_ring_buffer_ioctl+0x2a0/0x360 [lttng_lib_ring_buffer]", " __x64_sys_ioctl+0x94/0xc0", " </TASK>",
        "---[ end trace 0000000000000000 ]---",
      ])
  }
}
