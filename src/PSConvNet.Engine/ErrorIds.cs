namespace PSConvNet;

/// <summary>
/// The ids of all errors that the engine and its module throw (<see cref="ConvNetException.ErrorId"/>). Scripts catch by them, so an id keeps its name
/// and its meaning.
/// </summary>
public static class ErrorIds
{
    // Arguments and settings.

    /// <summary>A cmdlet's argument is of a kind that the parameter doesn't accept.</summary>
    public const string ArgumentInvalid = nameof(ArgumentInvalid);

    /// <summary>A parameter or an option has no effect beside the others that were given, or contradicts them.</summary>
    public const string ParameterNotApplicable = nameof(ParameterNotApplicable);

    /// <summary>A layer's setting is outside its range, or the layer can't have it.</summary>
    public const string LayerSettingInvalid = nameof(LayerSettingInvalid);

    /// <summary>There is no optimizer of that name.</summary>
    public const string OptimizerUnknown = nameof(OptimizerUnknown);

    /// <summary>An optimizer has no setting of that name.</summary>
    public const string OptimizerSettingUnknown = nameof(OptimizerSettingUnknown);

    /// <summary>An optimizer's setting is outside its range or of the wrong type.</summary>
    public const string OptimizerSettingInvalid = nameof(OptimizerSettingInvalid);

    /// <summary>There is no learning rate schedule of that name.</summary>
    public const string ScheduleUnknown = nameof(ScheduleUnknown);

    /// <summary>A schedule has no setting of that name.</summary>
    public const string ScheduleSettingUnknown = nameof(ScheduleSettingUnknown);

    /// <summary>A schedule's setting is outside its range or of the wrong type.</summary>
    public const string ScheduleSettingInvalid = nameof(ScheduleSettingInvalid);

    /// <summary>An augmentation has no setting of that name.</summary>
    public const string AugmentationSettingUnknown = nameof(AugmentationSettingUnknown);

    /// <summary>A setting of an augmentation is outside its range, or needs another setting.</summary>
    public const string AugmentationSettingInvalid = nameof(AugmentationSettingInvalid);

    /// <summary>An augmentation can't be applied to images of this shape.</summary>
    public const string AugmentationDoesNotFit = nameof(AugmentationDoesNotFit);

    /// <summary>A setting of the preparation of pictures is outside its range.</summary>
    public const string PreparationSettingInvalid = nameof(PreparationSettingInvalid);

    /// <summary>An option of a training is outside its range, or two options exclude each other.</summary>
    public const string TrainingOptionInvalid = nameof(TrainingOptionInvalid);

    /// <summary>An option of checkpoints is outside its range, or the folder is missing.</summary>
    public const string CheckpointOptionInvalid = nameof(CheckpointOptionInvalid);

    /// <summary>The counts or the level of a confidence interval are outside their range.</summary>
    public const string IntervalInvalid = nameof(IntervalInvalid);

    /// <summary>There is no image at the index.</summary>
    public const string IndexOutOfRange = nameof(IndexOutOfRange);

    /// <summary>A shape has a dimension below 1, has none, or is too large.</summary>
    public const string ShapeInvalid = nameof(ShapeInvalid);

    // Models and layers.

    /// <summary>A model is made without layers.</summary>
    public const string ModelEmpty = nameof(ModelEmpty);

    /// <summary>A model has more parameters, or nested layers, than can be stored.</summary>
    public const string ModelTooLarge = nameof(ModelTooLarge);

    /// <summary>The model is being trained, or in use, and can't be used in another way at the same time.</summary>
    public const string ModelBusy = nameof(ModelBusy);

    /// <summary>A layer can't process the shape that it gets.</summary>
    public const string LayerShapeMismatch = nameof(LayerShapeMismatch);

    /// <summary>Two layers of a model have the same name.</summary>
    public const string LayerNameDuplicate = nameof(LayerNameDuplicate);

