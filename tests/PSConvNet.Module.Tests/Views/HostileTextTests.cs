using System.Globalization;
using System.Text;

namespace PSConvNet.Module.Tests.Views;

/// <summary>Names of strangers in everything that the module emits, however it is printed.</summary>
public sealed class HostileTextTests(HostileFixture made) : IClassFixture<HostileFixture>
{
    // These have no text from outside: settings, numbers, and names that the program gives.
    private static readonly string[] s_ownTexts =
    [
        "PSConvNet.Data.ImagePreparation",
        "PSConvNet.Data.Augmentation",
        "PSConvNet.Data.PixelStatistics",
        "PSConvNet.Training.LearningRatePoint",
        "PSConvNet.Training.EpochRecord",
        "PSConvNet.Shape",
        "Optimizer",
        "Schedule",
    ];

    public static TheoryData<string, string> Characters =>
        new()
        {
            { "\u001b", "escape" },
            { "\u0007", "bell" },
            { "\b", "backspace" },
            { "\r", "carriage return" },
            { "\u007f", "delete" },
            { "\u009b", "control sequence introducer" },
            { "\u0085", "next line" },
            { "\u00ad", "soft hyphen" },
            { "\u061c", "Arabic letter mark" },
            { "\u200b", "zero width space" },
            { "\u200e", "left-to-right mark" },
            { "\u200f", "right-to-left mark" },
            { "\u2028", "line separator" },
            { "\u2029", "paragraph separator" },
            { "\u202e", "right-to-left override" },
            { "\u2060", "word joiner" },
            { "\u2066", "left-to-right isolate" },
            { "\ufeff", "byte order mark" },
            { "\U000e0041", "tag" },
        };

    [Theory]
    [MemberData(nameof(Characters))]
    public void No_emitted_object_prints_it(string character, string name)
    {
        Assert.Contains(character, HostileFixture.Name, StringComparison.Ordinal);
        var found = made
            .Printed.Where(one => Plain(one.Text).Contains(character, StringComparison.Ordinal))
            .Select(one => $"{one.TypeName} by {one.How}")
            .Distinct()
            .ToList();
        Assert.True(found.Count == 0, $"{name}: {string.Join(", ", found)}");
    }

    [Fact]
    public void No_name_begins_a_line_of_its_own() =>
        Assert.DoesNotContain(made.Printed, one => one.Text.Contains("\nINJECTED", StringComparison.Ordinal));

    [Fact]
    public void The_names_are_there_with_signs() =>
        Assert.All(
            made.Printed.Where(one =>
                one.TypeName is "PSConvNet.Evaluation.Prediction" or "PSConvNet.Sweeps.SweepTrial"
            ),
            one => Assert.Contains("\u241b", one.Text, StringComparison.Ordinal)
        );

    [Fact]
    public void Every_emitted_type_that_has_texts_from_outside_is_tried()
    {
        using var views = new ViewFixture();
        var tried = made.Printed.Select(one => one.TypeName).ToHashSet(StringComparer.Ordinal);
        var missing = views
            .EmittedTypes()
            .Except(tried)
            .Where(name => !s_ownTexts.Any(own => name.EndsWith(own, StringComparison.Ordinal)))
            .ToList();
        Assert.True(missing.Count == 0, string.Join(", ", missing));
    }

