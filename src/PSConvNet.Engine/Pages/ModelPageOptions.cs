namespace PSConvNet.Pages;

/// <summary>What a page to draw on says beside what its models do.</summary>
public sealed record ModelPageOptions
{
    /// <summary>As many mistakes of a model as anybody tries; each is a picture in the page.</summary>
    public const int MostMistakes = 200;

    /// <summary>The page's title, or null for one made of the models' names.</summary>
    public string? Title { get; init; }

    /// <summary>How many of each model's mistakes can be tried, the most confident first: 0 to <see cref="MostMistakes"/>.</summary>
    public int MistakeCount { get; init; } = 12;

    /// <summary>When the page was written; the moment it is made unless set.</summary>
    public DateTimeOffset? WrittenAt { get; init; }

    /// <summary>Refuses impossible combinations.</summary>
    /// <exception cref="ConvNetException"><c>PageOptionInvalid</c>.</exception>
    public void Validate()
    {
        if (MistakeCount is < 0 or > MostMistakes)
        {
            throw new ConvNetException(
                ErrorIds.PageOptionInvalid,
                ErrorKind.InvalidArgument,
                FormattableString.Invariant(
                    $"ModelPageOptions.MistakeCount is {MistakeCount}; it can be 0 to {MostMistakes}."
                ),
                MistakeCount
            );
        }
    }
}
