/// What a page shows of one run: the object that its scripts read. Everything may be missing but the name.
struct ReportData: Encodable {
  /// What a person calls the run: its folder's name.
  var name: String
  /// The result in one sentence.
  var sentence: String
  /// What could not be read, a sentence each.
  var missing: [String]
  /// Names and values of the table of results.
  var facts: [[String]]
  /// The same of the settings, for a comparison.
  var settings: [[String]]
  /// The same of what it takes to repeat the run.
  var `repeat`: [[String]]
  var hasDivergence: Bool
  var curves: Curves?
  var klPerDimension: [Double]?
  var isActive: [Bool]?
  var examples: Examples?
  var decoder: Decoder?
  /// Why there is no decoder in the page.
  var decoderNote: String?
  /// Of counts, the cells in the plane; there is then no scatter of `examples`.
  var cells: Cells?
  /// How the columns of a table compare.
  var table: Table?
  var pictures: [Picture]
  /// config.json as it is.
  var configuration: String?
  var footer: String

  /// Figures by epoch; null where one is missing or not a number.
  struct Curves: Encodable {
    var epochs: [Int]
    /// By the names of metrics.jsonl.
    var values: [String: [Double?]]
  }

  /// The test set's codes, classes and small pictures.
  struct Examples: Encodable {
    var count: Int
    /// Of those in the test set: example i of these is number ⌊i · totalCount / count⌋ of it.
    var totalCount: Int
    var latentCount: Int
    /// [count, L] whole numbers of 16 bits in base64, times `codeScales` [L].
    var codes: String
    var codeScales: [Float]
    /// A number of 16 bits for each, where there are labels.
    var classes: String?
    var classNames: [String]
    var classColors: [String]
    /// What the examples are called, where they have names of their own.
    var ids: [String]?
    /// Two pixels of 16 greys a byte, compressed, in base64.
    var thumbnails: String?
    /// Of a small picture.
    var shape: Shape?
    /// Of a table.
    var rows: Rows?
    /// The two dimensions that the scatter shows.
    var dimensions: [Int]
    var note: String
  }

  struct Shape: Encodable {
    var width: Int
    var height: Int
    var channels: Int
  }

  /// The decoder's weights and what becomes of its output.
  struct Decoder: Encodable {
    var layers: [Layer]
    var latentCount: Int
    var labelCount: Int
    /// Those that there were examples of.
    var labels: [UInt8]
    var labelNames: [String]?
    var featureCount: Int
    /// "identity", "sigmoid", "softmax" or "by-column".
    var mean: String
    var levels: Int
    /// Of an image.
    var shape: Shape?
    /// Of a table, in its order.
    var columns: [DecodedColumn]?
    /// The columns that the decoder is told, behind the latent and the class.
    var told: [DecodedColumn]
    /// The active dimensions, the largest KL divergence first.
    var sliderDimensions: [Int]
    /// From minus this to this.
    var sliderRange: Double
    /// How near it is, where it is not the decoder itself.
    var note: String?
  }

  /// A dense layer, [in, out]: whole numbers of 16 bits times a scale for each output, or floats of 32 bits.
  struct Layer: Encodable {
    var inputs: Int
    var outputs: Int
    var activation: String
    var weights: String?
    var scales: String?
    var exact: String?
    var bias: String
  }

  /// A PNG as a data URL.
  struct Picture: Encodable {
    var title: String
    var source: String
    var note: String
  }
}
