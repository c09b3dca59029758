import VAEData

/// `obs` or `var` of an AnnData file: a row a cell, or a gene, in any of the encodings that there have been.
///
/// - A group with a dataset or a group a column (anndata 0.7 and later): attributes `_index`, `column-order`.
/// - A dataset of compounds, a field a column (before); numbers of categories whose names are in `uns/NAME_categories`.
struct AnnDataFrame {
  private enum Store {
    case group(HDF5Group)
    case compounds(HDF5Dataset)
  }

  let file: HDF5File
  /// "obs", "var", "raw/var".
  let path: String
  /// How many rows there are.
  let count: Int
  /// The names of the columns, the index left out.
  let names: [String]
  private let store: Store
  /// What holds the rows' names; nil where they have none.
  private let index: HDF5Dataset?

  /// The frame at `path`.
  init(_ file: HDF5File, at path: String) throws {
    (self.file, self.path) = (file, path)
    switch try file.object(at: path) {
    case .group(let group):
      store = .group(group)
      let children = try group.children()
      let said = try group.attribute("_index")?.text
      let candidates = [said, "_index", "index"].compactMap { $0 }
      guard let name = candidates.first(where: { name in children.contains { $0.name == name } }) else {
        throw file.error(at: path, "the names of the rows, in \(candidates[0])", "no such dataset")
      }
      let index = try file.requiredDataset(at: group.path(of: name))
      self.index = index
      count = index.count
      let present = Set(children.map(\.name))
      let order = try group.attribute("column-order")?.texts ?? []
      let ordered = order.filter(present.contains)
      // In the order of the file, behind those whose order is said.
      let others = children.map(\.name).filter { !ordered.contains($0) && $0 != "__categories" }
      names = (ordered + (order.isEmpty ? others : [])).filter { $0 != name }
    case .dataset(let dataset) where dataset.type.kind == .compound:
      guard dataset.shape.count == 1 else { throw dataset.error("rows along one axis", "\(dataset.shape.count)") }
      store = .compounds(dataset)
      count = dataset.count
      let fields = dataset.type.fields
      // The index was always written first.
      let index = fields.first { $0.name == "index" || $0.name == "_index" } ?? fields.first
      self.index = index.flatMap { dataset.field($0.name) }
      names = fields.map(\.name).filter { $0 != index?.name }
    case .dataset(let dataset): throw dataset.error("a table", dataset.type.inWords)
    case .other, nil: throw file.error(at: path, "a group or a dataset of AnnData", "none")
    }
  }

  /// The names of the rows.
  func rowNames() throws -> [String] {
    guard let index else { return (0..<count).map(String.init) }
    guard !index.type.isText else { return try index.allTexts() }
    // Numbers, which pandas allows.
    return try index.all(Int64.self).map { String($0) }
  }

  // MARK: Columns

  /// The column of a name. Throws where there is none, or one in an encoding that nobody here knows.
  func column(_ name: String) throws -> CellColumn {
    guard names.contains(name) else {
      throw file.error(at: path, "a column \"\(name.onOneLine)\"", names.isEmpty ? "none" : "only \(list(names))")
    }
    let column = CellColumn(name: name, values: try values(name))
    guard column.count == count else {
      throw file.error(at: "\(path)/\(name)", "\(count) rows", "\(column.count)")
    }
    return column
  }

  private func values(_ name: String) throws -> CellColumn.Values {
    switch store {
    case .compounds(let dataset):
      guard let field = dataset.field(name) else { throw dataset.error("a field \(name)", "none") }
      if field.type.kind == .integer, let categories = try file.dataset(at: "uns/\(name)_categories") {
        return try AnnDataColumn.categories(field, named: categories)
      }
      return try AnnDataColumn.plain(field)
    case .group(let group):
      let path = group.path(of: name)
      switch try file.object(at: path) {
      case .dataset(let dataset):
        if let categories = try categories(of: dataset, name, group) {
          return try AnnDataColumn.categories(dataset, named: categories)
        }
        return try AnnDataColumn.plain(dataset)
      case .group(let column): return try AnnDataColumn.encoded(column)
      case .other, nil: throw file.error(at: path, "a column", "none")
      }
    }
  }

  /// The names of categories, to which anndata 0.7 refers by an attribute.
  private func categories(of dataset: HDF5Dataset, _ name: String, _ group: HDF5Group) throws -> HDF5Dataset? {
    guard dataset.type.kind == .integer, let attribute = try file.attribute("categories", of: dataset.path) else {
      return nil
    }
    if case .texts(let paths) = attribute, let path = paths.first, !path.isEmpty,
      let categories = try file.dataset(at: path)
    {
      return categories
    }
    return try file.dataset(at: group.path(of: "__categories/\(name)"))
  }

  private func list(_ names: [String]) -> String {
    names.prefix(20).map(\.onOneLine).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
  }
}
