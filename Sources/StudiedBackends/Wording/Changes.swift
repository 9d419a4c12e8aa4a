import Study

extension Catalogue {
  /// The changes from v11 of the patch set to Linux 6.10, and those after it.
  static let designChanges: [DesignChange] = [
    DesignChange(
      claim: "lost-events-in-meta-page",
      "The count moved to the sub-buffer's header, and the field is cleared before it is published",
      source: "fe832be05a8e, Linux 6.10"),
    DesignChange(
      claim: "loss-told-twice", "“If anything, it should be in both locations.”",
      source: "S. Rostedt, 2024-01-12; fe832be05a8e, Linux 6.10"),
    DesignChange(
      claim: "count-is-free-running", "Missed events are stored after the data, those before this sub-buffer alone",
      source: "fe832be05a8e, Linux 6.10"),
    DesignChange(
      claim: "flag-means-missed", "Bit 31 of commit marks missed events also if the ring buffer is mapped",
      source: "fe832be05a8e, Linux 6.10"),
    DesignChange(
      claim: "data-size-with-and-without-loss",
      "The size after a loss leaves out the padding, whose place the number takes if it fits",
      source: "fe832be05a8e, Linux 6.10"),
    DesignChange(
      "v12: sizes first, then the reader, then statistics; unsigned long became __u64 and __u32, for 32-bit readers on "
        + "64-bit kernels; subbufs_read was removed; snapshot and mapping exclude each other",
      source: "change log of v18, 2024-02-20; S. Rostedt, 2024-01-12"),
    DesignChange(
      "v13: subbufs_touched and subbufs_lost became reserved words, and flags was added: 72 bytes became 80 again",
      source: "change log of v18, 2024-02-20"),
    DesignChange(
      "v13: all sub-buffers are zeroed when they are allocated: “each subbuf will be accessible to user-space”",
      source: "6b76323e5a48, 2024-01-29"),
    DesignChange(
      "v15: the data cache is flushed for aliasing caches, and VM_EXEC is refused",
      source: "change log of v18, 2024-02-20"),
    DesignChange(
      "After v18: not merged for 6.9; all pages are inserted at mmap, and MAP_SHARED is required",
      source: "L. Torvalds, 2024-03-16"),
    DesignChange("v23: VM_IO was dropped, with which a debugger could not read it", source: "S. Rostedt, 2024-05-07"),
    DesignChange(
      "6.10-rc7: the ioctl became _IO('R', 0x20), so that strace can name it", source: "4ecaf7e98a3a, 2024-07-02"),
    DesignChange(
      "7.1: the reserved words became pages_lost and pages_touched, for the hypervisor's buffers",
      source: "7d776a36277f"),
    DesignChange(
      "7.3: splice works while mapped, options files hold a reference, and large events fit into large sub-buffers",
      source: "6365c44a824f, f2951ebd15c3, 472ac478b14d"),
  ]
}
