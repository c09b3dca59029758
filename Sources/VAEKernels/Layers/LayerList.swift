/// The layers of an encoder or a decoder, first to last: "dense 512, relu, dense 256, relu".
public struct LayerList: Sendable, Hashable, CustomStringConvertible, ExpressibleByArrayLiteral {
  /// First to last; may be empty.
  public var layers: [any Layer]

  /// Some layers.
  public init(_ layers: [any Layer] = []) {
    self.layers = layers
  }

  /// Some layers.
  public init(arrayLiteral elements: any Layer...) {
    layers = elements
  }

  /// Dense layers of these widths, each with an activation behind it.
  public static func hidden(_ widths: [Int], _ activation: Activation) -> LayerList {
    LayerList(
      widths.flatMap { width -> [any Layer] in
        activation == .identity ? [Dense(width)] : [Dense(width), Activate(activation)]
      })
  }

  /// The list as `hidden` makes it, where it could have made it.
  public var plain: (widths: [Int], activation: Activation)? {
    let widths = layers.compactMap { ($0 as? Dense)?.width }
    let activation = layers.lazy.compactMap { ($0 as? Activate)?.activation }.first ?? .identity
    return LayerList.hidden(widths, activation) == self ? (widths, activation) : nil
  }

  /// The dense layers in the other order, each with the activation behind it, and nothing else: the plain decoder of an
  /// encoder. `activation` takes the place of all of them.
  public func reversed(activation: Activation? = nil) -> LayerList {
    var pairs: [(Int, Activation)] = []
    for layer in layers {
      if let dense = layer as? Dense { pairs.append((dense.width, .identity)) }
      if let layer = layer as? Activate, !pairs.isEmpty { pairs[pairs.count - 1].1 = layer.activation }
    }
    return LayerList(
      pairs.reversed().flatMap { LayerList.hidden([$0.0], activation ?? $0.1).layers })
  }

  /// The layers before the second dense one: a network of the same kind with one hidden layer.
  public var untilSecondDense: LayerList {
    let dense = layers.indices.filter { layers[$0] is Dense }
    return LayerList(Array(layers[..<(dense.dropFirst().first ?? layers.count)]))
  }

  /// The words, or "none".
  public var description: String {
    layers.isEmpty ? "none" : layers.map(\.description).joined(separator: ", ")
  }

  /// What the tensors of each layer are called: `prefix.hidden.0`, `prefix.hidden.1`, … for the dense layers of a plain
  /// list, else `prefix.layers.` and the place in the list.
  public func names(prefix: String) -> [String] {
    let isPlain = plain != nil
    var dense = -1
    return layers.enumerated().map { index, layer in
      if layer is Dense { dense += 1 }
      return isPlain ? "\(prefix).hidden.\(dense)" : "\(prefix).layers.\(index)"
    }
  }

  /// The words of each stage that the list makes: an activation that the layer before takes into its own loop makes none.
  public var stageWords: [String] {
    stageLayers.map { indices in layers[indices].map(\.description).joined(separator: ", ") }
  }

  /// The layers of each stage, by index.
  private var stageLayers: [Range<Int>] {
    var stages: [Range<Int>] = []
    var index = 0
    while index < layers.count {
      let next = index + 1 < layers.count ? layers[index + 1] as? Activate : nil
      let isFused = layers[index] is any FusesActivation && next?.activation.gradientIsOfInput == false
      stages.append(index..<index + (isFused ? 2 : 1))
      index = stages[stages.count - 1].upperBound
    }
    return stages
  }

  /// Each layer in its place behind the one before, `input` before the first.
  func lay(_ blueprint: inout Blueprint, _ input: Slot, prefix: String) throws -> [any Stage] {
    let names = names(prefix: prefix)
    var stages: [any Stage] = []
    for indices in stageLayers {
      let (layer, name) = (layers[indices.lowerBound], names[indices.lowerBound])
      let input = stages.last?.output ?? input
      if indices.count == 2, let layer = layer as? any FusesActivation,
        let next = layers[indices.lowerBound + 1] as? Activate
      {
        stages.append(try layer.lay(&blueprint, input, name: name, activation: next.activation))
      } else {
        stages.append(try layer.lay(&blueprint, input, name: name))
      }
    }
    return stages
  }

  /// As the words compare.
  public static func == (a: LayerList, b: LayerList) -> Bool { a.description == b.description }
  /// As `==` compares.
  public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}
