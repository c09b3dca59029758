import Foundation
import TestSupport
import Testing
import VAEData
import VAEKernels
import VAETrainer

@testable import VAEReport

/// What a page says of a run, whole or damaged. `Tests/Browser` looks at the page itself.
@Suite struct RunReportTests {
  private static let shape = ImageShape(width: 4, height: 3)

  private func dataset(_ count: Int, labels: Bool = true, image: Bool = true) -> Dataset {
    let values = (0..<count * 12).map { Float($0 * 7 % 11) / 11 }
    return Dataset(
      values, featureCount: 12, imageShape: image ? Self.shape : nil,
      labels: labels ? (0..<count).map { UInt8($0 % 3) } : nil)
  }

  /// A run of one epoch in `folder`.
  private func train(
    in folder: TemporaryFolder, latent: Int = 2, posterior: any Posterior = .gaussian, labels: Bool = true,
    image: Bool = true
  ) throws -> (path: String, test: Dataset) {
    let path = folder.path + "/run"
    let test = dataset(9, labels: labels, image: image)
    var options = TrainingOptions()
    options.epochs = 1
    options.threads = 1
    let architecture = Architecture(inputCount: 12, encoderHidden: [5], latentCount: latent, posterior: posterior)
    options.objective = architecture.plainObjective
    let run = try TrainingRun.start(
      RunConfiguration(data: .init(), architecture: architecture, training: options, command: "vae-train --epochs 1"),
      data: DataSplit(train: dataset(20, labels: labels, image: image), test: test, source: "numbers"), in: path)
    _ = try run.train()
    return (path, test)
  }

  private func report(_ path: String, test: Dataset?, labels: [String]? = nil) throws -> ReportData {
    ReportData(try RunContents(path, test: test), labels: labels, for: .report)
  }

  @Test(arguments: [1, 2, 5], [DiagonalGaussian(), Point()] as [any Posterior])
  func aWholeRun(latent: Int, posterior: any Posterior) throws {
    let folder = try TemporaryFolder()
    let (path, test) = try train(in: folder, latent: latent, posterior: posterior)
    let report = try report(path, test: test)
    #expect(report.missing == [] && report.decoderNote == nil)
    #expect(report.examples?.count == 9 && report.examples?.classNames == ["0", "1", "2"])
    #expect(report.examples?.dimensions.count == min(latent, 2))
    #expect(report.decoder?.layers.map(\.outputs) == [5, 12])
    #expect(report.decoder?.sliderDimensions.isEmpty == false)
    #expect(report.pictures.map(\.title) == ["Reconstructions", "Samples"])
    #expect(
      report.facts.contains(["data", "generated digits"])
        && report.repeat.contains(["command", "vae-train --epochs 1"]))
    #expect((report.klPerDimension == nil) == !posterior.isRandom)
    #expect(report.sentence.contains(posterior.isRandom ? "negative ELBO" : "reconstruction loss"))
  }

  @Test func dataThatAreNoImagesHaveNoPictures() throws {
    let folder = try TemporaryFolder()
    let (path, test) = try train(in: folder, labels: false, image: false)
    let report = try report(path, test: test)
    #expect(report.pictures.isEmpty && report.decoder == nil && report.examples?.thumbnails == nil)
    #expect(report.decoderNote?.contains("no images") == true && report.examples?.classes == nil)
  }

  @Test func aNetworkTooLargeIsLeftOut() throws {
    let folder = try TemporaryFolder()
    let (path, test) = try train(in: folder)
    let report = ReportData(
      try RunContents(path, test: test), labels: nil, for: .report, maximumDecoderParameters: 2 * 5 + 5 * 12 - 1)
    #expect(report.decoder == nil && report.decoderNote?.contains("weights, more than") == true)
  }

  @Test(arguments: ["config.json", "metrics.jsonl", "model.safetensors"], [true, false])
  func whatIsMissingOrDamagedIsSaid(name: String, isDamaged: Bool) throws {
    let folder = try TemporaryFolder()
    let (path, test) = try train(in: folder)
    try FileManager.default.removeItem(atPath: "\(path)/\(name)")
    if isDamaged { try AtomicFile.write("{\"half", to: "\(path)/\(name)") }
    let report = try report(path, test: test)
    #expect(report.missing.count == 1 && report.missing[0].contains(name), "\(report.missing)")
    #expect(try RunReport.page([report], isComparison: false).contains("<!doctype html>"))
  }

  @Test func aLineThatIsHalfThereIsAGap() throws {
    let folder = try TemporaryFolder()
    let (path, test) = try train(in: folder)
    let line = try String(decoding: folder.read("run/metrics.jsonl"), as: UTF8.self)
    let second = line.replacing("\"epoch\":1", with: "\"epoch\":2")
      .replacingOccurrences(of: #""test_kl":[^,]*"#, with: "\"test_kl\":NaN", options: .regularExpression)
    try AtomicFile.write(
      line.replacing("\n", with: "\r\n") + second + "\r\n{\"epoch\": 3, \"te\n", to: "\(path)/metrics.jsonl")
    let report = try report(path, test: test)
    #expect(report.curves?.epochs == [1, 2])
    let values = try #require(report.curves?.values["test_kl"])
    #expect(values[0] != nil && values[1] == nil)
    #expect(report.missing == ["1 line of metrics.jsonl cannot be read."])
  }

  @Test func noTestExamples() throws {
    let folder = try TemporaryFolder()
    let (path, test) = try train(in: folder)
    let report = try report(path, test: test.subset([]))
    #expect(report.examples == nil && report.missing == ["The test set is empty."])
    #expect(report.pictures.map(\.title) == ["Samples"])
  }

  /// Names are text in the page, whatever is in them, and there may be many.
  @Test func hostileAndManyNames() throws {
    let folder = try TemporaryFolder()
    let (path, test) = try train(in: folder)
    let names = ["</script><script>alert(1)</script>", "a & b", "\u{2028}"] + (0..<6).map { "class \($0)" }
    let hostile = try report(path, test: test, labels: names)
    #expect(hostile.examples?.classNames.count == 9)
    let page = try RunReport.page([hostile], isComparison: false)
    #expect(!page.contains("<script>alert") && page.contains("\\u003c/script>\\u003cscript>alert(1)"))
    let wrong = try report(path, test: test, labels: ["one"])
    #expect(wrong.missing == ["The file has 1 label for 9 test examples: left out."])
    #expect(wrong.examples?.classNames == ["0", "1", "2"])
    #expect(Set((0..<300).map { Palette.color(ofClass: $0, count: 300).hex }).count > 200)
  }

  @Test func aFolderThatIsNotThere() {
    #expect(throws: DataError.self) { try RunReport.write("/nonexistent", to: "/nonexistent/report.html") }
  }

  @Test func sideBySide() throws {
    let (first, second) = (try TemporaryFolder(), try TemporaryFolder())
    let paths = [try train(in: first).path, try train(in: second, posterior: .point()).path]
    let output = first.path + "/compare.html"
    try RunReport.writeComparison(paths, to: output)
    let page = try String(decoding: first.read("compare.html"), as: UTF8.self)
    // Both folders are called "run", so they go by their paths.
    #expect(page.contains("\"isComparison\":true") && paths.allSatisfy { page.contains($0) })
  }
}
