using System.Management.Automation;
using PSConvNet.Tests.Data;

namespace PSConvNet.Module.Tests.Data;

public sealed class ImportMnistTests : IDisposable
{
    private readonly PowerShellSession _session = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [SkippableFact]
    public void The_real_digits_come_from_a_path_and_may_be_cut_short()
    {
        Repository.RequireMnist();

        var result = _session.Run(
            $"$d = Import-Mnist -Path '{Repository.SharedMnist}' -First 12000 -Verbose; $d.Train.Count; $d.Test.Count; $d.Name; $d.Shape.ToString()"
        );

        Assert.Equal(["12000", "10000", "Digits", "28 x 28"], result.Output.Select(o => o.ToString()));
        Assert.Contains(result.Verbose, text => text.Contains("checked its SHA-256", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void A_path_follows_the_current_location_and_may_be_the_parent_folder()
    {
        Repository.RequireMnist();
        var parent = Path.GetDirectoryName(Repository.SharedMnist);

        var result = _session.Run(
            $"[void]$ExecutionContext.SessionState.Path.SetLocation('{Path.GetDirectoryName(parent)}'); (Import-Mnist Digits './{Path.GetFileName(parent)}').Source"
        );

        Assert.Equal(Repository.SharedMnist, result.Output.Single().ToString());
    }

    [Fact]
    public void A_folder_without_the_files_is_refused()
    {
        var error = _session.RunForError($"Import-Mnist -Path '{_folder.Path}'");

        AssertError(error, "DatasetNotFound", ErrorCategory.ObjectNotFound);
        Assert.Contains(_folder.Path, error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("train-images-idx3-ubyte", error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_is_named_with_what_was_expected_and_found()
    {
        WriteSet(images: IdxBytes.Images(3)[..100]);

        var error = _session.RunForError($"Import-Mnist -Path '{_folder.Path}'");

        AssertError(error, "IdxFileInvalid", ErrorCategory.InvalidData);
        Assert.Equal(Path.Combine(_folder.Path, "train-images-idx3-ubyte"), error.TargetObject);
        Assert.Contains("expected 2352 bytes", error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("found 84", error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_not_the_published_ones_are_refused()
    {
        WriteSet(IdxBytes.Images(3));

        var error = _session.RunForError($"Import-Mnist -Path '{_folder.Path}'");

        AssertError(error, "DatasetHashMismatch", ErrorCategory.InvalidData);
    }

    [Theory]
    [InlineData("Import-Mnist -First 0", "FirstOutOfRange")]
    [InlineData("Import-Mnist Synthetic -First -1", "FirstOutOfRange")]
    [InlineData("Import-Mnist -Seed 3", "ParameterNotApplicable")]
    [InlineData("Import-Mnist Synthetic -Force", "ParameterNotApplicable")]
    [InlineData("Import-Mnist Synthetic -Path .", "ParameterNotApplicable")]
    public void Settings_that_make_no_sense_are_refused(string script, string errorId) =>
        AssertError(_session.RunForError(script), errorId, ErrorCategory.InvalidArgument);

    [Theory]
    [InlineData("Import-Mnist Numbers", "ParameterArgumentTransformationError")]
    [InlineData("Import-Mnist -Path . -Force", "AmbiguousParameterSet")]
    public void PowerShell_itself_refuses_the_rest(string script, string errorId) =>
        Assert.StartsWith(errorId, _session.RunForError(script).FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public void Synthetic_digits_need_no_files_and_follow_their_seed()
    {
        var result = _session.Run(
            """
            $a = Import-Mnist Synthetic -First 50
            $b = Import-Mnist Synthetic -First 50 -Seed 1
            $c = Import-Mnist Synthetic -First 50 -Seed 2
            [Linq.Enumerable]::SequenceEqual($a.Train.Pixels.ToArray(), $b.Train.Pixels.ToArray())
            [Linq.Enumerable]::SequenceEqual($a.Train.Pixels.ToArray(), $c.Train.Pixels.ToArray())
            $c.Source
            """
        );

        Assert.Equal([true, false, "synthetic, seed 2"], result.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void Names_complete()
    {
        const string text = "Import-Mnist -Name ";
        using var shell = PowerShell.Create(_session.Runspace);

        var completion = CommandCompletion.CompleteInput(text, text.Length, null, shell);

        Assert.Equal(
            ["Digits", "Fashion", "Kuzushiji", "Synthetic"],
            completion.CompletionMatches.Select(m => m.CompletionText).Order(StringComparer.Ordinal)
        );
    }

    internal static void AssertError(ErrorRecord error, string id, ErrorCategory category)
    {
        Assert.StartsWith(id + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(category, error.CategoryInfo.Category);
    }

    private void WriteSet(byte[] images)
    {
        _folder.Write("train-images-idx3-ubyte", images);
        _folder.Write("train-labels-idx1-ubyte", IdxBytes.Labels(3));
        _folder.Write("t10k-images-idx3-ubyte", IdxBytes.Images(3));
        _folder.Write("t10k-labels-idx1-ubyte", IdxBytes.Labels(3));
    }
}
