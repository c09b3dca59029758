import VAEData

/// How a column of `obs` or `var` is encoded.
enum AnnDataColumn {
  /// A dataset of numbers, of yes and no, or of texts.
  static func plain(_ dataset: HDF5Dataset) throws -> CellColumn.Values {
    switch dataset.type.kind {
    case .bool: .categories(codes: try dataset.all(Int32.self).map { $0 == 0 ? 0 : 1 }, names: CellColumn.flagNames)
    case .integer, .float, .enumeration: .numbers(try dataset.all(Double.self))
    case .text, .variableText: .texts(try dataset.allTexts())
    case .other, .compound, .reference: throw dataset.error("numbers or texts", dataset.type.inWords)
    }
  }

  /// A group whose attribute `encoding-type` says how.
  static func encoded(_ group: HDF5Group) throws -> CellColumn.Values {
    let encoding = try group.attribute("encoding-type")?.text
    switch encoding {
    case "categorical":
      return try categories(
        group.file.requiredDataset(at: group.path(of: "codes")),
        named: group.file.requiredDataset(at: group.path(of: "categories")))
    case "nullable-integer", "nullable-boolean", "nullable-string-array":
      return try masked(
        group.file.requiredDataset(at: group.path(of: "values")),
        group.file.requiredDataset(at: group.path(of: "mask")))
    default:
      throw group.file.error(
        at: group.path, "a column that is categorical, nullable or a dataset",
        encoding.map { "the encoding \"\($0.onOneLine)\"" } ?? "a group without an encoding")
    }
  }

  /// Numbers of categories, -1 where there is none, and their names.
  static func categories(_ codes: HDF5Dataset, named categories: HDF5Dataset) throws -> CellColumn.Values {
    let names = try names(categories)
    let numbers = try codes.all(Int32.self)
    if let place = numbers.firstIndex(where: { $0 < -1 || Int($0) >= names.count }) {
      throw codes.error("the number of one of \(names.count) categories, or -1", "\(numbers[place]) at place \(place)")
    }
    return .categories(codes: numbers, names: names)
  }

  /// Categories may be numbers, too.
  private static func names(_ dataset: HDF5Dataset) throws -> [String] {
    switch dataset.type.kind {
    case .text, .variableText: try dataset.allTexts()
    case .integer, .enumeration: try dataset.all(Int64.self).map { String($0) }
    case .float: try dataset.all(Double.self).map(\.plain)
    case .bool: try dataset.all(Int32.self).map { CellColumn.flagNames[$0 == 0 ? 0 : 1] }
    case .other, .compound, .reference: throw dataset.error("the names of categories", dataset.type.inWords)
    }
  }

  /// Values, and where there are none.
  private static func masked(_ values: HDF5Dataset, _ mask: HDF5Dataset) throws -> CellColumn.Values {
    let isMissing = try mask.all(Int32.self)
    try values.checkShape(isMissing.count)
    switch try plain(values) {
    case .numbers(let numbers): return .numbers(zip(numbers, isMissing).map { $1 == 0 ? $0 : .nan })
    case .texts(let texts): return .texts(zip(texts, isMissing).map { $1 == 0 ? $0 : "" })
    case .categories(let codes, let names):
      return .categories(codes: zip(codes, isMissing).map { $1 == 0 ? $0 : -1 }, names: names)
    }
  }
}