    /// <summary>A model has no layer of that name.</summary>
    public const string LayerUnknown = nameof(LayerUnknown);

    /// <summary>A layer that should be frozen has no weights.</summary>
    public const string LayerHasNoWeights = nameof(LayerHasNoWeights);

    /// <summary>A layer is no convolution, or a model has none.</summary>
    public const string LayerHasNoFilters = nameof(LayerHasNoFilters);

    /// <summary>All layers with weights are frozen.</summary>
    public const string NothingToTrain = nameof(NothingToTrain);

    /// <summary>A model has no parameter of that name.</summary>
    public const string ParameterUnknown = nameof(ParameterUnknown);

    /// <summary>A seed is given for a copy that keeps its weights.</summary>
    public const string SeedWithoutReset = nameof(SeedWithoutReset);

    /// <summary>A model's weights aren't finite numbers, so that it can't be trained.</summary>
    public const string WeightsInvalid = nameof(WeightsInvalid);

    // Data.

    /// <summary>Pixels, labels and names of a data set contradict each other.</summary>
    public const string DatasetInvalid = nameof(DatasetInvalid);

    /// <summary>There is no image to learn from.</summary>
    public const string DatasetEmpty = nameof(DatasetEmpty);

    /// <summary>A data set has too few images for the split.</summary>
    public const string DatasetTooSmall = nameof(DatasetTooSmall);

    /// <summary>The images of a folder need more memory than there is.</summary>
    public const string DatasetTooLarge = nameof(DatasetTooLarge);

    /// <summary>There is no data set of that name.</summary>
    public const string DatasetUnknown = nameof(DatasetUnknown);

    /// <summary>A data set's files are neither on this machine nor can be downloaded.</summary>
    public const string DatasetNotFound = nameof(DatasetNotFound);

    /// <summary>A data set's file isn't the published one.</summary>
    public const string DatasetHashMismatch = nameof(DatasetHashMismatch);

    /// <summary>Images don't have the shape that a model takes.</summary>
    public const string DataShapeMismatch = nameof(DataShapeMismatch);

    /// <summary>The system refuses to read a file of images.</summary>
    public const string DataFileUnreadable = nameof(DataFileUnreadable);

    /// <summary>A file isn't a complete IDX file.</summary>
    public const string IdxFileInvalid = nameof(IdxFileInvalid);

    /// <summary>The address of a mirror can't be used.</summary>
    public const string MirrorInvalid = nameof(MirrorInvalid);

    /// <summary>Nothing can be written to the folder of downloads.</summary>
    public const string CacheNotWritable = nameof(CacheNotWritable);

    /// <summary>More images are asked for than there are, or fewer than one.</summary>
    public const string FirstOutOfRange = nameof(FirstOutOfRange);

    /// <summary>The fraction of a split leaves one of the parts empty.</summary>
    public const string FractionOutOfRange = nameof(FractionOutOfRange);

    /// <summary>The size of images is outside its range.</summary>
    public const string SizeOutOfRange = nameof(SizeOutOfRange);

    /// <summary>A class isn't among the classes at hand.</summary>
    public const string ClassUnknown = nameof(ClassUnknown);

    /// <summary>A class has no images in a part.</summary>
    public const string ClassEmpty = nameof(ClassEmpty);

    /// <summary>The number of classes isn't the number of outputs.</summary>
    public const string ClassCountMismatch = nameof(ClassCountMismatch);

    /// <summary>Two classes have the same name, or a name is empty.</summary>
    public const string ClassNameDuplicate = nameof(ClassNameDuplicate);

    /// <summary>Labels and predictions don't belong together.</summary>
    public const string LabelsInvalid = nameof(LabelsInvalid);

    // Folders and pictures.

    /// <summary>A folder doesn't exist.</summary>
    public const string FolderNotFound = nameof(FolderNotFound);

    /// <summary>A pattern stands for several folders.</summary>
    public const string FolderAmbiguous = nameof(FolderAmbiguous);

