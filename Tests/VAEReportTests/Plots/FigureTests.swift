import Foundation
import Testing

@testable import VAEReport

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct FigureTests {
  private static let hostile = "<b>&\"a\u{1}'"

  /// Titles, labels and legends of all lengths, ranges of all sizes.
  static let figures: [Figure] = {
    let wave = (0...40).map { PlotPoint(Double($0), sin(Double($0) / 4)) }
    func panel(_ y: ClosedRange<Double>, x: Axis = Axis("epoch", wholeNumbers: true), words: Int = 0) -> Panel {
      let words = (0..<words).map { Mark.text("class \($0)", at: PlotPoint(20 + Double($0) / 9, 0), PlotStyle.ink) }
      return Panel(title: "A panel", x: x, y: Axis("nats", range: y), marks: [.line(wave, Palette.series[0])] + words)
    }
    let long = String(repeating: "words that go on ", count: 30)
    let names = (0..<10).map { Legend.Entry("class \($0) of ten with a name", Palette.classes[$0]) }
    let categories = (0..<200).map { Tick(Double($0), "dimension \($0)") }
    return [
      Figure(title: "Plain", panels: [panel(-1...1)]),
      Figure(title: long, subtitle: long, legend: .entries(names), panels: [panel(-1e6...1e6), panel(0...1e-7)]),
      Figure(
        title: hostile, legend: .entries([Legend.Entry(hostile, Palette.series[0], .dashedLine)]),
        panels: [panel(0...1, words: 30)]),
      Figure(title: "Four", panels: (0..<4).map { _ in panel(0...123_456) }, width: 500, height: 260),
      Figure(
        title: "Strip", legend: .strip(title: long, first: "a", last: long, colors: Palette.sequence),
        panels: [panel(0...1, x: Axis(long, range: 0...199, ticks: categories))]),
      Figure(
        title: "Equal units",
        panels: [Panel(x: Axis("x"), y: Axis("y"), marks: [.line(wave, Palette.series[0])], hasEqualUnits: true)]),
      Figure(
        title: "Logarithmic",
        panels: [
          Panel(
            x: Axis("x", isLogarithmic: true), y: Axis("y", isLogarithmic: true),
            marks: [.line((1...6).map { PlotPoint(pow(10, Double($0)), pow(7, Double($0))) }, Palette.series[0])])
        ]),
      Figure(title: "Nothing", panels: [Panel(x: Axis(""), y: Axis(""), marks: [])]),
      Figure(
        title: "Rows", panels: (0..<7).map { panel(0...Double($0 + 1)) }, columns: 3, width: 900, height: 620),
    ]
  }()

  @Test(arguments: figures.indices) func noTextCoversAnother(index: Int) throws {
    let figure = Self.figures[index]
    let canvas = Canvas.raster(width: figure.width, height: figure.height, scale: 1)
    let texts = FigureLayout(figure, measuring: canvas).texts
    let sheet = Box(left: 0, top: 0, right: figure.width, bottom: figure.height)
    for (place, text) in texts.enumerated() {
      #expect(sheet.contains(text.box), "\(text.text)")
      #expect(abs(canvas.size(of: text.text, text.font).width - text.box.width) < 1e-6)
      for other in texts[(place + 1)...] where text.box.intersects(other.box) {
        Issue.record("\"\(text.text)\" covers \"\(other.text)\"")
      }
    }
  }

  @Test func unitsAreEqualWhereTheyShouldBe() {
    let figure = Self.figures[5]
    let canvas = Canvas.raster(width: figure.width, height: figure.height, scale: 1)
    let panel = FigureLayout(figure, measuring: canvas).panels[0]
    let across = panel.x.place(1) - panel.x.place(0)
    #expect(abs(across - (panel.y.place(0) - panel.y.place(1))) < 1e-9 * across)
  }

  @Test(arguments: figures.indices) func theSVGIsWellFormedAndHasTheWords(index: Int) throws {
    let figure = Self.figures[index]
    let words = Words()
    let parser = XMLParser(data: Data(try figure.svg().utf8))
    parser.delegate = words
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    #expect(words.elements.first == "svg")
    let title = figure.title.replacingOccurrences(of: "\u{1}", with: "\u{FFFD}")
    #expect(words.title == title)
    for panel in figure.panels where !panel.y.label.isEmpty { #expect(words.text.contains(panel.y.label)) }
  }

  private final class Words: NSObject, XMLParserDelegate {
    var elements: [String] = []
    var text = ""
    var title = ""

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      elements.append(name)
    }

    func parser(_ parser: XMLParser, foundCharacters characters: String) {
      text += characters
      if elements.last == "title" { title += characters.trimmingCharacters(in: .newlines) }
    }
  }

  @Test func thePNGIsTheFigureAtTwiceItsSize() throws {
    let figure = Self.figures[0]
    let image = try PNGImage(decoding: try figure.png())
    #expect(image.width == Int(2 * figure.width) && image.height == Int(2 * figure.height))
    #expect(image.channels == 3 && Array(image.bytes.prefix(3)) == [255, 255, 255])
    #expect(try figure.png() == figure.png())
  }

  /// The columns of a plot from 0 to 10 that have the line's colour in them.
  private func columns(of mark: Mark, y: Axis = Axis("", range: 0...2)) throws -> [Bool] {
    let figure = Figure(title: "", panels: [Panel(x: Axis("", range: 0...10), y: y, marks: [mark])])
    let canvas = Canvas.raster(width: figure.width, height: figure.height, scale: 1)
    let box = FigureLayout(figure, measuring: canvas).panels[0].box
    let image = try PNGImage(decoding: try figure.png())
    return (0...10).map { step in
      let x = Int(2 * (box.left + (box.right - box.left) * min(max(Double(step) / 10, 0.01), 0.99)))
      return (Int(2 * box.top)..<Int(2 * box.bottom)).contains { y in
        let place = (y * image.width + x) * 3
        return Array(image.bytes[place..<place + 3]) == [0xD5, 0x5E, 0x00]
      }
    }
  }

  @Test func aValueThatIsNoNumberLeavesAGap() throws {
    var points = (0...10).map { PlotPoint(Double($0), 1) }
    #expect(try columns(of: .line(points, Palette.series[1])).allSatisfy { $0 })
    points[5].y = .nan
    points[8].y = .infinity
    let drawn = try columns(of: .line(points, Palette.series[1]))
    #expect(drawn == [true, true, true, true, true, false, true, true, false, true, true])
    let bars = try columns(
      of: .bars(points, colors: [PlotColor](repeating: Palette.series[1], count: 11), width: 0.5))
    #expect(bars == drawn)
  }

  @Test func aLogarithmicAxisLeavesOutWhatIsNotAboveZero() throws {
    let points = (0...10).map { PlotPoint(Double($0), $0 == 4 ? 0 : 10) }
    let drawn = try columns(of: .line(points, Palette.series[1]), y: Axis("", isLogarithmic: true))
    #expect(!drawn[4] && drawn[3] && drawn[5])
  }

  @Test func runsEndAtGaps() {
    let values = [.nan, 1, 2, .nan, .nan, 3, .infinity]
    let runs = PanelDrawing.runs(of: values.map { PlotPoint($0, $0) })
    #expect(runs.map { $0.map(\.x) } == [[1, 2], [3]])
  }

  /// As shapes they would be megabytes.
  @Test func manyDotsGoIntoAnSVGAsAPicture() throws {
    func svg(_ count: Int) throws -> String {
      let points = (0..<count).map { PlotPoint(Double($0 % 97), Double($0 % 89)) }
      let colors = [PlotColor](repeating: Palette.series[0], count: count)
      let marks = [Mark.dots(points, colors: colors, radius: 2, opacity: 0.5)]
      return try Figure(title: "Dots", panels: [Panel(x: Axis("x"), y: Axis("y"), marks: marks)]).svg()
    }
    #expect(try !svg(100).contains("<image"))
    let many = try svg(3000)
    #expect(many.contains("<image") && many.utf8.count < 2_000_000)
  }
}
