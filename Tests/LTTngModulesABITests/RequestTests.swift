import CLTTngModules
import CTFPackets
import Glibc
@testable import LTTngModulesABI
import SubbufferSource
import Testing

/// The request numbers, as observed on x86-64 with lttng-modules 2.13.18 and as defined in `include/lttng/abi.h` and
/// `include/ringbuffer/vfs.h`.
@Suite struct RequestTests {
  @Test func `The control requests have their numbers`() {
    #expect(clm_session_request == 0xF645)
    #expect(clm_tracer_version_request == 0x800C_F646)
    #expect(clm_wait_quiescent_request == 0xF648)
    #expect(clm_tracer_abi_version_request == 0x8008_F64B)
    #expect(clm_channel_request == 0x4140_F655)
    #expect(clm_session_start_request == 0xF656)
    #expect(clm_session_stop_request == 0xF657)
    #expect(clm_session_track_id_request == 0x4008_F6A1)
    #expect(clm_stream_request == 0xF662)
    #expect(clm_event_request == 0x4234_F663)
    #expect(clm_enable_request == 0xF682)
  }

  @Test func `The reader's requests have their numbers`() {
    let plain: [(UInt, UInt)] = [
      (clm_snapshot_request, 0x00), (clm_put_subbuf_request, 0x04), (clm_get_next_subbuf_request, 0x05),
      (clm_put_next_subbuf_request, 0x06), (clm_flush_request, 0x0C), (clm_snapshot_sample_positions_request, 0x0E),
      (clm_flush_empty_request, 0x0F), (clm_clear_request, 0x11),
    ]
    for (request, number) in plain { #expect(request == 0xF600 | number) }
    let reading: [(UInt, UInt)] = [
      (clm_snapshot_get_consumed_request, 0x01), (clm_snapshot_get_produced_request, 0x02),
      (clm_get_subbuf_size_request, 0x07), (clm_get_padded_subbuf_size_request, 0x08),
      (clm_get_max_subbuf_size_request, 0x09), (clm_get_mmap_len_request, 0x0A),
      (clm_get_mmap_read_offset_request, 0x0B), (clm_get_timestamp_begin_request, 0x20),
      (clm_get_timestamp_end_request, 0x21), (clm_get_events_discarded_request, 0x22),
      (clm_get_content_size_request, 0x23), (clm_get_packet_size_request, 0x24), (clm_get_stream_id_request, 0x25),
      (clm_get_current_timestamp_request, 0x26), (clm_get_seq_num_request, 0x27), (clm_instance_id_request, 0x28),
    ]
    for (request, number) in reading { #expect(request == 0x8008_F600 | number) }
    #expect(clm_get_subbuf_request == 0x4008_F603)
    #expect(clm_flush_or_populate_packet_request == 0xC01A_F613)
  }

  @Test func `The structures have the kernel's sizes`() {
    #expect(MemoryLayout<clm_channel>.size == 320)
    #expect(MemoryLayout<clm_event>.size == 564)
    #expect(MemoryLayout<clm_tracker_args>.size == 8)
  }

  @Test func `A channel is asked for as it is described`() {
    var attributes = ModulesChannelAttributes(mode: .overwrite, subbufferSize: 8192, subbufferCount: 4)
    attributes.switchTimer = 7
    attributes.readTimer = 9
    let argument = attributes.argument
    #expect(argument.subbuf_size == 8192 && argument.num_subbuf == 4 && argument.overwrite == 1)
    #expect(argument.switch_timer_interval == 7 && argument.read_timer_interval == 9 && argument.output == 1)
    #expect(attributes.geometry == Geometry(subbufferSize: 8192, subbufferCount: 5, readerSubbuffers: 1))
    attributes.mode = .discard
    #expect(attributes.argument.overwrite == 0)
    #expect(attributes.geometry == Geometry(subbufferSize: 8192, subbufferCount: 4, readerSubbuffers: 0))
  }

  @Test(.enabled(if: access(LTTngModules.path, F_OK) != 0, "the modules are loaded here"))
  func `Without the modules it is said how to have them`() {
    let error = #expect(throws: SourceError.self) { try LTTngModules() }
    #expect(error?.kind == .unavailable)
    #expect(error?.remedy.contains("modprobe") == true)
  }
}
