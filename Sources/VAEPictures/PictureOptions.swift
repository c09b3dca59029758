/// How a folder of pictures is read.
public struct PictureOptions: Sendable {
  /// Which channels the pictures of a data set have.
  public enum Channels: String, Sendable, Hashable, CaseIterable {
    /// Colour where a picture, or the background, has a colour in it, by its pixels; otherwise grey.
    case automatic
    /// One: the luma of colours, by Recommendation ITU-R BT.601.
    case grey
    /// Three: red, green and blue.
    case color
  }

  /// What becomes of a picture that cannot be read.
  public enum Unreadable: String, Sendable, Hashable, CaseIterable {
    /// It is left out, and named in `Pictures.remarks`.
    case skip
    /// It is thrown as an error.
    case fail
  }

  /// What all are scaled to, at most 1,000,000 pixels a side; nil where they all have one size, which they keep.
  public var imageSize: (width: Int, height: Int)?
  /// Which channels they get.
  public var channels = Channels.automatic
  /// What becomes of pictures whose sides are not as those of `imageSize`. As a rule the middle is what a picture is of, and
  /// a model learns bars beside it as it learns all else, so they are cropped.
  public var fit = PictureFit.crop
  /// What is behind transparent places, and beside whole pictures.
  public var background = PictureColor.white
  /// What becomes of a picture that cannot be read.
  public var onUnreadable = Unreadable.skip
  /// How many are decoded at once; nil for one on each processor that the process may use. The result does not depend on it.
  public var threads: Int?

  /// The options above.
  public init() {}
}
