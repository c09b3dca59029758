// swift-tools-version: 6.1

import PackageDescription

// Modules are listed bottom up: each may import only those above it in this file.
let package = Package(
  name: "swift-vae",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "VAE", targets: ["VAE"]),
    .library(name: "VAEKernels", targets: ["VAEKernels"]),
    .library(name: "VAEReference", targets: ["VAEReference"]),
    .library(name: "VAEData", targets: ["VAEData"]),
    .library(name: "VAEPictures", targets: ["VAEPictures"]),
    .library(name: "VAECells", targets: ["VAECells"]),
    .library(name: "VAETrainer", targets: ["VAETrainer"]),
    .library(name: "VAEReport", targets: ["VAEReport"]),
    .executable(name: "vae-train", targets: ["vae-train"]),
    .executable(name: "vae-bench", targets: ["vae-bench"]),
  ],
  dependencies: [
    // Used by the executables alone; the library products depend on no other package.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    .systemLibrary(
      name: "COpenBLAS",
      pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev", "liblapacke-dev"]), .brew(["openblas"])]),
    .systemLibrary(
      name: "CZlib",
      pkgConfig: "zlib",
      providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CPNG",
      pkgConfig: "libpng",
      providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .systemLibrary(
      name: "CTurboJPEG",
      pkgConfig: "libturbojpeg",
      providers: [.apt(["libturbojpeg0-dev"]), .brew(["jpeg-turbo"])]),
    .systemLibrary(
      name: "CCairo",
      pkgConfig: "cairo",
      providers: [.apt(["libcairo2-dev"]), .brew(["cairo"])]),
    .systemLibrary(
      name: "CHDF5",
      pkgConfig: "hdf5",
      providers: [.apt(["libhdf5-dev"]), .brew(["hdf5"])]),
    // The process that libhdf5 runs in.
    .target(name: "CHDF5Worker", dependencies: ["CHDF5"]),
    .target(name: "CStandardLibrary"),
    .target(name: "CVectorMath"),
    .target(name: "VAEKernels", dependencies: ["COpenBLAS", "CStandardLibrary", "CVectorMath"]),
    .target(name: "VAEReference", dependencies: ["CStandardLibrary", "VAEKernels"]),
    .target(name: "VAEData", dependencies: ["CStandardLibrary", "VAEKernels", "CZlib"]),
    .target(
      name: "VAEPictures", dependencies: ["CStandardLibrary", "VAEKernels", "VAEData", "CPNG", "CTurboJPEG"]),
    .target(name: "VAECells", dependencies: ["CStandardLibrary", "VAEKernels", "VAEData", "CHDF5Worker"]),
    .target(name: "VAETrainer", dependencies: ["CStandardLibrary", "VAEKernels", "VAEData"]),
    .target(name: "VAE", dependencies: ["VAEKernels", "VAEReference", "VAEData", "VAETrainer"]),
    .target(
      name: "VAEReport", dependencies: ["VAEKernels", "VAEData", "VAETrainer", "CPNG", "CCairo"],
      // In the executable itself, so that it can be moved.
      resources: [.embedInCode("Report/Page")]),
    .executableTarget(
      name: "vae-train",
      dependencies: [
        "VAEKernels", "VAEReference", "VAEData", "VAEPictures", "VAECells", "VAETrainer", "VAEReport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "vae-bench",
      dependencies: [
        "VAEKernels", "VAEData", "VAETrainer",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Benchmarks/vae-bench"),
    .target(
      name: "TestSupport", dependencies: ["VAEKernels", "VAEData"], path: "Tests/TestSupport",
      resources: [.copy("Fixtures")]),
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    .testTarget(
      name: "VAEKernelsTests",
      dependencies: ["CStandardLibrary", "VAEKernels", "CVectorMath", "VAEReference", "TestSupport"]),
    .testTarget(name: "VAEDataTests", dependencies: ["VAEData", "TestSupport"], resources: [.copy("Fixtures")]),
    .testTarget(
      name: "VAEPicturesTests",
      dependencies: ["CPNG", "CStandardLibrary", "VAEPictures", "VAEData", "VAEKernels", "TestSupport"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "VAECellsTests", dependencies: ["CStandardLibrary", "VAECells", "VAEData", "VAEKernels", "TestSupport"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "VAETrainerTests",
      dependencies: ["VAETrainer", "VAEData", "VAEKernels", "VAEReference", "TestSupport", "vae-train"],
      resources: [.copy("Fixtures")]),
    .testTarget(name: "AllocationTests", dependencies: ["VAETrainer", "VAEData", "VAEKernels", "CAllocationCounter"]),
    .testTarget(
      name: "VAEReportTests", dependencies: ["VAEReport", "VAEKernels", "VAEData", "VAETrainer", "TestSupport"]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: ["vae-train", "vae-bench", "VAEData", "VAEKernels", "VAEReport", "TestSupport"]),
    .testTarget(name: "BenchmarkTests", dependencies: ["vae-bench"]),
    .testTarget(name: "VAEReferenceTests", dependencies: ["VAEReference", "VAEKernels", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)
