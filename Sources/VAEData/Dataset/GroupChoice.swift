/// Chooses some of several groups in their order, so that their rows are near to a number of them: one group at least, and
/// not all.
struct GroupChoice {
  /// The rows of each group.
  private let sizes: [Int]

  init(_ sizes: [Int]) {
    precondition(sizes.count > 1, "\(sizes.count) groups to divide")
    self.sizes = sizes
  }

  /// Whether each group is chosen.
  ///
  /// The groups are chosen that bring the rows nearer to `wanted`, or those left that bring the others nearer to what is then
  /// left: of few large groups one way may come much nearer than the other.
  func marks(nearTo wanted: Double) -> [Bool] {
    let chosen = filled(to: wanted)
    let left = filled(to: Double(sizes.reduce(0, +)) - wanted).map { !$0 }
    return distance(of: left, from: wanted) < distance(of: chosen, from: wanted) ? left : chosen
  }

  private func filled(to wanted: Double) -> [Bool] {
    var marks = sizes.map { _ in false }
    var (rows, free) = (0, sizes.count)
    for (group, size) in sizes.enumerated()
    where free > 1 && abs(Double(rows + size) - wanted) < abs(Double(rows) - wanted) {
      marks[group] = true
      (rows, free) = (rows + size, free - 1)
    }
    // All of them are too large: the one that is so least.
    if rows == 0 { marks[sizes.indices.min { sizes[$0] < sizes[$1] }!] = true }
    return marks
  }

  private func distance(of marks: [Bool], from wanted: Double) -> Double {
    abs(Double(zip(sizes, marks).reduce(0) { $0 + ($1.1 ? $1.0 : 0) }) - wanted)
  }
}
