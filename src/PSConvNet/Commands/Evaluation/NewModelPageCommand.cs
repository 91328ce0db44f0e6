using System.Management.Automation;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Writes a page to draw on: one HTML file in which models answer while you draw, on a computer or a phone.</summary>
/// <seealso cref="ShowModelPageCommand" />
/// <seealso cref="NewModelReportCommand" />
/// <remarks>
/// <para>
/// The models run in the reader's browser. The page is one file, uses no network connection, and stores nothing. Draw with a mouse, a finger or
/// the keyboard, or open, drop or paste a picture: the page shows what the networks see, the probability of every class, for several
/// models side by side, and the feature maps of any layer. With -Data the reader can try the test images that a model gets most wrong.
/// </para>
/// <para>
/// Takes training runs, models, or the trials that Invoke-Sweep returns. All layers of this module run in the page. Its probabilities are those of
/// the model to a thousandth: weights are rounded to 14 to 16 bits only if the answers stay the same. The tutorial's two networks take
/// 4.5 MB. A model needs images of 1 channel (grey) or 3 (colour) and a number for each class as its output.
/// </para>
/// <para>
/// An existing file is replaced only with -Force.
/// </para>
/// <para>
/// Errors: PageInputInvalid (neither model, run nor trial), TrialModelMissing, ModelFileInvalid (the others continue), PageEmpty,
/// PageModelUnsupported, PageOptionInvalid, ParameterNotApplicable, PageFormatUnsupported, FileExists, PathInvalid (a folder), PathNotFound (no such
/// drive), PathNotOfFileSystem, FileNotWritten, DataShapeMismatch, ClassUnknown, ClassCountMismatch, PredictionsInvalid, ModelBusy,
/// NativeLibraryMissing; of trials StudyNotFound, StudyInvalid, FileNotReadable. With any of them but the first three, no file is written.
/// </para>
/// </remarks>
/// <example>
/// <para>Shows two networks side by side, with the digits that they get wrong.</para>
/// <code>$digits = Import-Mnist -First 500 | Expand-Dimension
/// $conv = New-ConvLayer 8 -Activation ReLU | New-MaxPoolLayer 2 | New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name conv
/// $dense = New-FlattenLayer | New-DenseLayer 64 -Activation ReLU | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name dense
/// $runs = $conv, $dense | Invoke-Training -Data $digits -Epochs 2
/// $runs | New-ModelPage -Path draw.html -Data $digits</code>
/// </example>
/// <example>
/// <para>Shows one network, with a title of your own.</para>
/// <code>New-ModelPage $conv mine.html -Title 'Can it read my writing?'</code>
/// </example>
[Cmdlet(VerbsCommon.New, "ModelPage", SupportsShouldProcess = true, HelpUri = HelpPages.Address + "New-ModelPage.md")]
[OutputType(typeof(FileInfo))]
public sealed class NewModelPageCommand : ModelPageCommand
{
    /// <summary>The page to write; its name ends in .html or .htm.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public string Path { get; set; } = null!;

    /// <summary>Replaces an existing file.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc />
    private protected override void Give()
    {
        var file = this.TargetPage(Path, Force, ErrorIds.PageFormatUnsupported, "What is drawn on");
        var options = Options();
        if (!ShouldProcess(file, $"Write a page to draw on for {Subject}"))
            return;
        Create(options).Save(file);
        this.WriteFile(file);
    }
}
