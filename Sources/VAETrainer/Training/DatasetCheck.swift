import VAEData
import VAEKernels

extension Dataset {
  /// Throws `DataError` for numbers that have no likelihood under `architecture`, or labels that it has no place for.
  public func check(for architecture: Architecture, _ binarization: Binarization) throws {
    if let coding {
      try checkDomain(coding, architecture, binarization)
      try check(coding)
    } else {
      try checkDomain(architecture, binarization)
    }
    if sideInputs.contains(.mask), !architecture.likelihood.skipsMissing {
      throw DataError(
        path: name,
        expected: "no missing values with a \(architecture.likelihood.name) likelihood (--likelihood auto skips them)",
        found: "some that are missing, or columns of which one value is the most")
    }
    guard toldCount == architecture.numericCovariateCount,
      architecture.likelihood.sideInputs.isSubset(of: .exposure)
    else {
      throw DataError(
        path: name, expected: "the numbers, mask or exposure that a model of \(architecture) needs", found: "none")
    }
    guard architecture.labelCount > 0 else { return }
    guard let labels else {
      throw DataError(path: name, expected: "labels, for a model that is told them", found: "none")
    }
    if let example = labels.firstIndex(where: { Int($0) >= architecture.labelCount }) {
      throw DataError(
        path: name, place: "example \(example)", expected: architecture.labelsInWords,
        found: "\(labels[example])")
    }
  }

  /// Throws for a number that a column cannot have.
  private func check(_ coding: TableCoding) throws {
    guard let (example, column, value) = firstUnknownValue(coding) else { return }
    let known = coding.columns[column]
    let expected =
      switch known.kind {
      case .count: "a whole number from 0 up, as a count is"
      case .yesNo, .category:
        "one of \(known.levelTexts.prefix(8).joined(separator: ", ")), as in the training rows (--unseen other takes "
          + "others for unknown)"
      case .number, .inflated, .constant: "a finite number"
      }
    throw DataError(
      path: name, place: "row \(rowOfWhole(example) + 1), column \"\(known.name)\"", expected: expected,
      found: known.texts == nil ? DecimalText.short(value) : "\(value)")
  }

  /// Throws where one likelihood for all columns of a table is one of numbers from 0 to 1, and a column has others.
  private func checkDomain(
    _ coding: TableCoding, _ architecture: Architecture, _ binarization: Binarization
  ) throws {
    guard binarization == .none else {
      throw DataError(
        path: name, expected: "pictures, such as an array of pictures × height × width, for --binarize",
        found: "a table")
    }
    guard !architecture.likelihood.sideInputs.contains(.exposure) else {
      throw DataError(
        path: name,
        expected: "counts, as --likelihood \(architecture.likelihood.name) reads a table of whole numbers from 0 up",
        found: "columns with a likelihood of their own")
    }
    guard architecture.likelihood.domain == 0...1 else { return }
    let statistics = columnStatistics()
    for (place, column) in coding.columns.enumerated() where column.role == .feature {
      let values = statistics[place]
      let found: String
      switch column.kind {
      case .yesNo, .category, .constant: continue
      case .number where column.transform.isIdentity:
        if values.count == 0 || values.lowest >= 0 && values.highest <= 1 { continue }
        found = "\(DecimalText.short(values.lowest)) to \(DecimalText.short(values.highest))"
      case .number, .inflated: found = "numbers that --scaling makes others"
      case .count: found = "counts"
      }
      throw DataError(
        path: name, place: "column \"\(column.name)\"",
        expected:
          "yes and no, or numbers from 0 to 1, for the \(architecture.likelihood.name) likelihood of all columns "
          + "(--likelihood auto has one for each)", found: found)
    }
  }

  private func checkDomain(_ architecture: Architecture, _ binarization: Binarization) throws {
    if isSparse, binarization != .none {
      throw DataError(
        path: name, expected: "pictures, for --binarize",
        found: "counts; the layer \"binary\" shows whether there is one")
    }
    let domain = architecture.likelihood.domain
    // What becomes 0 or 1 may be any number before, but not NaN.
    let known = binarization == .none ? domain : -.infinity ... .infinity
    if architecture.likelihood.sideInputs.contains(.exposure), !isOfCounts {
      throw DataError(
        path: name, expected: "whole numbers from 0 up, for the counts of a \(architecture.likelihood.name) likelihood",
        found: "others")
    }
    if let (example, feature, value) = firstValue(outside: known) {
      throw DataError(
        path: name, place: "example \(example), feature \(feature)",
        expected: domain == 0...1
          ? "a number from 0 to 1, for a \(architecture.likelihood.name) likelihood" : "a finite number",
        found: "\(value)")
    }
  }
}
