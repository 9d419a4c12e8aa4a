import Study

extension LTTngStudy {
  /// Those of `LTTngUSTSource` and of its model.
  public var lossRecipes: [LossRecipe] {
    let last = "flush_buffer(stream, 1), read to the end, flush_buffer(stream, 0), read its packet"
    let growth =
      "events_discarded of the header, less the highest one before; one that is lower tells nothing, and what was lost "
      + "by then is in a later one"
    return [
      LossRecipe(
        mode: "overwrite",
        withEachHandover: [
          "packet_seq_num of the header, less the one before, less 1: so many packets, of unknown numbers of events",
          "where that is 0, \(growth)",
        ],
        inTotal: [last, "the sum of the missing packets; without one, the highest events_discarded"]),
      LossRecipe(mode: "discard", withEachHandover: [growth], inTotal: [last, "the highest events_discarded"]),
    ]
  }
}
