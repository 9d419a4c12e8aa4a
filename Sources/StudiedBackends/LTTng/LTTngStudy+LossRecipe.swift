import Study

extension LTTngStudy {
  /// The recipes of `LTTngUSTSource` and of its model.
  public var lossRecipes: [LossRecipe] {
    let last = "flush_buffer(stream, 1), read to the end, flush_buffer(stream, 0), read the resulting packet"
    let returning =
      "a new reader continues from the last packet_seq_num and counts of its predecessor; without them it expects "
      + "the packet at the consumed position"
    let growth =
      "events_discarded of the header minus the highest earlier value; a lower value is ignored, because a later "
      + "header includes its losses"
    return [
      LossRecipe(
        mode: "overwrite",
        withEachHandover: [
          "packet_seq_num of the header minus the previous one minus 1: the number of lost packets, not of events",
          "in addition, \(growth)",
        ],
        inTotal: [
          last, "the sum of the missing packets, and in addition the highest events_discarded", returning,
        ]),
      LossRecipe(
        mode: "discard", withEachHandover: [growth],
        inTotal: [last, "the highest events_discarded, and the sum of missing packets", returning]),
    ]
  }
}
