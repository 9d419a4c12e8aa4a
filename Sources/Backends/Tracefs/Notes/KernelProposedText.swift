/// Proposed texts as unified diffs against Linux 7.3.4.
enum ProposedText {
  /// One reader sub-buffer for all readers.
  static let concurrentReaders = """
    --- a/Documentation/trace/ring-buffer-map.rst
    +++ b/Documentation/trace/ring-buffer-map.rst
    @@ -43,7 +43,8 @@
     Concurrent readers (either another application mapping that ring-buffer or the
     kernel with trace_pipe) are allowed but not recommended. They will compete for
     the ring-buffer and the output is unpredictable, just like concurrent readers on
    -trace_pipe would be.
    +trace_pipe would be. There is one reader sub-buffer and one meta-page for all of them:
    +an event can be seen by several readers or by none.

     Example
     =======
    """

  /// The meaning of `read`.
  static let readCountsWhole = """
    --- a/include/uapi/linux/trace_mmap.h
    +++ b/include/uapi/linux/trace_mmap.h
    @@ -17,7 +17,8 @@
      * @flags:		Placeholder for now, 0 until new features are supported.
      * @entries:		Number of entries in the ring-buffer.
      * @overrun:		Number of entries lost in the ring-buffer.
    - * @read:		Number of entries that have been read.
    + * @read:		Number of entries that have been read. GET_READER counts all
    + *			entries of the sub-buffer that it hands out as read.
      * @pages_lost:		Number of pages overwritten by the writer.
      * @pages_touched:	Number of pages written by the writer.
      */
    """

  /// The missing compat ioctl.
  static let noIoctlFor32Bits = """
    --- a/Documentation/trace/ring-buffer-map.rst
    +++ b/Documentation/trace/ring-buffer-map.rst
    @@ -45,6 +45,8 @@
     the ring-buffer and the output is unpredictable, just like concurrent readers on
     trace_pipe would be.

    +The ioctl() is not available to 32-bit processes on a 64-bit kernel.
    +
     Example
     =======
    """

  /// The field that stays 0.
  static let lostEvents = """
    --- a/include/uapi/linux/trace_mmap.h
    +++ b/include/uapi/linux/trace_mmap.h
    @@ -11,7 +11,9 @@
      * @subbuf_size:	Size of each sub-buffer.
      * @nr_subbufs:		Number of subbfs in the ring-buffer, including the reader.
      * @reader:		The reader composite info structure
    - * @reader.lost_events:	Number of events lost at the time of the reader swap.
    + * @reader.lost_events:	Not updated by GET_READER. Use the missed-events bits of the
    + *			commit word of the reader sub-buffer, or the increase
    + *			of @overrun.
      * @reader.id:		subbuf ID of the current reader. ID range [0 : @nr_subbufs - 1]
      * @reader.read:	Number of bytes read on the reader subbuf.
      * @flags:		Placeholder for now, 0 until new features are supported.
    """

  /// The meaning of `overrun`.
  static let overrunWithoutDrops = """
    --- a/include/uapi/linux/trace_mmap.h
    +++ b/include/uapi/linux/trace_mmap.h
    @@ -16,7 +16,9 @@
      * @reader.read:	Number of bytes read on the reader subbuf.
      * @flags:		Placeholder for now, 0 until new features are supported.
      * @entries:		Number of entries in the ring-buffer.
    - * @overrun:		Number of entries lost in the ring-buffer.
    + * @overrun:		Number of entries that were overwritten before they were read.
    + *			Entries dropped because the ring-buffer was full (overwrite
    + *			mode off) are not counted: see per_cpu/cpuN/stats.
      * @read:		Number of entries that have been read.
      * @pages_lost:		Number of pages overwritten by the writer.
      * @pages_touched:	Number of pages written by the writer.
    """

  /// The meaning of `entries`.
  static let entriesEverWritten = """
    --- a/include/uapi/linux/trace_mmap.h
    +++ b/include/uapi/linux/trace_mmap.h
    @@ -15,7 +15,9 @@
      * @reader.id:		subbuf ID of the current reader. ID range [0 : @nr_subbufs - 1]
      * @reader.read:	Number of bytes read on the reader subbuf.
      * @flags:		Placeholder for now, 0 until new features are supported.
    - * @entries:		Number of entries in the ring-buffer.
    + * @entries:		Number of entries written to the ring-buffer, including those
    + *			read or overwritten since. The number of unread entries is
    + *			@entries - @overrun - @read.
      * @overrun:		Number of entries lost in the ring-buffer.
      * @read:		Number of entries that have been read.
      * @pages_lost:		Number of pages overwritten by the writer.
    """

  /// The loss flags of the commit word, which no page describes.
  static let lossFlags = """
    --- a/Documentation/trace/ring-buffer-map.rst
    +++ b/Documentation/trace/ring-buffer-map.rst
    @@ -33,6 +33,13 @@
     the trace_pipe_raw ioctl() TRACE_MMAP_IOCTL_GET_READER. This ioctl also updates
     the meta-page fields.

    +Lost events
    +===========
    +If events were overwritten before the reader sub-buffer, bit 31 of the commit field
    +of its header is set. If bit 30 is set as well, their number is stored as an unsigned
    +long after the data. Only the lower 32 bits of the commit field are valid: mask bits
    +30 and 31 to get the number of bytes of data.
    +
     Limitations
     ===========
     When a mapping is in place on a Tracefs ring-buffer, it is not possible to
    """

  /// An unchanged id.
  static let sameID = """
    --- a/Documentation/trace/ring-buffer-map.rst
    +++ b/Documentation/trace/ring-buffer-map.rst
    @@ -33,6 +33,10 @@
     the trace_pipe_raw ioctl() TRACE_MMAP_IOCTL_GET_READER. This ioctl also updates
     the meta-page fields.

    +While the writer is on the reader sub-buffer, the ioctl() can return with the same
    +meta->reader.id and a larger meta->reader.read. If neither has changed, there is
    +nothing new; the ioctl() returns 0 then, too.
    +
     Limitations
     ===========
     When a mapping is in place on a Tracefs ring-buffer, it is not possible to
    """

  /// The size of the meta page and the line that does not compile.
  static let readerOffset = """
    --- a/Documentation/trace/ring-buffer-map.rst
    +++ b/Documentation/trace/ring-buffer-map.rst
    @@ -13,23 +13,23 @@
     then a consumer for that ring-buffer, in a similar fashion to trace_pipe.

     Memory mapping setup
     ====================
     The mapping works with a mmap() of the trace_pipe_raw interface.

    -The first system page of the mapping contains ring-buffer statistics and
    +The first meta_page_size bytes of the mapping contain ring-buffer statistics and
     description. It is referred to as the meta-page. One of the most important
     fields of the meta-page is the reader. It contains the sub-buffer ID which can
     be safely read by the mapper (see ring-buffer-design.rst).

     The meta-page is followed by all the sub-buffers, ordered by ascending ID. It is
     therefore effortless to know where the reader starts in the mapping:

     .. code-block:: c

    -        reader_id = meta->reader->id;
    +        reader_id = meta->reader.id;
             reader_offset = meta->meta_page_size + reader_id * meta->subbuf_size;

     When the application is done with the current reader, it can get a new one using
     the trace_pipe_raw ioctl() TRACE_MMAP_IOCTL_GET_READER. This ioctl also updates
     the meta-page fields.
    """
}
