namespace PSConvNet.Completion;

/// <summary>Completes <c>-Padding</c> with its two words; a number is the third possibility.</summary>
public sealed class PaddingCompleter()
    : SpecNameCompleter(
        [nameof(Padding.Valid), nameof(Padding.Same)],
        name =>
            name == nameof(Padding.Same)
                ? "As much padding as keeps the image's size, divided by the stride."
                : "No padding: the window stays inside the image."
    );