    /// <summary>The system refuses to list a folder.</summary>
    public const string FolderUnreadable = nameof(FolderUnreadable);

    /// <summary>A folder contains parts (train, test) instead of classes.</summary>
    public const string FolderLayoutUnsupported = nameof(FolderLayoutUnsupported);

    /// <summary>The folders of training and test images contain each other.</summary>
    public const string FoldersOverlap = nameof(FoldersOverlap);

    /// <summary>A folder of images has no folder for each class.</summary>
    public const string ClassFoldersMissing = nameof(ClassFoldersMissing);

    /// <summary>A file isn't a complete picture in a known format.</summary>
    public const string ImageFileInvalid = nameof(ImageFileInvalid);

    /// <summary>An array can't be read as an image.</summary>
    public const string ImageArrayInvalid = nameof(ImageArrayInvalid);

    /// <summary>Images have a number of channels that isn't supported.</summary>
    public const string ImageShapeUnsupported = nameof(ImageShapeUnsupported);

    /// <summary>There is no image to show.</summary>
    public const string PictureEmpty = nameof(PictureEmpty);

    /// <summary>A picture needs more memory than there is.</summary>
    public const string PictureTooLarge = nameof(PictureTooLarge);

    /// <summary>A file's extension stands for no format of pictures.</summary>
    public const string PictureFormatUnknown = nameof(PictureFormatUnknown);

    /// <summary>A picture can't be drawn in that format.</summary>
    public const string PictureFormatUnsupported = nameof(PictureFormatUnsupported);

    /// <summary>Show-Image got an object that it can't show.</summary>
    public const string ShowInputInvalid = nameof(ShowInputInvalid);

    /// <summary>A range test has no point to draw.</summary>
    public const string CurveEmpty = nameof(CurveEmpty);

    /// <summary>Show-TrainingCurve got objects that it can't draw.</summary>
    public const string CurveInputInvalid = nameof(CurveInputInvalid);

    /// <summary>Show-ConfusionMatrix got objects that it can't draw.</summary>
    public const string MatrixInputInvalid = nameof(MatrixInputInvalid);

    /// <summary>There is no training run, or none with an epoch, to draw.</summary>
    public const string RunEmpty = nameof(RunEmpty);

    /// <summary>There is no trial to draw.</summary>
    public const string SweepEmpty = nameof(SweepEmpty);

    // Training.

    /// <summary>A model's last activation doesn't fit the loss.</summary>
    public const string LossMismatch = nameof(LossMismatch);

    /// <summary>The loss isn't a finite number.</summary>
    public const string LossNotFinite = nameof(LossNotFinite);

    /// <summary>A folder has no complete checkpoint.</summary>
    public const string CheckpointNotFound = nameof(CheckpointNotFound);

    /// <summary>A checkpoint could not be written.</summary>
    public const string CheckpointNotWritten = nameof(CheckpointNotWritten);

    /// <summary>Another training writes its checkpoints to the folder.</summary>
    public const string CheckpointFolderBusy = nameof(CheckpointFolderBusy);

    /// <summary>The folder of checkpoints has those of another training.</summary>
    public const string CheckpointFolderNotEmpty = nameof(CheckpointFolderNotEmpty);

    /// <summary>A training can't be resumed without its images.</summary>
    public const string CheckpointDataMissing = nameof(CheckpointDataMissing);

    /// <summary>A training is resumed with other images than it began with.</summary>
    public const string CheckpointDataMismatch = nameof(CheckpointDataMismatch);

    // Evaluation.

    /// <summary>There is no image to evaluate a model on.</summary>
    public const string EvaluationEmpty = nameof(EvaluationEmpty);

    /// <summary>A model's weights or outputs aren't finite numbers.</summary>
    public const string PredictionsInvalid = nameof(PredictionsInvalid);

