using System.Diagnostics;
using System.Management.Automation;
using PSConvNet.Module.Tests.Evaluation;
using PSConvNet.Module.Tests.Models;
using PSConvNet.Tests.Data;

namespace PSConvNet.Module.Tests.Data;

public sealed class ImportImageFolderTests : IClassFixture<SharedSession>, IDisposable
{
    private const string Name = "PSConvNet.Commands.ImportImageFolderCommand";

    private readonly TemporaryFolder _folder = new();
    private readonly PowerShellSession _session;

    public ImportImageFolderTests(SharedSession shared)
    {
        _session = shared.Session;
        _session.Runspace.SessionStateProxy.Path.SetLocation(_folder.Path);
        foreach (var set in (string[])["pets", "[odd] set"])
        foreach (var (name, level) in new[] { ("cats", 100), ("dogs", 200) })
            for (var i = 0; i < 5; i++)
                Write($"{set}/{name}/{i}.png", level + i);
    }

    public void Dispose()
    {
        _session.Runspace.SessionStateProxy.Path.SetLocation(Path.GetTempPath());
        _folder.Dispose();
    }

    [Theory]
    [InlineData("Import-ImageFolder pets")]
    [InlineData("Import-ImageFolder ./pets/")]
    [InlineData("Import-ImageFolder -Path p*s")]
    [InlineData("Import-ImageFolder (Join pets)")]
    [InlineData("Import-ImageFolder -LiteralPath pets")]
    [InlineData("[IO.DirectoryInfo] (Join pets) | Import-ImageFolder")]
    [InlineData("Import-ImageFolder \"Microsoft.PowerShell.Core\\FileSystem::$(Join pets)\"")]
    [InlineData("Import-ImageFolder pictures:pets")]
    [InlineData("Import-ImageFolder -LiteralPath pictures:/pets")]
    public void A_folder_is_named_as_PowerShell_names_them(string script)
    {
        var result = _session.Run(
            $$"""
            function Join($Name) { [IO.Path]::Combine($PWD.ProviderPath, $Name) }
            if (-not $ExecutionContext.SessionState.Drive.GetAll().Where({ $_.Name -eq 'pictures' })) {
                $files = $ExecutionContext.SessionState.Provider.GetOne('FileSystem')
                [void]$ExecutionContext.SessionState.Drive.New([Management.Automation.PSDriveInfo]::new('pictures', $files, $PWD.ProviderPath, '', $null), 'Global')
            }
            try {
                $data = {{script}}
                $data.Name; $data.Train.Count; $data.Test.Count; $data.Shape.ToString(); $data.ClassNames -join ','
            }
            finally { $ExecutionContext.SessionState.Drive.Remove('pictures', $true, 'Global') }
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal(["pets", 8, 2, "28 x 28 x 1", "cats,dogs"], result.Output.Select(o => o.BaseObject));
    }

    [Theory]
    [InlineData("-LiteralPath '[odd] set'")]
    [InlineData("-Path '`[odd`] set'")]
    public void Brackets_are_taken_literally_or_escaped(string path) =>
        Assert.Equal("[odd] set", _session.Run($"(Import-ImageFolder {path}).Name").Output.Single().BaseObject);

    [Fact]
    public void A_wildcard_means_folders_and_no_files()
    {
        _folder.Write("pets.zip", [1, 2, 3]);

        Assert.Equal("pets", _session.Run("(Import-ImageFolder pet*).Name").Output.Single().BaseObject);
    }

    [Fact]
    public void Several_folders_come_through_the_pipeline()
    {
        var result = _session.Run(
            "'pets', '[odd] set' | ForEach-Object { [pscustomobject]@{ PSPath = $_ } } | Import-ImageFolder | ForEach-Object Name"
        );

        Assert.Equal(["pets", "[odd] set"], result.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void Size_colour_inversion_and_the_split_are_as_asked()
    {
        var result = _session.Run(
            """
            $a = Import-ImageFolder pets -Size 12 -TestSplit 0
            $b = Import-ImageFolder pets -Size 6,10 -Color -Invert -TestSplit 0.4 -Seed 3
            $c = Import-ImageFolder pets -TestPath '`[odd`] set' -First 3
            $a.Shape.ToString(); $a.Test.Count; $a.Train.GetImage(7).ToArray()[0]
            $b.Shape.ToString(); $b.Test.Count; $b.Train.GetImage(0).ToArray()[0] -in 151..155; $b.Source
            $c.Train.Count; $c.Test.Count; $c.Train.Labels.ToArray() -join ','; $c.Source
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal(
            [
                "12 x 12 x 1",
                0,
                (byte)202,
                "6 x 10 x 3",
                4,
                true,
                $"{In("pets")}, 4 held out with seed 3",
                3,
                3,
                "0,0,1",
                $"{In("pets")}, tested on {In("[odd] set")}",
            ],
            result.Output.Select(o => o.BaseObject)
        );
    }

    [Fact]
    public void A_set_prints_as_a_short_table()
    {
        var lines = Screen.Show($"Import-ImageFolder '{In("pets")}' -TestSplit 0");

        Assert.Equal(["pets", "10", "0", "28", "x", "28", "x", "1", "2", In("pets")], Screen.Words(lines[2]));
    }

    [Fact]
    public void A_model_takes_it_as_it_is_and_with_a_dimension_more()
    {
        var result = _session.Run(
            """
            $data = Import-ImageFolder pets
            $model = New-FlattenLayer | New-DenseLayer 2 -Activation Softmax | New-Model 28,28,1
            ($model | Invoke-Training -Data $data -Epochs 1 -Quiet).Status.ToString()
            ($model | Invoke-Training -Data ($data | Expand-Dimension) -Epochs 1 -Quiet).Status.ToString()
            (Invoke-Prediction $model -Path pets/dogs/0.png).ClassName -in 'cats', 'dogs'
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal(["Completed", "Completed", true], result.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void Pictures_passed_over_are_one_warning()
    {
        _folder.Write("pets/cats/IMG_1.HEIC", [0]);
        _folder.Write("pets/dogs/scan.tiff", [0]);

        var result = _session.Run("(Import-ImageFolder pets -TestSplit 0).Train.Count");

        Assert.Empty(result.Errors);
        Assert.Equal([10], result.Output.Select(o => o.BaseObject));
        Assert.Contains("skipped 1 .heic and 1 .tiff files", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_picture_is_an_error_and_the_others_go_on()
    {
        var bad = _folder.Write("pets/cats/2.png", "no picture"u8.ToArray());

        var result = _session.Run("(Import-ImageFolder pets -TestSplit 0 -Verbose).Train.Count; 'after'");

        Assert.Equal([9, "after"], result.Output.Select(o => o.BaseObject));
        var error = Assert.Single(result.Errors);
        Assert.Equal($"ImageFileInvalid,{Name}", error.FullyQualifiedErrorId);
        Assert.Equal((ErrorCategory.InvalidData, bad), (error.CategoryInfo.Category, error.TargetObject));
        Assert.Contains(result.Verbose, t => t.Contains("left out 1 that can't be read", StringComparison.Ordinal));
    }

    [Fact]
    public void ErrorAction_says_whether_a_damaged_picture_ends_it_or_passes_in_silence()
    {
        _folder.Write("pets/cats/2.png", "no picture"u8.ToArray());
        _folder.Write("pets/dogs/3.png", []);

        var result = _session.Run(
            """
            (Import-ImageFolder pets -TestSplit 0 -ErrorAction SilentlyContinue -ErrorVariable unread).Train.Count
            $unread.Count
            (Import-ImageFolder pets -TestSplit 0 -ErrorAction Ignore).Train.Count
            try { Import-ImageFolder pets -ErrorAction Stop; 'no' } catch { $_.FullyQualifiedErrorId; $_.TargetObject }
            """
        );

        Assert.Equal(
            [8, 2, 8, $"ImageFileInvalid,{Name}", In("pets/cats/2.png")],
            result.Output.Select(o => o.BaseObject)
        );
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void What_is_passed_over_is_told_in_verbose_and_what_is_odd_in_warnings()
    {
        _folder.Write("pets/cats/Thumbs.db", [1]);
        _folder.Write("one/only/1.png", GreyPng.Encode([1], 1, 1));

        var result = _session.Run(
            "$null = Import-ImageFolder pets -Verbose; $null = Import-ImageFolder one -TestSplit 0; $null = Import-ImageFolder pets -TestSplit 0.1"
        );

        Assert.Contains(result.Verbose, t => t.Contains("skipped 1 other file.", StringComparison.Ordinal));
        Assert.Contains(
            result.Verbose,
            t => t.StartsWith("Read 8 training and 2 test images", StringComparison.Ordinal)
        );
        Assert.Collection(
            result.Warnings,
            one => Assert.Contains("has only one class, only", one, StringComparison.Ordinal),
            none => Assert.Matches("^pets has no test pictures of '(cats|dogs)': ", none)
        );
    }

    [Theory]
    [InlineData("missing", "PathNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("missing*", "PathNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("-LiteralPath missing", "FolderNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("-LiteralPath 'p*s'", "FolderNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("'[odd] set'", "PathNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("'[odd'", "PathNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("nodrive:pets", "PathNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("-LiteralPath nodrive:pets", "PathNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Env:", "PathNotOfFileSystem", ErrorCategory.InvalidArgument)]
    [InlineData("-LiteralPath Function:/help", "PathNotOfFileSystem", ErrorCategory.InvalidArgument)]
    [InlineData("pets/cats/0.png", "FolderNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("pets -TestPath missing", "PathNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("*", "FolderAmbiguous", ErrorCategory.InvalidArgument)]
    [InlineData("pets/cats", "ClassFoldersMissing", ErrorCategory.InvalidData)]
    [InlineData(".", "FolderLayoutUnsupported", ErrorCategory.InvalidArgument, "train/x/1.png", "Test/x/1.png")]
    [InlineData("pets", "ClassEmpty", ErrorCategory.InvalidData, "pets/mice/readme.txt")]
    [InlineData("pets -TestPath other", "ClassUnknown", ErrorCategory.InvalidData, "other/mice/1.png")]
    [InlineData("pets -TestPath pets", "FoldersOverlap", ErrorCategory.InvalidArgument)]
    [InlineData("pets -Size 1,2,3", "SizeOutOfRange", ErrorCategory.InvalidArgument)]
    [InlineData("pets -Size $null", "SizeOutOfRange", ErrorCategory.InvalidArgument)]
    [InlineData("pets -Size 0", "SizeOutOfRange", ErrorCategory.InvalidArgument)]
    [InlineData("pets -Size 28,99999", "SizeOutOfRange", ErrorCategory.InvalidArgument)]
    [InlineData("pets -TestSplit 1", "FractionOutOfRange", ErrorCategory.InvalidArgument)]
    [InlineData("pets -First 0", "FirstOutOfRange", ErrorCategory.InvalidArgument)]
    [InlineData("pets -TestSplit 0.01", "DatasetTooSmall", ErrorCategory.InvalidArgument)]
    public void What_makes_no_sense_is_refused(
        string arguments,
        string id,
        ErrorCategory category,
        params string[] files
    )
    {
        // The current folder itself: then what lies in it must be the files alone.
        if (arguments == ".")
            foreach (var folder in Directory.GetDirectories(_folder.Path))
                Directory.Delete(folder, recursive: true);
        foreach (var file in files)
            Write(file, 1);

        var error = _session.RunForError($"Import-ImageFolder {arguments}");

        ImportMnistTests.AssertError(error, id, category);
        Assert.EndsWith(".", error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_ways_of_naming_the_folder_exclude_each_other() =>
        Assert.StartsWith(
            "AmbiguousParameterSet",
            _session.RunForError("Import-ImageFolder -Path pets -LiteralPath pets").FullyQualifiedErrorId,
            StringComparison.Ordinal
        );

    [Fact]
    public void Progress_counts_images_and_is_taken_away()
    {
        var progress = _session.Run("$null = Import-ImageFolder pets").Progress;

        Assert.All(progress, r => Assert.Equal($"Reading {In("pets")}", r.Activity));
        Assert.Contains(progress, r => r.StatusDescription.EndsWith(" of 10 images", StringComparison.Ordinal));
        Assert.Equal(ProgressRecordType.Completed, progress[^1].RecordType);
    }

    [Fact]
    public void A_stop_ends_a_long_import_early_and_progress_is_no_storm()
    {
        // Five million pixels a picture, of one level: a small file that takes a while.
        var large = GreyPng.Encode(new byte[2500 * 2000], 2500, 2000);
        for (var i = 0; i < 400; i++)
            _folder.Write($"large/{i % 2}/{i}.png", large);
        using var shell = PowerShell.Create(_session.Runspace);
        shell.AddScript("Import-ImageFolder large");
        var clock = Stopwatch.StartNew();
        var running = shell.BeginInvoke();
        while (shell.Streams.Progress.Count < 3 && !running.IsCompleted && clock.Elapsed.TotalSeconds < 60)
            Thread.Sleep(10);
        var (shown, seconds) = (shell.Streams.Progress.Count, clock.Elapsed.TotalSeconds);
        Assert.False(running.IsCompleted, "it was over before it could be stopped");

        shell.Stop();

        Assert.InRange(shell.Streams.Progress[^1].PercentComplete, 0, 99);
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        Assert.Empty(shell.Streams.Error);
        Assert.InRange(shown, 3, 5 * seconds + 2);
        // The session goes on.
        Assert.Equal(8, _session.Run("(Import-ImageFolder pets).Train.Count").Output.Single().BaseObject);
    }

    private string In(string name) => Path.Combine(_folder.Path, name.Replace('/', Path.DirectorySeparatorChar));

    private void Write(string name, int level) => _folder.Write(name, GreyPng.Encode([(byte)level], 1, 1));
}
