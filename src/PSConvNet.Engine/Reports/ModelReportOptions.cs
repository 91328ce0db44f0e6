namespace PSConvNet.Reports;

/// <summary>What a report says beside what it measures.</summary>
public sealed record ModelReportOptions
{
    /// <summary>As many mistakes as anybody looks at; each is a picture in the page.</summary>
    public const int MostMistakes = 200;

    /// <summary>The page's title, or null for one made of the models' names.</summary>
    public string? Title { get; init; }

    /// <summary>What the author wants to say, shown below the title; an empty line begins a new paragraph. Or null.</summary>
    public string? Note { get; init; }

    /// <summary>How many of each model's mistakes are shown, the most confident first: 0 to <see cref="MostMistakes"/>.</summary>
    public int MistakeCount { get; init; } = 24;

    /// <summary>When the report was written; the moment it is made unless set.</summary>
    public DateTimeOffset? WrittenAt { get; init; }

    /// <summary>The file's name, for the script that makes the same report again.</summary>
    public string FileName { get; init; } = "report.html";

    /// <summary>Refuses impossible combinations.</summary>
    /// <exception cref="ConvNetException"><c>ReportOptionInvalid</c>.</exception>
    public void Validate()
    {
        if (MistakeCount is < 0 or > MostMistakes)
        {
            throw new ConvNetException(
                ErrorIds.ReportOptionInvalid,
                ErrorKind.InvalidArgument,
                FormattableString.Invariant(
                    $"ModelReportOptions.MistakeCount is {MistakeCount}; it can be 0 to {MostMistakes}."
                ),
                MistakeCount
            );
        }
    }
}
