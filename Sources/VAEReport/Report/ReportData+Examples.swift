import VAEData
import VAEKernels
import VAETrainer

/// The examples of a test set that a page shows: at most 10,000, evenly spaced.
struct ShownExamples {
  let examples: Dataset
  /// A class's name for each, where they are given beside the data.
  let names: [String]?
  /// How many there are in all.
  let totalCount: Int

  /// As many bytes as the codes may take.
  private static let mostBytes = 4_000_000

  init(_ test: Dataset, names: [String]?, latentCount: Int) {
    let most = min(Dataset.mostShown, max(1, Self.mostBytes / (2 * latentCount)))
    totalCount = test.count
    let places = test.placesShown(atMost: most)
    examples = test.shown(atMost: most)
    self.names = names.map { names in places.map { names[$0] } }
  }
}

extension ReportData {
  /// As many numbers as all small pictures may have, half a byte each before they are compressed: 10,000 digits; fewer of
  /// colours, which compress less.
  private static func mostThumbnailNumbers(_ shape: ImageShape) -> Int { shape.channels == 1 ? 8_000_000 : 6_000_000 }
  /// The longest name of an example.
  private static let longestID = 80

  static func examples(
    _ run: RunContents, _ shown: ShownExamples, _ means: [Float], _ use: LatentUse, _ purpose: Purpose
  ) -> Examples {
    let latentCount = use.variancePerDimension.count
    let shape = run.data.imageShape.flatMap { $0.channels == 1 || $0.channels == 3 ? $0 : nil }
    let thumbnails = purpose == .report ? shape.map { Thumbnails(of: $0) } : nil
    let most = thumbnails.map { max(1, mostThumbnailNumbers($0.shape) / $0.shape.featureCount) } ?? shown.examples.count
    let places = shown.examples.placesShown(atMost: most)
    let test = shown.examples.shown(atMost: most)
    let codes =
      places.count == shown.examples.count
      ? means : places.flatMap { means[$0 * latentCount..<($0 + 1) * latentCount] }
    let (whole, scales) = PackedNumbers.quantize(codes, columns: latentCount)
    let dimensions = latentCount == 2 ? [0, 1] : Array(use.dimensionsByUse.prefix(2))
    var note = "The posterior means of "
    note += test.count == shown.totalCount ? "the test examples" : "\(test.count) of \(shown.totalCount) test examples"
    note +=
      latentCount > 2 ? ", in the two dimensions of largest KL divergence (\(dimensions[0]), \(dimensions[1]))." : "."
    let names = shown.names.map { names in places.map { names[$0] } }
    let classes = classes(test, names, named: run.data.classNames)
    return Examples(
      count: test.count, totalCount: shown.totalCount, latentCount: latentCount, codes: PackedNumbers.base64(whole),
      codeScales: scales, classes: classes.map { PackedNumbers.base64($0.indices) },
      classNames: classes?.names.map(shortened) ?? [],
      classColors: classes.map { classes in
        classes.names.indices.map { Palette.color(ofClass: $0, count: classes.names.count).hex }
      } ?? [],
      ids: test.ids.map { $0.map { String($0.prefix(longestID)) } },
      thumbnails: shape.flatMap { thumbnails?.packed(test, of: $0, run.binarization, seed: run.seed) },
      shape: thumbnails.map { Shape($0.shape) }, rows: purpose == .report ? rows(test) : nil, dimensions: dimensions,
      note: note)
  }

  /// A number for each example, and the names of the numbers: those given, or the data's own labels, by the names of their
  /// classes where they have some.
  private static func classes(_ test: Dataset, _ given: [String]?, named known: [String]?) -> (
    indices: [UInt16], names: [String]
  )? {
    if given == nil, let labels = test.labels, let names = test.classNames ?? known,
      Int(test.largestLabel ?? 0) < names.count
    {
      return (labels.map { UInt16($0) }, names)
    }
    guard let all = given ?? test.labels.map({ $0.map(String.init) }) else { return nil }
    let isNumeric = all.allSatisfy { Int($0) != nil }
    let sorted = Set(all).sorted { isNumeric ? Int($0)! < Int($1)! : $0 < $1 }
    guard sorted.count <= Int(UInt16.max) else { return nil }
    let numbers = Dictionary(uniqueKeysWithValues: zip(sorted, (0...).lazy.map { UInt16($0) }))
    return (all.map { numbers[$0]! }, sorted)
  }
}

extension ReportData.Shape {
  init(_ shape: ImageShape) {
    self.init(width: shape.width, height: shape.height, channels: shape.channels)
  }
}
