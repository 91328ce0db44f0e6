namespace PSConvNet.Data;

/// <summary>Gathers what is odd about pictures that were prepared: a sentence for each oddity, however many pictures have it.</summary>
public sealed class PreparationDoubts
{
    private readonly SortedDictionary<PictureDoubt, List<string>> _pictures = [];

    /// <summary>Adds what is odd about a picture.</summary>
    /// <param name="doubt">What it is.</param>
    /// <param name="picture">The picture's path.</param>
    public void Add(PictureDoubt doubt, string picture)
    {
        if (!_pictures.TryGetValue(doubt, out var pictures))
            _pictures[doubt] = pictures = [];
        pictures.Add(Path.GetFileName(picture));
    }

    /// <summary>The sentences.</summary>
    public IEnumerable<string> Sentences() =>
        _pictures.Select(pair => $"{PrintableText.Names(pair.Value)}: {Sentence(pair.Key)}");

    private static string Sentence(PictureDoubt doubt) =>
        doubt switch
        {
            PictureDoubt.Blank =>
                "nothing can be seen on the paper. Take a picture with more contrast, or look at the steps with PreparedPicture.Steps.",
            PictureDoubt.SeveralObjects =>
                "there are several objects, and the answer is for the largest. Use split: true to get an answer for each, or crop the picture to one.",
            PictureDoubt.Texture =>
                "the picture is full of texture and no object stands out, so the answer is unreliable. Take a picture of one digit on plain paper.",
            PictureDoubt.Band =>
                "a band across the picture was taken for ink, perhaps a shadow, a fold or an edge of the paper, so the answer is unreliable. Take a picture of one digit on paper that is lit evenly.",
            PictureDoubt.Unclear =>
                "what was taken for ink is hardly darker than the paper or has no clear edge, as the shading and grain of an empty sheet, so the answer is unreliable. Take a picture of one digit, written more strongly, on paper that is lit evenly.",
            _ =>
                "digits touch or overlap, or one is very wide, and it isn't clear where one ends: look at the boxes, and leave a gap between digits.",
        };
}
