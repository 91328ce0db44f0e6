namespace PSConvNet.Tests.Files;

public class ShortFileTests
{
    // Its length is said to be 4096, and it gives a handful of digits.
    private const string Short = "/sys/kernel/uevent_seqnum";

    [SkippableFact]
    public void A_file_that_gives_fewer_bytes_than_its_length_says_is_no_model()
    {
        Skip.IfNot(File.Exists(Short), $"this system has no {Short}, a file that is shorter than its length");

        Assert.Equal("ModelFileInvalid", Assert.Throws<ConvNetException>(() => ModelFile.Load(Short)).ErrorId);
        Assert.Equal("ModelFileInvalid", Assert.Throws<ConvNetException>(() => ModelFile.ReadSummary(Short)).ErrorId);
    }

    [Fact]
    public void A_file_that_was_being_written_is_called_what_was_asked_for() =>
        Assert.Equal(
            "No space left on device : '/a/best.psconvnet'.",
            WholeFile.WithoutParts($"No space left on device : '{WholeFile.NewPart("/a/best.psconvnet")}'.")
        );
}
