import CCairo
import Foundation

// The only file that sees Cairo.

/// A sheet that Cairo draws on: a raster for a PNG, or an SVG. Lengths are pixels at a scale of 1, from the top left.
final class Canvas {
  let width, height: Double
  private let surface: OpaquePointer
  private let context: OpaquePointer
  private let collected: Collected

  private init(width: Double, height: Double, surface: OpaquePointer, collected: Collected) {
    self.width = width
    self.height = height
    self.surface = surface
    self.collected = collected
    context = cairo_create(surface)
    // Letters keep their shapes and distances whatever the scale, so that a text is as wide in the PNG as in the SVG.
    let options = cairo_font_options_create()
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    cairo_set_font_options(context, options)
    cairo_font_options_destroy(options)
  }

  deinit {
    cairo_destroy(context)
    cairo_surface_destroy(surface)
  }

  /// A raster of `scale` pixels a unit, transparent at first.
  static func raster(width: Double, height: Double, scale: Double) -> Canvas {
    raster(of: Box(left: 0, top: 0, right: width, bottom: height), scale: scale)
  }

  /// A raster of a part of a sheet, on which places are those of the sheet.
  static func raster(of box: Box, scale: Double) -> Canvas {
    let surface = cairo_image_surface_create(
      CAIRO_FORMAT_ARGB32, Int32((box.width * scale).rounded(.up)), Int32((box.height * scale).rounded(.up)))!
    cairo_surface_set_device_scale(surface, scale, scale)
    cairo_surface_set_device_offset(surface, -box.left * scale, -box.top * scale)
    return Canvas(width: box.width, height: box.height, surface: surface, collected: Collected())
  }

  /// An SVG.
  static func vector(width: Double, height: Double) -> Canvas {
    let collected = Collected()
    let surface = cairo_svg_surface_create_for_stream(
      Collected.append, Unmanaged.passUnretained(collected).toOpaque(), width, height)!
    cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX)
    return Canvas(width: width, height: height, surface: surface, collected: collected)
  }

  /// The PNG of a raster.
  func png() throws(PlotError) -> [UInt8] {
    try check(cairo_status(context))
    try check(
      cairo_surface_write_to_png_stream(surface, Collected.append, Unmanaged.passUnretained(collected).toOpaque()))
    return collected.bytes
  }

  /// The text of an SVG; nothing can be drawn after it.
  func svg() throws(PlotError) -> String {
    try check(cairo_status(context))
    cairo_surface_finish(surface)
    try check(cairo_surface_status(surface))
    return String(decoding: collected.bytes, as: UTF8.self)
  }

  private func check(_ status: cairo_status_t) throws(PlotError) {
    guard status == CAIRO_STATUS_SUCCESS else {
      throw PlotError(reason: String(cString: cairo_status_to_string(status)))
    }
  }

  /// What Cairo has written.
  private final class Collected {
    var bytes: [UInt8] = []

    static let append: cairo_write_func_t = { closure, data, count in
      guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
      let collected = Unmanaged<Collected>.fromOpaque(closure).takeUnretainedValue()
      collected.bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
      return CAIRO_STATUS_SUCCESS
    }
  }
}

// MARK: Shapes

extension Canvas {
  func fill(_ box: Box, _ color: PlotColor, opacity: Double = 1) {
    setSource(color, opacity)
    cairo_rectangle(context, box.left, box.top, box.width, box.height)
    cairo_fill(context)
  }

  /// A line through all points.
  func stroke(_ points: [PlotPoint], _ color: PlotColor, width: Double, isDashed: Bool = false) {
    trace(points)
    setSource(color, 1)
    cairo_set_line_width(context, width)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    cairo_set_line_cap(context, isDashed ? CAIRO_LINE_CAP_BUTT : CAIRO_LINE_CAP_ROUND)
    if isDashed { cairo_set_dash(context, [3 * width, 2 * width], 2, 0) }
    cairo_stroke(context)
    cairo_set_dash(context, nil, 0, 0)
  }

  /// The area that the points go around.
  func fill(_ points: [PlotPoint], _ color: PlotColor, opacity: Double) {
    trace(points)
    setSource(color, opacity)
    cairo_fill(context)
  }

  func dot(_ center: PlotPoint, radius: Double, _ color: PlotColor, opacity: Double = 1) {
    setSource(color, opacity)
    cairo_new_path(context)
    cairo_arc(context, center.x, center.y, radius, 0, 2 * .pi)
    cairo_fill(context)
  }

  /// Draws what `body` draws inside `box` alone.
  func clipped(to box: Box, _ body: () -> Void) {
    cairo_save(context)
    cairo_rectangle(context, box.left, box.top, box.width, box.height)
    cairo_clip(context)
    body()
    cairo_restore(context)
  }

  /// Lays a raster of a part of this sheet over it.
  func draw(_ raster: Canvas, in box: Box) {
    clipped(to: box) {
      cairo_set_source_surface(context, raster.surface, 0, 0)
      cairo_paint(context)
    }
  }

  private func trace(_ points: [PlotPoint]) {
    cairo_new_path(context)
    for point in points { cairo_line_to(context, point.x, point.y) }
  }

  private func setSource(_ color: PlotColor, _ opacity: Double) {
    cairo_set_source_rgba(
      context, Double(color.red) / 255, Double(color.green) / 255, Double(color.blue) / 255, opacity)
  }
}

// MARK: Text

extension Canvas {
  /// Draws a line of text where the layout has put it; with a halo, so that it can be read over dots.
  func draw(_ text: PlacedText) {
    select(text.font)
    let (left, baseline) = (text.box.left, text.box.top + ascent)
    if text.hasHalo {
      cairo_move_to(context, left, baseline)
      cairo_text_path(context, text.text)
      setSource(PlotStyle.ground, 0.85)
      cairo_set_line_width(context, 4)
      cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
      cairo_stroke(context)
    }
    setSource(text.color, 1)
    cairo_move_to(context, left, baseline)
    cairo_show_text(context, text.text)
  }

  /// How wide a line of text is, and how high any such line.
  func size(of text: String, _ font: PlotFont) -> (width: Double, height: Double) {
    select(font)
    var extents = cairo_text_extents_t()
    cairo_text_extents(context, text, &extents)
    return (extents.x_advance, fontExtents.ascent + fontExtents.descent)
  }

  private func select(_ font: PlotFont) {
    cairo_select_font_face(
      context, PlotStyle.fontFamily, CAIRO_FONT_SLANT_NORMAL,
      font.isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
    cairo_set_font_size(context, font.size)
  }

  private var ascent: Double { fontExtents.ascent }

  private var fontExtents: cairo_font_extents_t {
    var extents = cairo_font_extents_t()
    cairo_font_extents(context, &extents)
    return extents
  }
}

/// What Cairo said went wrong.
public struct PlotError: Error, Hashable, CustomStringConvertible {
  let reason: String
  /// One line, with Cairo's words.
  public var description: String { "cannot draw a plot: \(reason)" }
}
