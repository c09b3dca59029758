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

  /// The names of what else is known.
  public var annotationNames: [String] { annotations?.columns.map(\.name) ?? [] }

  /// What is known under a name; nil where there is nothing of that name.
  public func annotation(_ name: String) -> Annotation? {
    guard let annotations, let column = annotations.columns.firstIndex(where: { $0.name == name }) else { return nil }
    return Annotation(
      name: name, values: (0..<count).map { annotations.raw($0)[column] }, categories: annotations.columns[column].texts
    )
  }

  /// The classes as one; nil where there are none.
  public func annotationOfLabels(named name: String) -> Annotation? {
    guard let labels else { return nil }
    let names = classNames ?? (0...Int(labels.max() ?? 0)).map { "\($0)" }
    return Annotation(name: name, values: labels.map { Float($0) }, categories: names)
  }
}
