/// Sixty points in three dimensions and divisions of them, the same as in Scripts/make-cluster-figures.py, whose figures the
/// tests compare with.
enum FigurePoints {
  static let dimension = 3

  static let points: [Float] = (0..<60).flatMap { (point: Int) -> [Float] in
    (0..<3).map { Float((point * 37 + $0 * 17 + point * point * ($0 + 1)) % 23 + 9 * (point % 4)) }
  }

  static let labels = (0..<60).map { $0 % 4 }
  static let other = (0..<60).map { $0 * 7 % 60 / 9 }
  static let halves = (0..<60).map { $0 / 30 }
  /// The last point in a group of its own.
  static let alone = (0..<60).map { $0 == 59 ? 9 : $0 % 4 }
}
