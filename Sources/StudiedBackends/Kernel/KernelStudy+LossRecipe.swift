import Study

extension KernelStudy {
  /// Those of `TracefsSource` and of its model; as posted in v11 no header tells.
  public var lossRecipes: [LossRecipe] {
    let total = [
      "after the last ioctl load meta.overrun, and read commit overrun and dropped events of per_cpu/cpuN/stats",
      "add up the three; where one of them or meta.read has fallen since the last look, the ring buffer was cleared: add "
        + "what they were then",
    ]
    let overwrite =
      abis.contains(.kernelV11)
      ? ["after each ioctl that exchanges the sub-buffer: what meta.overrun has grown by since the exchange before"]
      : [
        "after each ioctl that exchanges the sub-buffer, load commit: with bit 30, the u64 behind the data",
        "else reader.lost_events, where it is not 0",
        "else with bit 31, what meta.overrun has come to beyond what was told: an upper bound, also of what was lost before "
          + "the reader came",
        "else none",
      ]
    return [
      LossRecipe(mode: "overwrite", withEachHandover: overwrite, inTotal: total),
      LossRecipe(
        mode: "discard", withEachHandover: ["nothing: no field of the mapping is taken for a word on dropped events"],
        inTotal: total),
    ]
  }
}
