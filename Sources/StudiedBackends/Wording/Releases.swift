import Study

extension Catalogue {
  private static let torvalds = "announcement by L. Torvalds"
  private static let tag = "tag in the repository"

  /// The release dates that were verified.
  static let releases: [Release] = [
    Release("Linux 6.10", "2024-07-14", source: torvalds),
    Release("Linux 6.12", "2024-11-17", source: torvalds),
    Release("Linux 6.12.95", "2026-07-04", source: "announcement by G. Kroah-Hartman"),
    Release("Linux 6.16", "2025-07-27", source: torvalds),
    Release("Linux 6.17", "2025-09-28", source: torvalds),
    Release("Linux 6.18", "2025-11-30", source: "commit 7d0a66e4bb90"),
    Release("LTTng-UST 2.13.5", "2022-09-30", source: tag),
    Release("LTTng-UST 2.13.9", "2025-04-14", source: tag),
    Release("LTTng-UST 2.13.10", "2026-02-13", source: tag),
    Release("LTTng-UST 2.14.0", "2025-06-27", source: tag),
    Release("LTTng-UST 2.14.1", "2026-02-13", source: tag),
    Release("LTTng-UST 2.14.2", "2026-05-22", source: tag),
    Release("LTTng-UST 2.15.0", "2026-02-13", source: tag),
    Release("LTTng-UST 2.15.1", "2026-05-22", source: tag),
    Release("LTTng-UST 2.16.0", "2026-08-27", source: "ChangeLog of the release"),
    Release("lttng-modules 2.13.18", "2025-04-14", source: tag),
    Release("lttng-modules 2.13.23", "2026-02-13", source: tag),
    Release("lttng-modules 2.14.0", "2025-06-27", source: tag),
    Release("lttng-modules 2.15.0", "2026-02-13", source: tag),
  ]
}
