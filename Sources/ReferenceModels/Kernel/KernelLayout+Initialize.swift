extension KernelLayout {
  /// Makes zeroed memory a ring buffer: pages 0 and up in a ring, all empty, the last page the reader's own
  /// (`rb_allocate_cpu_buffer`).
  public func initialize<Memory: AtomicMemory>(_ memory: inout Memory) {
    let count = parameters.subbufferCount
    for page in 0..<count {
      let next = (page + 1) % count
      memory.store(PageLink(next, next == 0 ? PageLink.head : PageLink.normal).word, to: self.next(page), .relaxed)
      memory.store(UInt64((page + count - 1) % count), to: previous(page), .relaxed)
    }
    // The reader's page is outside the ring and links to itself.
    memory.store(PageLink(count, PageLink.normal).word, to: next(count), .relaxed)
    memory.store(UInt64(count), to: previous(count), .relaxed)
    memory.store(UInt64(count), to: Self.readerPage, .release)
  }

  /// Gives the pages ids and fills in the meta page, as the first mapping does: 0 is the reader's page, then come those
  /// of the ring from the head on (`rb_setup_ids_meta_page`).
  ///
  /// Readers must be kept out meanwhile; a writer may write.
  public func assignIDs<Memory: AtomicMemory>(_ memory: inout Memory) {
    let reader = Int(truncatingIfNeeded: memory.load(Self.readerPage, .relaxed))
    var findHead = KernelFindHead(self)
    var page = findHead.run(on: &memory)
    assign(0, to: reader, &memory)
    for id in 1..<pageCount {
      assign(id, to: page, &memory)
      page = PageLink(word: memory.load(next(page), .acquire)).page
    }
    var update = KernelUpdateMetaPage(self, readerPage: reader)
    update.run(on: &memory)
  }

  private func assign<Memory: AtomicMemory>(_ id: Int, to page: Int, _ memory: inout Memory) {
    memory.store(UInt64(id), to: self.id(page), .relaxed)
    memory.store(UInt64(page), to: pageOfID(id), .release)
  }
}
