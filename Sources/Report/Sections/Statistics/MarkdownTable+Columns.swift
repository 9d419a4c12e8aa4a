extension MarkdownTable {
  /// The table without the columns of numbers that contain no information: all their cells are as given, and there is at
  /// least one row.
  func withoutColumns(whereAll isEmpty: (String) -> Bool) -> MarkdownTable {
    guard !rows.isEmpty else { return self }
    let kept = columns.indices.filter { index in
      columns[index].alignment == .left || !rows.allSatisfy { isEmpty($0[index].source(inTable: true)) }
    }
    var table = MarkdownTable(kept.map { columns[$0] })
    for row in rows { table.add(kept.map { row[$0] }) }
    return table
  }

  /// The table without a column if all its cells are equal, in a table of more than one row.
  func withoutUniformColumn(_ heading: String) -> MarkdownTable {
    guard rows.count > 1, let index = columns.firstIndex(where: { $0.heading.source() == heading }),
      Set(rows.map { $0[index].source(inTable: true) }).count == 1
    else { return self }
    var table = self
    table.columns.remove(at: index)
    for row in table.rows.indices { table.rows[row].remove(at: index) }
    return table
  }
}
