/// How cells, or other rows of counts that stand in a file with what is known of them, are to be read, as far as a person has
/// said it.
public struct CellReading: Sendable, Hashable, Codable {
  /// The matrix of a file with several: "X", "layers/counts", "raw/X"; nil for the first.
  public var matrix: String?
  /// The genome of a 10x file with several.
  public var genome: String?
  /// The column of genes that says which are kept.
  public var geneColumn: String?
  /// How many genes are kept, those that differ most between cells; nil for all.
  public var topGenes: Int?
  /// How those are found.
  public var geneSelection = GeneSelection.seuratV3
  /// A cell with less counted in all is left out.
  public var leastCounts = 0
  /// A gene seen in fewer cells is left out.
  public var leastCells = 0
  /// Columns of what is known of the cells that the model is told.
  public var told: [String] = []
  /// The one of them whose numbers, where it has numbers, are names of batches.
  public var batchColumn: String?
  /// The column of what is known of the cells that has the exposure of each; nil for what was counted of its genes.
  public var exposureColumn: String?

  /// By what genes are said to differ.
  public enum GeneSelection: String, Sendable, Codable, CaseIterable {
    /// The variance, by what genes of the same mean have.
    case seuratV3 = "seurat_v3"
    /// The variance.
    case variance
  }

  /// As usual.
  public init() {}

  /// What is not written is as usual.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    matrix = try values.decodeIfPresent(String.self, forKey: .matrix)
    genome = try values.decodeIfPresent(String.self, forKey: .genome)
    geneColumn = try values.decodeIfPresent(String.self, forKey: .geneColumn)
    topGenes = try values.decodeIfPresent(Int.self, forKey: .topGenes)
    geneSelection = try values.decodeIfPresent(GeneSelection.self, forKey: .geneSelection) ?? .seuratV3
    leastCounts = try values.decodeIfPresent(Int.self, forKey: .leastCounts) ?? 0
    leastCells = try values.decodeIfPresent(Int.self, forKey: .leastCells) ?? 0
    told = try values.decodeIfPresent([String].self, forKey: .told) ?? []
    batchColumn = try values.decodeIfPresent(String.self, forKey: .batchColumn)
    exposureColumn = try values.decodeIfPresent(String.self, forKey: .exposureColumn)
  }
}