    /// <summary>There is nothing to compare.</summary>
    public const string ComparisonEmpty = nameof(ComparisonEmpty);

    /// <summary>The counts of a comparison are outside their range.</summary>
    public const string ComparisonInvalid = nameof(ComparisonInvalid);

    /// <summary>Two models were evaluated on different images.</summary>
    public const string ComparisonMismatch = nameof(ComparisonMismatch);

    /// <summary>Compare-Model got an object that it can't compare.</summary>
    public const string ComparisonInputInvalid = nameof(ComparisonInputInvalid);

    /// <summary>Models can't be compared without images.</summary>
    public const string ComparisonDataMissing = nameof(ComparisonDataMissing);

    /// <summary>An ensemble has no model.</summary>
    public const string EnsembleEmpty = nameof(EnsembleEmpty);

    /// <summary>The models of an ensemble differ in their classes or inputs.</summary>
    public const string EnsembleMismatch = nameof(EnsembleMismatch);

    /// <summary>A model of an ensemble doesn't output one value for each class.</summary>
    public const string EnsembleOutputInvalid = nameof(EnsembleOutputInvalid);

    // Files.

    /// <summary>A file doesn't exist.</summary>
    public const string FileNotFound = nameof(FileNotFound);

    /// <summary>The system refuses to read a file, or the path isn't that of a file.</summary>
    public const string FileNotReadable = nameof(FileNotReadable);

    /// <summary>A file or a folder could not be written.</summary>
    public const string FileNotWritten = nameof(FileNotWritten);

    /// <summary>A file is there already and isn't replaced.</summary>
    public const string FileExists = nameof(FileExists);

    /// <summary>A path names no file, such as one that ends in a separator.</summary>
    public const string PathInvalid = nameof(PathInvalid);

    /// <summary>A path leads nowhere.</summary>
    public const string PathNotFound = nameof(PathNotFound);

    /// <summary>A path leads to another provider of PowerShell than the file system.</summary>
    public const string PathNotOfFileSystem = nameof(PathNotOfFileSystem);

    /// <summary>The disk has too little space.</summary>
    public const string DiskFull = nameof(DiskFull);

    /// <summary>The file of a model, of weights or of a checkpoint doesn't exist.</summary>
    public const string ModelFileNotFound = nameof(ModelFileNotFound);

    /// <summary>A file is damaged, or isn't of a format that can be read.</summary>
    public const string ModelFileInvalid = nameof(ModelFileInvalid);

    /// <summary>A file's extension stands for no format of models.</summary>
    public const string ModelFormatUnknown = nameof(ModelFormatUnknown);

    /// <summary>A file's extension and the chosen format of the model contradict each other.</summary>
    public const string ModelFormatContradicted = nameof(ModelFormatContradicted);

    /// <summary>A model can't be expressed in the format.</summary>
    public const string ExportUnsupported = nameof(ExportUnsupported);

    /// <summary>A file's weights don't fit the model.</summary>
    public const string WeightsMismatch = nameof(WeightsMismatch);

    /// <summary>A file's weights have a number type that can't be read.</summary>
    public const string WeightsTypeUnsupported = nameof(WeightsTypeUnsupported);

    /// <summary>A part of a file's weights can't be paired by order.</summary>
    public const string PartialByOrder = nameof(PartialByOrder);

    // Reports and pages.

    /// <summary>A report has no model.</summary>
    public const string ReportEmpty = nameof(ReportEmpty);

    /// <summary>An option of a report is outside its range.</summary>
    public const string ReportOptionInvalid = nameof(ReportOptionInvalid);

    /// <summary>New-ModelReport got an object that it can't describe.</summary>
    public const string ReportInputInvalid = nameof(ReportInputInvalid);

    /// <summary>A report's path doesn't end in .html.</summary>
    public const string ReportFormatUnsupported = nameof(ReportFormatUnsupported);

    /// <summary>A page to draw on has no model.</summary>
    public const string PageEmpty = nameof(PageEmpty);

