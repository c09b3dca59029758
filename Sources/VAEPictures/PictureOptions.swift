import VAEData

/// How a folder of pictures is read.
public struct PictureOptions: Sendable {
  /// What all are scaled to, at most 1,000,000 pixels a side; nil where they all have one size, which they keep.
  public var imageSize: (width: Int, height: Int)?
  /// Which channels they get: automatically colour where a picture, or the background, has a colour in it, by its pixels;
  /// grey is the luma of colours, by Recommendation ITU-R BT.601.
  public var channels = PictureReading.Channels.automatic
  /// What becomes of pictures whose sides are not as those of `imageSize`. As a rule the middle is what a picture is of, and
  /// a model learns bars beside it as it learns all else, so they are cropped.
  public var fit = PictureReading.Fit.crop
  /// What is behind transparent places, and beside whole pictures.
  public var background = PictureColor.white
  /// What becomes of a picture that cannot be read: left out and named in `Pictures.remarks`, or thrown as an error.
  public var onUnreadable = PictureReading.Unreadable.skip
  /// How many are decoded at once; nil for one on each processor that the process may use. The result does not depend on it.
  public var threads: Int?

  /// The options above.
  public init() {}
}
