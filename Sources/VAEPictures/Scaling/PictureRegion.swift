import VAEData

/// A part of a picture.
struct PictureRegion: Hashable {
  var left, top, width, height: Int
}

extension PictureReading.Fit {
  /// Which part of a picture of `width` × `height` goes where in one of `targetWidth` × `targetHeight`.
  ///
  /// Sides are rounded to the nearest pixel, and where an odd number of pixels is left over, the smaller half is on the left
  /// or at the top.
  func regions(
    width: Int, height: Int, targetWidth: Int, targetHeight: Int
  ) -> (source: PictureRegion, target: PictureRegion) {
    let all = PictureRegion(left: 0, top: 0, width: width, height: height)
    let target = PictureRegion(left: 0, top: 0, width: targetWidth, height: targetHeight)
    return switch self {
    case .crop: (Self.middle(of: all, likeSidesOf: target), target)
    case .whole: (all, Self.middle(of: target, likeSidesOf: all))
    }
  }

  /// The largest region in the middle of `region` whose sides are to each other as those of `other`.
  private static func middle(of region: PictureRegion, likeSidesOf other: PictureRegion) -> PictureRegion {
    var middle = region
    if region.width * other.height > region.height * other.width {
      middle.width = max(1, (region.height * other.width + other.height / 2) / other.height)
    } else {
      middle.height = max(1, (region.width * other.height + other.width / 2) / other.width)
    }
    middle.left = (region.width - middle.width) / 2
    middle.top = (region.height - middle.height) / 2
    return middle
  }
}
