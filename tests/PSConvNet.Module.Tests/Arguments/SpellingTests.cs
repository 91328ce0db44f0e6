using System.Management.Automation;
using System.Text.RegularExpressions;
using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Arguments;

/// <summary>Parameters whose names are spelled in one way in Britain and in another in America take both.</summary>
public sealed partial class SpellingTests(SharedSession shared) : IClassFixture<SharedSession>
{
    private static readonly (string British, string American)[] s_spellings =
    [
        ("Centre", "Center"),
        ("Centred", "Centered"),
        ("Colour", "Color"),
        ("Grey", "Gray"),
        ("Behaviour", "Behavior"),
        ("Neighbour", "Neighbor"),
        ("Favour", "Favor"),
        ("Labelled", "Labeled"),
        ("Labelling", "Labeling"),
        ("Modelling", "Modeling"),
        ("Fibre", "Fiber"),
        ("Metre", "Meter"),
        ("Licence", "License"),
        ("Catalogue", "Catalog"),
    ];

    [Fact]
    public void Both_spellings_of_a_parameter_are_taken()
    {
        var parameters = shared
            .Session.Run("Get-Command -Module PSConvNet -CommandType Cmdlet")
            .Output.Select(command => (CommandInfo)command.BaseObject)
            .SelectMany(command => command.Parameters.Values.Select(p => (Command: command.Name, Parameter: p)))
            .ToList();
        var two = parameters
            .SelectMany(p => OtherSpellings(p.Parameter.Name).Select(other => (p.Command, p.Parameter, Other: other)))
            .ToList();

        Assert.Subset(
            two.Select(one => one.Parameter.Name).ToHashSet(),
            new HashSet<string> { "Centre", "Color", "Centered", "Optimizer", "Initializer" }
        );
        Assert.Empty(
            two.Where(one => !one.Parameter.Aliases.Contains(one.Other))
                .Select(one => $"{one.Command} -{one.Parameter.Name} needs [Alias(\"{one.Other}\")]")
        );
    }

    [Theory]
    [InlineData("(New-ImagePreparation -Center Box).Centre", "Box")]
    [InlineData("(New-ImagePreparation -Cent Box).Centre", "Box")]
    [InlineData("(New-Optimizer RMSprop -Centred).Centered", "True")]
    public void The_other_spelling_and_what_both_begin_with_do_the_same(string script, string value)
    {
        var result = shared.Session.Run(script);

        Assert.Empty(result.Errors);
        Assert.Equal([value], result.Output.Select(one => one.ToString()));
    }

    private static IEnumerable<string> OtherSpellings(string name)
    {
        // Words begin with a capital in a parameter's name: Precision and Noise are no candidates.
        foreach (var (british, american) in s_spellings)
        {
            if (Regex.IsMatch(name, british + "(?![a-z])"))
                yield return name.Replace(british, american, StringComparison.Ordinal);
            if (Regex.IsMatch(name, american + "(?![a-z])"))
                yield return name.Replace(american, british, StringComparison.Ordinal);
        }
        // Normalize and Normalise, Optimizer, Initialised, Quantizing; not Size, Raise and Noise.
        if (Ending().IsMatch(name))
            yield return Ending()
                .Replace(name, word => $"{word.Groups[1]}{(word.Groups[2].Value == "z" ? "s" : "z")}{word.Groups[3]}");
    }

    [GeneratedRegex("((?:al|im|it|nt|er|or|an|on)i)([sz])(e|ed|er|ing|ation)(?![a-z])")]
    private static partial Regex Ending();
}
