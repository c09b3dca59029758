import VAEData
import VAEKernels

/// What the rows of a 10x matrix are: genes, antibodies, guides.
struct TenXFeatures {
  var ids: [String]
  var names: [String]
  /// "Gene Expression", "Antibody Capture"; nil before Cell Ranger 3, when all were genes.
  var types: [String]?
  /// One a feature; nil where nothing says.
  var genomes: [String]?

  var count: Int { ids.count }

  static let geneExpression = "Gene Expression"

  /// The features that a selection takes, and what a person should know of it.
  struct Choice {
    /// For each feature its number among those taken, or -1; nil where all are taken.
    var columnMap: [Int32]?
    var taken: TenXFeatures
    var remarks: [String] = []
  }

  /// Every value of a column, each once, in the order in which they come.
  static func distinct(_ values: [String]) -> [String] {
    var seen = Set<String>()
    return values.filter { seen.insert($0).inserted }
  }

  /// Takes gene expression unless something else is asked for.
  func choose(_ selection: CellSelection, path: String) throws -> Choice {
    var remarks: [String] = []
    var isTaken = [Bool](repeating: true, count: count)
    if let types {
      let known = Self.distinct(types)
      let wanted =
        selection.featureTypes ?? (known.contains(Self.geneExpression) ? [Self.geneExpression] : known)
      if let unknown = wanted.first(where: { !known.contains($0) }) {
        throw DataError(
          path: path, place: "features", expected: "features of the type \"\(unknown.onOneLine)\"",
          found: "only \(Self.list(known))")
      }
      for index in 0..<count where !wanted.contains(types[index]) { isTaken[index] = false }
      let left = isTaken.count { !$0 }
      if left > 0, selection.featureTypes == nil {
        let others = known.filter { !wanted.contains($0) }
        remarks.append(
          "\(left.counted("feature")) of the type \(Self.list(others)) \(left == 1 ? "is" : "are") left out")
      }
    }
    if let genomes {
      let known = Self.distinct(zip(genomes, isTaken).filter { $1 && !$0.isEmpty }.map(\.0))
      if let wanted = selection.genome {
        guard known.contains(wanted) else {
          throw DataError(
            path: path, place: "features", expected: "the genome \"\(wanted.onOneLine)\"",
            found: "only \(Self.list(known))")
        }
        for index in 0..<count where genomes[index] != wanted { isTaken[index] = false }
      } else if known.count > 1 {
        remarks.append("The genes are of \(known.count) genomes: \(Self.list(known))")
      }
    }
    guard isTaken.contains(false) else { return Choice(columnMap: nil, taken: self, remarks: remarks) }
    var map = [Int32](repeating: -1, count: count)
    var next: Int32 = 0
    for index in 0..<count where isTaken[index] {
      map[index] = next
      next += 1
    }
    func taken(_ values: [String]) -> [String] { zip(values, isTaken).filter(\.1).map(\.0) }
    return Choice(
      columnMap: map,
      taken: TenXFeatures(ids: taken(ids), names: taken(names), types: types.map(taken), genomes: genomes.map(taken)),
      remarks: remarks)
  }

  /// As columns of genes.
  var columns: [CellColumn] {
    [("gene_ids", ids), ("feature_types", types), ("genome", genomes)].compactMap { name, values in
      values.map { CellColumn(name: name, values: .texts($0)) }
    }
  }

  static func list(_ names: [String]) -> String {
    names.prefix(20).map { "\"\($0.onOneLine)\"" }.joined(separator: ", ") + (names.count > 20 ? ", …" : "")
  }
}
