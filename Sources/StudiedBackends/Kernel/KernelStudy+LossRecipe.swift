import Study

extension KernelStudy {
  /// The recipes of `TracefsSource` and of its model; the headers of v11 do not report losses.
  public var lossRecipes: [LossRecipe] {
    let total = [
      "after the last ioctl, load meta.overrun and read \"commit overrun\" and \"dropped events\" of "
        + "per_cpu/cpuN/stats",
      "sum the three; if one of them or meta.read has decreased since the last reading, the ring buffer was cleared: "
        + "add the last values before the clear",
    ]
    let overwrite =
      abis.contains(.kernelV11)
      ? ["after each ioctl that exchanges the sub-buffer: the increase of meta.overrun since the previous exchange"]
      : [
        "after each ioctl that exchanges the sub-buffer, load commit: if bit 30 is set, the u64 after the data",
        "else reader.lost_events, if it is not 0",
        "else if bit 31 is set, the increase of meta.overrun not yet accounted for: an upper bound that includes "
          + "losses before the reader attached",
        "else none",
      ]
    return [
      LossRecipe(mode: "overwrite", withEachHandover: overwrite, inTotal: total),
      LossRecipe(
        mode: "discard", withEachHandover: ["nothing: the mapping does not report dropped events"],
        inTotal: total),
    ]
  }
}