    [Fact]
    public void A_file_with_such_a_name_is_still_found_by_the_answer_to_it()
    {
        Assert.True(File.Exists(made.AnswerPath));
        Assert.Contains("\u001b", made.AnswerPath, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_warnings_and_their_categories_are_printable_and_short()
    {
        Assert.True(made.Messages.Count > 8);
        Assert.All(
            made.Messages,
            message =>
            {
                Assert.DoesNotContain(Plain(message).EnumerateRunes(), IsHidden);
                Assert.InRange(message.Length, 10, 2000);
            }
        );
    }

    /// <summary>The text without what PowerShell itself writes: the ends of lines.</summary>
    private static string Plain(string text) =>
        text.Replace(Environment.NewLine, "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);

    private static bool IsHidden(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;
}

/// <summary>Objects whose names hold everything that a terminal obeys, each printed in every way.</summary>
public sealed class HostileFixture : IDisposable
{
    /// <summary>A name that a file, a folder and a model may have on Linux.</summary>
    public const string Name =
        "a\u001b]0;b\u0007\b\r\nINJECTED\u007f\u009b\u0085\u00ad\u061c\u200b\u200e\u200f\u2028\u2029\u202e\u2060\u2066\ufeff\U000e0041z";

    private readonly PowerShellSession _session = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("psconvnet-");

    public HostileFixture()
    {
        var proxy = _session.Runspace.SessionStateProxy;
        // Windows has no such names of files.
        proxy.SetVariable("file", OperatingSystem.IsWindows() ? "a\u200e\u202ez" : Name);
        proxy.SetVariable("name", Name);
        proxy.SetVariable("long", string.Concat(Enumerable.Repeat("a name ", 2000)) + Name);
        proxy.SetVariable("folder", _folder.FullName);
        var objects = _session.Run(
            """
            $PSStyle.OutputRendering = 'PlainText'
            $source = Import-Mnist -Name Synthetic -First 20 | Expand-Dimension
            $root = Join-Path $folder $file
            foreach ($class in "0$file", "1$file") {
                $null = [IO.Directory]::CreateDirectory((Join-Path $root $class))
                foreach ($i in 0..3) {
                    Show-Image $source -Index ($i + 4 * [int]$class[0].ToString()) -Path (Join-Path $folder p.png) -Force | Out-Null
                    [IO.File]::Copy((Join-Path $folder p.png), (Join-Path $root $class "$i$file.png"))
                }
            }
            $data = Import-ImageFolder -LiteralPath $root -Size 28 -TestSplit 0.25 -WarningAction Ignore
            $data; $data.Train
            $measured = Measure-Dataset $data
            $measured; $measured | ForEach-Object Classes
            $model = New-ConvLayer 2 -Name $name | New-ResidualBlock { New-ConvLayer 2 -Padding Same -Name $name } |
                New-FlattenLayer | New-DenseLayer 2 -Activation Softmax -Name "d$name" | New-Model ($data.Shape.Dimensions) -Name $name
            $model; $model.Layers
            New-MaxPoolLayer -Name $name; New-AveragePoolLayer -Name $name; New-GlobalPoolLayer -Name $name; New-DropoutLayer 0.25 -Name $name
            New-BatchNormLayer -Name $name; New-ActivationLayer ReLU -Name $name; New-LayerNormLayer -Name $name; New-SeparableConvLayer 2 -Name $name
            Get-ModelSummary $model; (Get-ModelSummary $model).Layers
            Get-ModelSummary $model -Plan; (Get-ModelSummary $model -Plan).Steps; (Get-ModelSummary $model -Plan).Rules
            Show-Model $model
            $run = $model | Invoke-Training -Data $data -Epochs 1 -BatchSize 4 -Quiet -WarningAction Ignore
            $run
            $curve = Copy-Model $model -Reset | Find-LearningRate -Data $data -BatchSize 4 -Steps 10 -WarningAction Ignore
            $curve
            Show-TrainingCurve $run; Show-TrainingCurve $curve
            $metrics = Measure-Model $model $data
            $metrics; $metrics.Classes
            Compare-Model $run -Data $data
            Show-ConfusionMatrix $metrics; Show-Filter $model; Show-Activation $model $data -WarningAction Ignore
            $data | Show-Image -Count 2
            $answers = @(Invoke-Prediction $model -LiteralPath (Join-Path $root "0$file" "0$file.png"), (Join-Path $root "0$file" "1$file.png") -WarningAction Ignore)
            $answers[0]; Invoke-Prediction $model $data | Select-Object -First 1
            $sheet = [psobject]::new($answers[1].PSObject.BaseObject)
            $sheet.Line = 1; $sheet.Text = '42'
            $sheet.PSTypeNames.Insert(0, 'PSConvNet.Evaluation.Prediction#Split')
            $sheet
            [PSConvNet.Pages.ModelPage]::Create([PSConvNet.Models.Model[]]$model, $null, $null, $null, [Threading.CancellationToken]::None)
            $space = New-SweepSpace -Choice @{ Units = 4, 8; Kind = 'a', 'b' }
            $space
            [PSConvNet.Sweeps.SweepTrial[]]$trials = foreach ($id in 0..5) {
                $point = [Collections.Generic.Dictionary[string, object]]::new()
                $point['Units'] = 4 + 4 * ($id % 2); $point['Kind'] = $name -replace '\r\n'
                [PSConvNet.Sweeps.SweepTrial]@{
                    Id = [PSConvNet.Sweeps.TrialId]::new($id, 0); State = 'Completed'; Parameters = [PSConvNet.Sweeps.SweepPoint]::new($point); Seed = 1
                    PlannedEpochs = 2; StartedAt = [datetimeoffset]'2026-01-01'; Value = 0.9123 + $id / 100; Seconds = 12.34; Machine = $name
                    ErrorId = $name; Reason = $name; Study = $root; ModelPath = "$root/models/00000.psconvnet"; History = $run.History
                }
            }
            $trials[0]
            [PSConvNet.Drawing.SweepHistory]::new($space, $trials, 'Accuracy', $name)
            [PSConvNet.Drawing.ParallelCoordinates]::new($space, $trials, 'Accuracy', $name)
            [PSConvNet.Sweeps.SweepTrial[]]$plain = foreach ($trial in $trials) {
                $point = [Collections.Generic.Dictionary[string, object]]::new()
                $point['Units'] = $trial.Parameters['Units']
                [PSConvNet.Sweeps.SweepTrial]@{
                    Id = $trial.Id; State = 'Completed'; Parameters = [PSConvNet.Sweeps.SweepPoint]::new($point); Seed = 1; Value = $trial.Value
                    PlannedEpochs = 2; StartedAt = $trial.StartedAt; History = $run.History
                }
            }
            [PSConvNet.Drawing.ParameterImportance]::new((New-SweepSpace -Choice @{ Units = 4, 8 }), $plain, 'Accuracy', $name)
            [PSConvNet.Drawing.SweepRungs]::new($space, $trials, 'Accuracy', $name)
            [PSConvNet.NotebookKernel]::new('psconvnet', $name, $root, $root)
            [PSConvNet.NotebookRun]::new("$root/in.ipynb", "$root/out.ipynb", 3, 1.25, [object[]](1, 2))
            [PSConvNet.Installation.InstalledRuntime] @{
                Version = '2.10.0'; RuntimeIdentifier = 'linux-x64'; Package = $name; Size = 463000000; Source = $name; Folder = $root
            }
            $environment = Get-ConvNetEnvironment
            $environment
            [PSConvNet.Runtime.LoadedLibrary]::new('libtorch.so', $root)
            """
        );
        Assert.Empty(objects.Errors);
        proxy.SetVariable("items", objects.Output.ToArray());
        var texts = _session.Run(
            """
            foreach ($item in $items) {
                $item | Out-String -Width 80
                $item | Format-List * | Out-String -Width 80
                ConvertTo-Json -InputObject $item -Depth 6 -WarningAction Ignore
                $copy = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($item, 1))
                $copy | Out-String -Width 80
                "$item"
                ($item | ConvertTo-Csv) -join "`n"
            }
            """
        );
        Assert.Empty(texts.Errors);
        string[] how = ["Out-String", "Format-List", "ConvertTo-Json", "a copy", "its text", "ConvertTo-Csv"];
        Printed =
        [
            .. texts.Output.Select(
                (text, i) => (objects.Output[i / how.Length].TypeNames[0], how[i % how.Length], text.ToString())
            ),
        ];
        AnswerPath = _session.Run("$answers[0].GetPath()").Output.Single().ToString();
        Messages = Told();
    }

    /// <summary>What each object looks like: its type, the way of printing it, the text.</summary>
    public IReadOnlyList<(string TypeName, string How, string Text)> Printed { get; }

    /// <summary>Messages about such names.</summary>
    public IReadOnlyList<string> Messages { get; }

    /// <summary>The path that an answer gives on request.</summary>
    public string AnswerPath { get; }

    public void Dispose()
    {
        _session.Dispose();
        _folder.Delete(recursive: true);
    }

    private List<string> Told()
    {
        string[] scripts =
        [
            "Import-Model -LiteralPath (Join-Path $folder $name)",
            "Import-Model -LiteralPath (Join-Path $folder $long)",
            "Import-ImageFolder -LiteralPath (Join-Path $folder ($name + 1))",
            "Import-Mnist -LiteralPath (Join-Path $folder $name)",
            "Show-Filter $model -Layer $long",
            "Set-Content (Join-Path $folder text.psconvnet) $long; Import-Model (Join-Path $folder text.psconvnet)",
            "Invoke-Prediction $model -LiteralPath (Join-Path $root $name)",
            "Invoke-Prediction $model -LiteralPath $root",
            "New-Optimizer $long",
            "Get-SweepTrial -Study (Join-Path $folder $long)",
            "Resume-Training -CheckpointPath $root -Data $data",
            "New-FlattenLayer | New-DenseLayer 10 -Name $long | New-DenseLayer 10 -Name $long | New-Model 28,28,1",
            "$model | Invoke-Training -Data $data -Frozen $long -Quiet",
            "$model | Invoke-Training -Data $data -ClassWeight @{ $long = 2 } -Quiet",
            "$data | Show-Image -Class $long",
            "Invoke-Notebook -LiteralPath (Join-Path $folder $name)",
        ];
        return
        [
            .. scripts
                .Select(_session.RunForError)
                .SelectMany(error =>
                    new[] { error.Exception.Message, error.ToString(), error.CategoryInfo.ToString() }
                ),
        ];
    }
}
