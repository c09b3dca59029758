import VAEKernels

/// What is known of each example under one name, and no model looks at: a cell's type, a plot's colour.
public struct Annotation: Sendable, Hashable {
  /// What it is called.
  public var name: String
  /// A number for each example, NaN where there is none; where there are `categories`, the place of one of them.
  public var values: [Float]
  /// What the categories are called; nil of numbers.
  public var categories: [String]?

  /// An annotation.
  public init(name: String, values: [Float], categories: [String]? = nil) {
    (self.name, self.values, self.categories) = (name, values, categories)
  }

  /// The same with its numbers as categories, where they are whole and few, as numbers of clusters and batches are.
  public var grouped: Annotation {
    let known = Set(values.filter { !$0.isNaN })
    guard categories == nil, known.count <= Self.mostGroups, known.allSatisfy({ $0 == $0.rounded() && abs($0) < 1e6 })
    else { return self }
    let sorted = known.sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(sorted, (0...).lazy.map { Float($0) }))
    return Annotation(
      name: name, values: values.map { places[$0] ?? .nan }, categories: sorted.map { "\(Int($0))" })
  }

  /// What each example's category is called; nil of numbers.
  public var texts: [String?]? {
    categories.map { categories in codes.map { code in code.map { categories[$0] } } }
  }

  /// As many whole numbers are groups, and no more.
  private static let mostGroups = 256

  /// The place of each example's category; nil where it has none.
  public var codes: [Int?] { values.map { $0.isNaN ? nil : Int($0) } }
}

extension Dataset {
  /// What `DataReading.annotations` asked for, a row an example, a column a thing.
  var annotations: Dataset? { annotationTable?.table }

  /// The same with a table of what else is known of each example.
  package func annotated(by table: Table?) -> Dataset {
    if let table { precondition(table.rowCount == count, "\(table.rowCount) rows known of \(count) examples") }
    var result = self
    result.annotationTable = table.map { TableBeside(Dataset($0)) }
    return result
  }

  /// The names of what else is known, and of what is told.
  public var annotationNames: [String] {
    let known = annotations?.columns.map(\.name) ?? []
    return known + (told?.columns.map(\.name) ?? []).filter { !known.contains($0) }
  }

  /// What is known under a name, or told to a model; nil where there is nothing of that name.
  public func annotation(_ name: String) -> Annotation? {
    for table in [annotations, told].compactMap({ $0 }) {
      guard let column = table.columns.firstIndex(where: { $0.name == name }) else { continue }
      return Annotation(
        name: name, values: (0..<count).map { table.raw($0)[column] }, categories: table.columns[column].texts)
    }
    return nil
  }

  /// The classes as one; nil where there are none.
  public func annotationOfLabels(named name: String) -> Annotation? {
    guard let labels else { return nil }
    let names = classNames ?? (0...Int(labels.max() ?? 0)).map { "\($0)" }
    return Annotation(name: name, values: labels.map { Float($0) }, categories: names)
  }
}
