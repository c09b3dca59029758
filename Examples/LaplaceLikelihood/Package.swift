// swift-tools-version: 6.1

import PackageDescription

let package = Package(
  name: "LaplaceLikelihood",
  platforms: [.macOS(.v15)],
  // In a package of your own: .package(url: "<this repository>", from: "<version>").
  dependencies: [.package(name: "swift-vae", path: "../..")],
  targets: [.executableTarget(name: "LaplaceLikelihood", dependencies: [.product(name: "VAE", package: "swift-vae")])],
  swiftLanguageModes: [.v6]
)
