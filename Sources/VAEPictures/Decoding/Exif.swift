/// The one thing of a camera's notes that changes how a picture looks.
///
/// EXIF is a TIFF file of its own: the order of bytes, the place of a first directory, and in it entries of 12 bytes: tag,
/// type, count, value (TIFF 6.0, section 2).
enum Exif {
  /// What the directory says of the orientation; nil where it says nothing, or nothing that makes sense: a picture is no
  /// worse for notes that are damaged.
  static func orientation(_ notes: ArraySlice<UInt8>) -> Orientation? {
    let start = ByteFields(notes)
    let isBigEndian = start.has(Array("MM".utf8))
    guard isBigEndian || start.has(Array("II".utf8)) else { return nil }
    let fields = ByteFields(notes, isBigEndian: isBigEndian)
    guard fields.number(2, width: 2) == 42, let directory = fields.number(4, width: 4),
      let count = fields.number(directory, width: 2)
    else { return nil }
    for entry in 0..<count {
      let place = directory + 2 + entry * 12
      guard let tag = fields.number(place, width: 2) else { return nil }
      guard tag == 0x0112 else { continue }
      // A SHORT by the standard; some programs write a LONG.
      switch fields.number(place + 2, width: 2) {
      case 3: return fields.number(place + 8, width: 2).flatMap(Orientation.init)
      case 4: return fields.number(place + 8, width: 4).flatMap(Orientation.init)
      default: return nil
      }
    }
    return nil
  }
}