    /// <summary>An option of a page to draw on is outside its range.</summary>
    public const string PageOptionInvalid = nameof(PageOptionInvalid);

    /// <summary>A page to draw on can't be made of an object.</summary>
    public const string PageInputInvalid = nameof(PageInputInvalid);

    /// <summary>A page's path doesn't end in .html.</summary>
    public const string PageFormatUnsupported = nameof(PageFormatUnsupported);

    /// <summary>A model can't run in a page.</summary>
    public const string PageModelUnsupported = nameof(PageModelUnsupported);

    /// <summary>No browser could be opened.</summary>
    public const string BrowserNotOpened = nameof(BrowserNotOpened);

    // Sweeps.

    /// <summary>The space of a sweep is contradictory or empty.</summary>
    public const string SweepSpaceInvalid = nameof(SweepSpaceInvalid);

    /// <summary>A value of a sweep's parameter isn't in its space.</summary>
    public const string SweepValueInvalid = nameof(SweepValueInvalid);

    /// <summary>An option of a sweep is outside its range.</summary>
    public const string SweepOptionInvalid = nameof(SweepOptionInvalid);

    /// <summary>A grid has more points than a sweep can go through.</summary>
    public const string SweepGridTooLarge = nameof(SweepGridTooLarge);

    /// <summary>The script of a sweep can't run elsewhere, or gives no layers.</summary>
    public const string SweepScriptInvalid = nameof(SweepScriptInvalid);

    /// <summary>The script of a sweep failed.</summary>
    public const string SweepScriptFailed = nameof(SweepScriptFailed);

    /// <summary>There are too few completed trials for an analysis.</summary>
    public const string SweepTooFewTrials = nameof(SweepTooFewTrials);

    /// <summary>A sweep ended because too many of its trials failed.</summary>
    public const string SweepTooManyFailures = nameof(SweepTooManyFailures);

    /// <summary>A sweep ended without a completed trial.</summary>
    public const string SweepNothingCompleted = nameof(SweepNothingCompleted);

    /// <summary>No worker of a sweep could be started or kept alive.</summary>
    public const string SweepWorkerFailed = nameof(SweepWorkerFailed);

    /// <summary>The folder of a new study contains a study.</summary>
    public const string StudyExists = nameof(StudyExists);

    /// <summary>The folder of a new study contains other files.</summary>
    public const string StudyFolderNotEmpty = nameof(StudyFolderNotEmpty);

    /// <summary>There is no study in the folder.</summary>
    public const string StudyNotFound = nameof(StudyNotFound);

    /// <summary>A study's files are damaged.</summary>
    public const string StudyInvalid = nameof(StudyInvalid);

    /// <summary>A study is resumed with other settings than it was started with.</summary>
    public const string StudyMismatch = nameof(StudyMismatch);

    /// <summary>A trial failed with an error that isn't one of these.</summary>
    public const string TrialFailed = nameof(TrialFailed);

    /// <summary>The process of a trial died more often than is allowed.</summary>
    public const string TrialKilled = nameof(TrialKilled);

    /// <summary>The model of a trial isn't kept.</summary>
    public const string TrialModelMissing = nameof(TrialModelMissing);

    /// <summary>Another machine returned something else than a turn's results.</summary>
    public const string RemoteAnswerInvalid = nameof(RemoteAnswerInvalid);

    /// <summary>A session on another machine can't run the module.</summary>
    public const string SessionUnusable = nameof(SessionUnusable);

    /// <summary>There is no engine of sweeps of that name.</summary>
    public const string EngineUnknown = nameof(EngineUnknown);

    /// <summary>An engine of sweeps has no option of that name.</summary>
    public const string EngineOptionUnknown = nameof(EngineOptionUnknown);

    /// <summary>An option of an engine of sweeps is outside its range or of the wrong type.</summary>
    public const string EngineOptionInvalid = nameof(EngineOptionInvalid);

