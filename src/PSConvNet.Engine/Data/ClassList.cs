namespace PSConvNet.Data;

/// <summary>
/// A list of classes that labels are counted in, and the one place where images that were labelled by another list are brought into it.
/// A class is its name: its place in a list says nothing outside that list.
/// </summary>
/// <param name="Names">The names; a label is an index into them.</param>
/// <param name="Owner">Whose list it is, for messages.</param>
/// <param name="Remedy">What to do about a class that is not in the list, in a sentence.</param>
internal sealed record ClassList(IReadOnlyList<string> Names, string Owner, string Remedy)
{
    /// <summary>
    /// The same images, labelled by this list. Images whose classes have no names are taken to be labelled by it already. Names that no
    /// image has are passed over, so that a part of a data set fits where its classes do.
    /// </summary>
    /// <exception cref="ConvNetException">
    /// <c>ClassUnknown</c>: images are of a class that is not in the list. <c>ClassNameDuplicate</c>: a name of theirs is in it twice.
    /// <c>DatasetInvalid</c>: a label of images without names is beyond it.
    /// </exception>
    public ImageSet Label(ImageSet images)
    {
        if (images.ClassNames.Count == 0 || images.ClassNames.SequenceEqual(Names))
            return images.Named(Names);
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var place = 0; place < Names.Count; place++)
        {
            if (!places.TryAdd(Names[place], place) && images.ClassNames.Contains(Names[place]))
                throw ClassName.Duplicate(Names[place], Owner);
        }
        int[] map = [.. images.ClassNames.Select(name => places.GetValueOrDefault(name, -1))];
        var labels = images.Labels.ToArray();
        var unknown = new SortedSet<int>();
        for (var i = 0; i < labels.Length; i++)
        {
            if (map[labels[i]] < 0)
                unknown.Add(labels[i]);
            else
                labels[i] = map[labels[i]];
        }
        if (unknown.Count > 0)
            throw Unknown(images, [.. unknown.Select(label => images.ClassNames[label])]);
        return images.Labelled(labels, Names);
    }

    /// <summary>The place of a name that somebody typed.</summary>
    /// <exception cref="ConvNetException"><c>ClassUnknown</c>: it isn't in the list. <c>ClassNameDuplicate</c>: it is in it twice.</exception>
    public int Place(string name, string option)
    {
        var normal = ClassName.Normal(name);
        int[] places = [.. Enumerable.Range(0, Names.Count).Where(i => Names[i] == normal)];
        return places switch
        {
            [var place] => place,
            [] => throw new ConvNetException(
                ErrorIds.ClassUnknown,
                ErrorKind.InvalidArgument,
                $"{option} names the class '{name}', which {Owner} does not know. Its classes are {ClassName.Quote(Names):text}.{Likeness([normal]):text}",
                name
            ),
            _ => throw ClassName.Duplicate(name, Owner),
        };
    }

    /// <summary>Says which classes are learned and not validated, of images that are labelled by one list; null where there are none.</summary>
    public static string? Unvalidated(ImageSet learned, ImageSet validated)
    {
        var classes = learned.Labels.ToArray().ToHashSet();
        classes.ExceptWith(validated.Labels.ToArray());
        return classes.Count == 0
            ? null
            : MessageText.Of(
                $"The {validated.Name} validation images have none of {ClassName.Quote([.. classes.Order().Select(label => learned.ClassNames[label])]):text}: validation says nothing about {(classes.Count == 1 ? "this class" : "these classes")}."
            );
    }

    /// <summary>Whether images have other classes altogether, without a name that is in the list or looks like one that is.</summary>
    public bool HasNoneOf(ImageSet images) => !images.ClassNames.Any(name => Alike(name) is not null);

    private ConvNetException Unknown(ImageSet images, string[] unknown) =>
        new(
            ErrorIds.ClassUnknown,
            ErrorKind.InvalidData,
            $"The {images.Name} images are of {(unknown.Length == 1 ? "a class" : "classes")} that {Owner} does not know: {ClassName.Quote(unknown):text}. The images' classes are {ClassName.Quote(images.ClassNames):text}; those of {Owner} are {ClassName.Quote(Names):text}.{Likeness(unknown):text} {Remedy:text}",
            images
        );

    /// <summary>A word on names that look alike.</summary>
    private string Likeness(string[] unknown)
    {
        foreach (var name in unknown)
        {
            if (Alike(name) is { } alike)
                return $" '{name}' is not '{alike}': case and spaces matter.";
        }
        return "";
    }

    private string? Alike(string name) =>
        Names.FirstOrDefault(known => known.Trim().Equals(name.Trim(), StringComparison.OrdinalIgnoreCase));
}
