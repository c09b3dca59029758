/// What is added to a file of AnnData.
public struct CellAdditions: Sendable {
  /// Some numbers a cell, such as the means of its latents: `obsm/NAME`.
  public struct Embedding: Sendable {
    /// "X_vae".
    public var name: String
    /// Numbers a cell.
    public var width: Int
    /// Cell after cell, in the file's order.
    public var values: [Float]

    /// An embedding.
    public init(name: String, width: Int, values: [Float]) {
      precondition(width > 0 && values.count % width == 0, "\(values.count) numbers, \(width) a cell")
      self.name = name
      self.width = width
      self.values = values
    }
  }

  /// A number a cell, such as its loss: `obs/NAME`.
  public struct Column: Sendable {
    /// "vae_loss".
    public var name: String
    /// In the file's order.
    public var values: [Float]

    /// A column.
    public init(name: String, values: [Float]) {
      self.name = name
      self.values = values
    }
  }

  /// The embeddings.
  public var embeddings: [Embedding]
  /// The columns.
  public var columns: [Column]

  /// Additions.
  public init(embeddings: [Embedding] = [], columns: [Column] = []) {
    self.embeddings = embeddings
    self.columns = columns
  }
}
