import Foundation
import VAEKernels

/// The convolution of a grid of at most 1024 × 1024 nodes with 1/(1 + r²), r a distance in the plane: what any grid of charges
/// makes at every node.
///
/// By Fourier transforms of twice the grid's size or more, so that what wraps around meets nothing (Hockney and Eastwood 1988,
/// "Computer Simulation Using Particles", section 6-5-4). The charges were spread by splines of degree five, and the result
/// is read by them; both smooth it, which is taken out of the kernel's transform by dividing by the splines' own, so that the
/// splines go through what they stand for (Essmann and others 1995, "A smooth particle mesh Ewald method", section 2). All of
/// a transform is done by one worker, so that the result does not depend on their number.
final class GridConvolution: @unchecked Sendable {
  static let maximumNodes = 1024
  /// What a transform may be long: products of 2 and 3, no more than half as large again as the one before.
  private static let lengths = [64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048]

  /// The nodes, row after row; zero beyond `rows` and `columns`.
  let grid: AlignedBuffer
  /// Between rows.
  private(set) var stride = 0
  private(set) var rows = 0
  private(set) var columns = 0
  /// Whether the kernel is another than before and must be made.
  private(set) var needsKernel = false

  private var spacing = 0.0
  private var rowLength = 0
  private var columnLength = 0
  private let spectrum: AlignedBuffer
  private var spectrumStride = 0
  private let kernel: AlignedBuffer
  private let rowTwiddles = AlignedBuffer(count: 2 * 2 * maximumNodes)
  private let columnTwiddles = AlignedBuffer(count: 2 * 2 * maximumNodes)
  private let work: [AlignedBuffer]
  private let width = VectorMath.active.width

  init(workers: Int) {
    let (nodes, width) = (Self.maximumNodes, VectorMath.active.width)
    grid = AlignedBuffer(count: (nodes + 1) * (nodes + width))
    spectrum = AlignedBuffer(count: (nodes + width) * 2 * (nodes + width))
    kernel = AlignedBuffer(count: (nodes + width) * 2 * nodes)
    work = (0..<workers).map { _ in AlignedBuffer(count: 4 * 2 * nodes * width) }
  }

  /// Sets the size, and the distance between nodes, for all workers, by one of them.
  func lay(rows: Int, columns: Int, spacing: Double) {
    precondition(max(rows, columns) <= Self.maximumNodes, "a grid of \(rows) × \(columns) nodes")
    self.rows = rows
    self.columns = columns
    let (oldRows, oldColumns) = (rowLength, columnLength)
    rowLength = Self.length(for: rows, now: rowLength)
    columnLength = Self.length(for: columns, now: columnLength)
    needsKernel = needsKernel || (rowLength, columnLength) != (oldRows, oldColumns) || spacing != self.spacing
    self.spacing = spacing
    // Whole vectors, but no whole pages: see `PointColumns`.
    stride = (columns + width - 1) / width * width
    spectrumStride = columnLength / 2 + width
    if rowLength != oldRows { Self.fill(rowTwiddles, rowLength) }
    if columnLength != oldColumns { Self.fill(columnTwiddles, columnLength) }
  }

  /// The least that will do; but the one now, as long as it does and is not much longer, so that a grid whose size goes up and
  /// down does not need a kernel each time.
  private static func length(for nodes: Int, now: Int) -> Int {
    let least = lengths.first { $0 >= 2 * nodes }!
    return now >= least && now <= 2 * least ? now : least
  }

  private static func fill(_ twiddles: AlignedBuffer, _ length: Int) {
    for place in 0..<length {
      let angle = 2 * .pi * Double(place) / Double(length)
      twiddles.base[2 * place] = Float(cos(angle))
      twiddles.base[2 * place + 1] = Float(-sin(angle))
    }
  }

  // MARK: The kernel

  /// By all workers, before `convolve`, where it is needed.
  func makeKernel(_ worker: Worker, _ queues: (WorkQueue, WorkQueue)) {
    let (math, scratch) = (VectorMath.active, work[worker.index].base)
    let blocks = (columnLength / 2 + width) / width
    let squaredSpacing = spacing * spacing
    // A column is as long as the transform. Its place is the buffer's end, which a transform of columns leaves alone.
    let block = scratch + 2 * rowLength * width
    while let index = queues.0.next(of: blocks) {
      for row in 0..<rowLength {
        let down = Double(min(row, rowLength - row))
        for lane in 0..<width {
          let across = Double(index * width + lane)
          block[row * width + lane] = Float(1 / (1 + squaredSpacing * (down * down + across * across)))
        }
      }
      math.transformColumns(
        block, stride: width, rows: rowLength, length: rowLength, twiddles: rowTwiddles.base,
        into: spectrum.base + index * width, stride: spectrumStride, work: scratch)
    }
    worker.barrier()
    let smoothing = (Self.smoothing(rowLength), Self.smoothing(columnLength))
    while let index = queues.1.next(of: rowBlocks) {
      let part = kernel.base + index * columnLength * width
      math.transformKernelRows(
        spectrum.base + index * width * 2 * spectrumStride, stride: spectrumStride, length: columnLength,
        twiddles: columnTwiddles.base, into: part, work: scratch)
      for column in 0..<columnLength {
        for lane in 0..<width {
          let row = index * width + lane
          // Rows that are there to make whole vectors stay zero.
          let factor = row > rowLength / 2 ? 0 : 1 / (smoothing.0[row] * smoothing.1[column])
          part[column * width + lane] *= Float(factor)
        }
      }
    }
    worker.barrier()
    if worker.index == 0 { needsKernel = false }
  }

  /// The square of the spline's transform, times the length, by which neither transform has been divided.
  private static func smoothing(_ length: Int) -> [Double] {
    (0..<length).map { place in
      let angle = 2 * .pi * Double(place) / Double(length)
      let spline = (66 + 52 * cos(angle) + 2 * cos(2 * angle)) / 120
      return spline * spline * Double(length)
    }
  }

  // MARK: The convolution

  private var rowBlocks: Int { (rowLength / 2 + width) / width }

  /// Convolves the grid, by all workers; when one returns, the others may still write.
  func convolve(_ worker: Worker, _ queues: (WorkQueue, WorkQueue, WorkQueue)) {
    let (math, scratch) = (VectorMath.active, work[worker.index].base)
    while let index = queues.0.next(of: stride / width) {
      math.transformColumns(
        grid.base + index * width, stride: stride, rows: rows, length: rowLength, twiddles: rowTwiddles.base,
        into: spectrum.base + index * width, stride: spectrumStride, work: scratch)
    }
    worker.barrier()
    while let index = queues.1.next(of: rowBlocks) {
      math.convolveRows(
        spectrum.base + index * width * 2 * spectrumStride, stride: spectrumStride, columns: stride,
        length: columnLength, twiddles: columnTwiddles.base, kernel: kernel.base + index * columnLength * width,
        work: scratch)
    }
    worker.barrier()
    while let index = queues.2.next(of: stride / width) {
      math.transformColumnsBack(
        spectrum.base + index * width, stride: spectrumStride, length: rowLength, twiddles: rowTwiddles.base,
        into: grid.base + index * width, stride: stride, rows: rows, work: scratch)
    }
  }
}