    /// <summary>Slurm's commands aren't on this machine.</summary>
    public const string SlurmNotFound = nameof(SlurmNotFound);

    /// <summary>Slurm refuses the job.</summary>
    public const string SlurmRefused = nameof(SlurmRefused);

    /// <summary>Slurm doesn't answer.</summary>
    public const string SlurmUnreachable = nameof(SlurmUnreachable);

    /// <summary>Slurm's answer can't be read.</summary>
    public const string SlurmAnswerUnknown = nameof(SlurmAnswerUnknown);

    /// <summary>The job of a sweep was cancelled.</summary>
    public const string SlurmCancelled = nameof(SlurmCancelled);

    /// <summary>The workers of a Slurm job end again and again.</summary>
    public const string SlurmWorkersFailed = nameof(SlurmWorkersFailed);

    // Native libraries.

    /// <summary>A native library can't be loaded.</summary>
    public const string NativeLibraryMissing = nameof(NativeLibraryMissing);

    /// <summary>libtorch isn't installed.</summary>
    public const string RuntimeNotInstalled = nameof(RuntimeNotInstalled);

    /// <summary>There is no libtorch for this system.</summary>
    public const string RuntimeNotPublished = nameof(RuntimeNotPublished);

    /// <summary>Another process is installing libtorch.</summary>
    public const string RuntimeBusy = nameof(RuntimeBusy);

    /// <summary>No source has the package of libtorch.</summary>
    public const string RuntimePackageNotFound = nameof(RuntimePackageNotFound);

    /// <summary>A package of libtorch is damaged.</summary>
    public const string RuntimePackageInvalid = nameof(RuntimePackageInvalid);

    /// <summary>NuGet's configuration gives no source to install from.</summary>
    public const string PackageSourcesInvalid = nameof(PackageSourcesInvalid);

    // Notebooks.

    /// <summary>A notebook doesn't exist.</summary>
    public const string NotebookNotFound = nameof(NotebookNotFound);

    /// <summary>A file isn't a notebook of format 4.</summary>
    public const string NotebookInvalid = nameof(NotebookInvalid);

    /// <summary>A cell of a notebook failed.</summary>
    public const string NotebookCellFailed = nameof(NotebookCellFailed);

    /// <summary>A cell of a notebook is in another language than PowerShell.</summary>
    public const string NotebookLanguageUnsupported = nameof(NotebookLanguageUnsupported);

    /// <summary>A notebook's parameter has a name that no variable can have.</summary>
    public const string ParameterNameInvalid = nameof(ParameterNameInvalid);

    /// <summary>A notebook that runs without a user asks for input.</summary>
    public const string InputUnavailable = nameof(InputUnavailable);

    /// <summary>A notebook kernel of that name is registered already.</summary>
    public const string KernelExists = nameof(KernelExists);

    /// <summary>Jupyter doesn't accept the name of a kernel.</summary>
    public const string KernelNameInvalid = nameof(KernelNameInvalid);

    /// <summary>No PowerShell was found that a notebook kernel can run in.</summary>
    public const string KernelProgramNotFound = nameof(KernelProgramNotFound);

    /// <summary>The connection file of a notebook kernel doesn't exist.</summary>
    public const string ConnectionFileNotFound = nameof(ConnectionFileNotFound);

    /// <summary>The connection file of a notebook kernel can't be read.</summary>
    public const string ConnectionFileInvalid = nameof(ConnectionFileInvalid);

    /// <summary>A notebook kernel is asked for a signature scheme that it doesn't have.</summary>
    public const string SignatureSchemeUnknown = nameof(SignatureSchemeUnknown);

    /// <summary>A notebook kernel can't listen on its address.</summary>
    public const string AddressUnusable = nameof(AddressUnusable);

    /// <summary>A port of a notebook kernel is in use.</summary>
    public const string PortInUse = nameof(PortInUse);
}
