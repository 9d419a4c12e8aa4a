import Results
import Study

extension BackendList {
  /// The mails in which the two designs were compared and the merged one was settled.
  static let mails: [Mail] = [
    Mail(Cited.v11, "2024-01-11", id: "20240111181814.362c42cf@gandalf.local.home"),
    Mail(Cited.v11, "2024-01-12", id: "20240112100641.3675edad@gandalf.local.home"),
    Mail(Cited.v11, "2024-01-12", id: "20240112105855.7f4c290d@gandalf.local.home"),
    Mail(Cited.rfc, "2023-12-29", id: "20231229184050.465784896@goodmis.org"),
    Mail(
      "[PATCH v18 0/6] Introducing trace buffer mapping by user-space", "2024-02-20",
      id: "20240220202310.2489614-1-vdonnefort@google.com"),
    Mail(
      "[for-next][PATCH 6/6] ring-buffer: Have mmapped ring buffer keep track of missed events", "2024-05-14",
      id: "20240514161630.920384249@goodmis.org"),
  ]
}
