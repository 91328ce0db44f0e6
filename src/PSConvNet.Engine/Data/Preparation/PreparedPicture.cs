namespace PSConvNet.Data;

/// <summary>What was made of a picture.</summary>
/// <param name="Objects">The samples, in reading order; one where the picture wasn't to be split. None where nothing was found on a sheet to split.</param>
/// <param name="Doubts">What is odd about the picture, each with what to do about it.</param>
/// <param name="Steps">What each step made of it; empty where steps were not to be kept.</param>
public sealed record PreparedPicture(
    IReadOnlyList<PreparedObject> Objects,
    IReadOnlyList<PictureDoubt> Doubts,
    IReadOnlyList<PreparationStep> Steps
)
{
    /// <summary>Whether its ink was found to be lighter than its paper.</summary>
    public bool IsLightOnDark { get; init; }
}

/// <summary>One object of a picture: a digit.</summary>
/// <param name="Sample">The sample for a network.</param>
/// <param name="Box">Where the object lies, in pixels of the picture as it was; null where there is nothing.</param>
/// <param name="Line">Its line on the sheet, from 1.</param>
public sealed record PreparedObject(ImageSample Sample, PixelBox? Box, int Line);

/// <summary>A step of the preparation.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Image">The picture after it.</param>
public sealed record PreparationStep(string Name, ImageSample Image);

/// <summary>What may be odd about a picture.</summary>
public enum PictureDoubt
{
    /// <summary>There is nothing on the paper.</summary>
    Blank,

    /// <summary>There are several objects, and one was asked for.</summary>
    SeveralObjects,

    /// <summary>There is so much that no object stands out.</summary>
    Texture,

    /// <summary>Objects seem to touch, and it isn't sure where one ends.</summary>
    Touching,

    /// <summary>A band or a fold across the picture stands out, and no digit.</summary>
    Band,

    /// <summary>What was found has hardly an edge, or is hardly darker than the paper.</summary>
    Unclear,
}
