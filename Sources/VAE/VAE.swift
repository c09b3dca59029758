// What a researcher needs, by one import: models and their parts, data, training, evaluation, and the reference that
// gradients are checked against. Pictures and pages are in VAEReport, which needs Cairo and libpng; folders of pictures are
// read by VAEPictures, which needs libpng and libjpeg-turbo.

@_exported import VAEData
@_exported import VAEKernels
@_exported import VAEReference
@_exported import VAETrainer
