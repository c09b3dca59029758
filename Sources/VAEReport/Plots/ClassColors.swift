/// The classes of some labels, a colour each.
public struct ClassColors: Sendable, Hashable {
  /// The labels that occur, in order.
  public let classes: [Int]
  private let places: [Int: Int]

  /// Of the classes that occur among `labels`.
  public init(_ labels: some Sequence<Int>) {
    classes = Set(labels).sorted()
    places = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
  }

  /// The colour of a class that occurs.
  public func color(of label: Int) -> PlotColor {
    guard let place = places[label] else { preconditionFailure("label \(label) is none of \(classes.count) classes") }
    return Palette.color(ofClass: place, count: classes.count)
  }

  /// Whether each class has a colour that can be told from any other.
  public var areDistinct: Bool { classes.count <= Palette.classes.count }

  /// An entry for each class, or a strip of colours where there are too many; nil without classes. `name` says what a
  /// label stands for.
  public func legend(name: (Int) -> String = { "\($0)" }) -> Legend? {
    guard let first = classes.first, let last = classes.last else { return nil }
    if areDistinct { return .entries(classes.map { Legend.Entry(name($0), color(of: $0)) }) }
    return .strip(
      title: "\(classes.count) classes, in order", first: name(first), last: name(last),
      colors: (0..<64).map { Palette.sequential(Double($0) / 63) })
  }
}
