import Study

extension LTTngStudy {
  /// Those of `LTTngUSTSource` and of its model.
  public var lossRecipes: [LossRecipe] {
    let last = "flush_buffer(stream, 1), read to the end, flush_buffer(stream, 0), read its packet"
    let returning =
      "a reader that comes again goes on from the packet_seq_num and the counts of the last one; one that does not know them "
      + "expects the packet at the consumed position"
    let growth =
      "events_discarded of the header, less the highest one before; one that is lower tells nothing, and what was lost "
      + "by then is in a later one"
    return [
      LossRecipe(
        mode: "overwrite",
        withEachHandover: [
          "packet_seq_num of the header, less the one before, less 1: so many packets, of unknown numbers of events",
          "beside it, \(growth)",
        ],
        inTotal: [
          last, "the sum of the missing packets, and beside it the highest events_discarded", returning,
        ]),
      LossRecipe(
        mode: "discard", withEachHandover: [growth],
        inTotal: [last, "the highest events_discarded, and the sum of missing packets", returning]),
    ]
  }
}
