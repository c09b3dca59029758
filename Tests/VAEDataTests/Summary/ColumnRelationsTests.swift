import Testing

@testable import VAEData

struct ColumnRelationsTests {
  /// Rows of columns given by their values in row r.
  private func relations(
    rows: Int = 200, _ columns: [(Int) -> Float], texts: Set<Int> = [], labels: ((Int) -> UInt8)? = nil,
    leavingOut: Set<Int> = []
  ) -> ColumnRelations {
    let values = (0..<rows).flatMap { row in columns.map { $0(row) } }
    let table = Table(
      path: "t",
      columns: columns.indices.map {
        Table.Column(name: "c\($0)", texts: texts.contains($0) ? (0..<100).map { "t\($0)" } : nil)
      }, values: values)
    return ColumnRelations(Dataset(table, labels: labels.map { (0..<rows).map($0) }), leavingOut: leavingOut)
  }

  /// Numbers without order, all different below 1009.
  private static func mixed(_ row: Int) -> Float { Float(row * 7919 % 1009) }

  @Test func linesAreFound() {
    let found = relations([
      Self.mixed, { 2 * Self.mixed($0) + 5 }, Self.mixed, { -Self.mixed($0) },
      { $0 % 4 == 0 ? .nan : Self.mixed($0) / 3 }, { Self.mixed($0) * Self.mixed($0) }, { Float($0 * 31 % 17) },
      // Rounded to whole tens of a range of thousands.
      { (Self.mixed($0) / 4).rounded() },
    ]).repetitions
    #expect(found.map(\.column) == [1, 2, 3, 4, 7] && found.allSatisfy { $0.other == 0 })
    #expect(found[0].kind == .linear(slope: 2, intercept: 5))
    #expect(found[1].kind == .equal)
    #expect(found[2].kind == .linear(slope: -1, intercept: 0))
  }

  /// One row far out makes any two columns correlate.
  @Test func anOutlierIsNoLine() {
    let found = relations([
      { $0 == 9 ? 1e9 : Self.mixed($0) }, { $0 == 9 ? 1e9 : Self.mixed($0 + 77) },
      { Float($0 % 2) }, { $0 == 100 ? 0 : Float(($0 + 1) % 2) },
    ])
    #expect(found.repetitions.isEmpty)
  }

  @Test func categoriesStandForEachOther() {
    let found = relations(
      [
        { Float($0 * 31 % 97 % 4) }, { [3, 0, 2, 1][$0 * 31 % 97 % 4] }, { [7, 50, 20, 10][$0 * 31 % 97 % 4] },
        { Float($0 * 31 % 97 % 4 % 3) }, { Float($0) }, { Float(199 - $0) },
      ], texts: [0, 1, 3, 5])
    #expect(found.repetitions.map(\.column) == [1, 2])
    #expect(found.repetitions.allSatisfy { $0.other == 0 && $0.kind == .oneToOne })
  }

  @Test func leaksAreFound() {
    let label: (Int) -> UInt8 = { Self.mixed($0) > 700 ? 1 : 0 }
    let found = relations(
      [
        Self.mixed, { Float(label($0)) }, { Float($0 % 5) }, { Float(2 * Int(label($0)) + $0 % 2) },
        { Self.mixed($0) + ($0 == 6 ? 800 : 0) }, { Float($0) },
      ], labels: label)
    #expect(Self.mixed(6) == 91)
    #expect(found.leaks == [0, 1, 3])
    // Of one class every column is a function.
    #expect(relations([Self.mixed], labels: { _ in 1 }).leaks.isEmpty)
  }

  @Test func fewRowsSayNothing() {
    #expect(relations(rows: 9, [Self.mixed, Self.mixed]).repetitions.isEmpty)
    #expect(relations(rows: 10, [Self.mixed, Self.mixed]).repetitions.count == 1)
    #expect(relations([Self.mixed, Self.mixed], leavingOut: [1]).repetitions.isEmpty)
    #expect(relations([{ _ in .nan }, { _ in .nan }, { _ in 1 }, { _ in 1 }]).repetitions.isEmpty)
  }
}
