/// What the numbers of examples are, beside the numbers themselves: stored beside a model's weights, so that it takes data as
/// they come and answers in their terms.
public struct DataDescription: Sendable, Hashable {
  /// How an example lies on a picture, where it is one.
  public var imageShape: ImageShape?
  /// How the rows of a table become features.
  public var coding: TableCoding?
  /// What the classes are called.
  public var classNames: [String]?

  /// What the features of rows that are no table are called.
  public var featureNames: [String]?
  /// How what a model is told of such rows becomes numbers.
  public var told: TableCoding?
  /// The column that has the exposure of each, where that is not the sum of an example's numbers.
  public var exposureColumn: String?

  /// A description.
  public init(
    imageShape: ImageShape? = nil, coding: TableCoding? = nil, classNames: [String]? = nil,
    featureNames: [String]? = nil, told: TableCoding? = nil, exposureColumn: String? = nil
  ) {
    (self.featureNames, self.told, self.exposureColumn) = (featureNames, told, exposureColumn)
    self.imageShape = imageShape
    self.coding = coding
    self.classNames = classNames
  }
}

extension Dataset {
  /// What is stored with a model of these examples.
  public var description: DataDescription {
    DataDescription(
      imageShape: imageShape, coding: coding, classNames: classNames, featureNames: featureNames, told: told?.coding,
      exposureColumn: exposure?.name)
  }
}
