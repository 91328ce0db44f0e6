using System.Management.Automation;
using System.Text.RegularExpressions;
using PSConvNet.Module.Tests.Help;
using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Arguments;

/// <summary>What can be looked up of Microsoft's guidelines for cmdlets; docs/craft.md goes through all of them.</summary>
public sealed partial class GuidelineTests(SharedSession shared) : IClassFixture<SharedSession>
{
    /// <summary>Names that PowerShell's own parameters have (RD03).</summary>
    private static readonly HashSet<string> s_reserved = new(
        [.. Cmdlet.CommonParameters, .. Cmdlet.OptionalCommonParameters, "SelectProperty", "SelectObject"],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Parameters of one name and several types: one object here and several there, or another meaning in one command.</summary>
    private static readonly string[] s_ofSeveralTypes =
    [
        "Format",
        "Frozen",
        "Index",
        "InputObject",
        "Layer",
        "LiteralPath",
        "Model",
        "Name",
        "Path",
        "Steps",
    ];

    private readonly List<CmdletInfo> _cmdlets =
    [
        .. shared
            .Session.Run("Get-Command -Module PSConvNet -CommandType Cmdlet")
            .Output.Select(command => (CmdletInfo)command.BaseObject),
    ];

    private IEnumerable<(CmdletInfo Cmdlet, ParameterMetadata Parameter)> Parameters =>
        _cmdlets.SelectMany(cmdlet =>
            cmdlet.Parameters.Values.Where(p => !s_reserved.Contains(p.Name)).Select(p => (cmdlet, p))
        );

    [Fact]
    public void Verbs_are_approved_and_nouns_are_singular_and_in_Pascal_case()
    {
        var verbs = shared.Session.Run("(Get-Verb).Verb").Output.Select(verb => verb.ToString()).ToHashSet();

        Assert.All(_cmdlets, cmdlet => Assert.Contains(cmdlet.Verb, verbs));
        Assert.All(_cmdlets, cmdlet => Assert.Matches(PascalCase(), cmdlet.Noun));
        Assert.DoesNotContain(_cmdlets, cmdlet => IsPlural(cmdlet.Noun));
    }

    [Fact]
    public void Names_of_common_parameters_are_not_taken() =>
        Assert.DoesNotContain(
            _cmdlets.SelectMany(cmdlet => cmdlet.ImplementingType.GetProperties()),
            p => p.IsDefined(typeof(ParameterAttribute), inherit: true) && s_reserved.Contains(p.Name)
        );

    [Fact]
    public void Cmdlets_are_public_and_say_what_they_give()
    {
        Assert.All(_cmdlets, cmdlet => Assert.True(cmdlet.ImplementingType.IsPublic, cmdlet.Name));
        Assert.All(_cmdlets, cmdlet => Assert.True(cmdlet.OutputType.Count > 0, cmdlet.Name));
    }

    [Fact]
    public void What_can_replace_a_file_asks_first_where_that_is_wished()
    {
        var changing = Parameters.Where(p => p.Parameter.Name is "Force" or "OutputPath" or "CheckpointPath" or "Open");

        Assert.NotEmpty(changing);
        Assert.All(changing, p => Assert.True(p.Cmdlet.Parameters.ContainsKey("WhatIf"), p.Cmdlet.Name));
    }

    [Fact]
    public void Parameters_are_in_Pascal_case_and_lists_have_singular_names()
    {
        Assert.All(Parameters, p => Assert.Matches(PascalCase(), p.Parameter.Name));
        Assert.DoesNotContain(Parameters, p => p.Parameter.ParameterType.IsArray && IsPlural(p.Parameter.Name));
    }

    [Fact]
    public void True_or_false_is_a_switch() =>
        Assert.DoesNotContain(
            Parameters,
            p => p.Parameter.ParameterType == typeof(bool) || p.Parameter.ParameterType == typeof(bool?)
        );

    [Fact]
    public void A_parameter_has_one_type_wherever_it_is()
    {
        var several = Parameters
            .GroupBy(p => p.Parameter.Name)
            .Where(name => name.Select(p => Bare(p.Parameter.ParameterType)).Distinct().Count() > 1)
            .Select(name => name.Key)
            .Order(StringComparer.Ordinal);

        Assert.Equal(s_ofSeveralTypes, several);
    }

    [Fact]
    public void A_parameter_set_takes_one_thing_from_the_pipeline_and_one_of_them_is_the_default()
    {
        var sets = _cmdlets.SelectMany(cmdlet => cmdlet.ParameterSets, (cmdlet, set) => (cmdlet.Name, Set: set));

        Assert.All(sets, one => Assert.True(one.Set.Parameters.Count(p => p.ValueFromPipeline) <= 1, one.Name));
        Assert.All(
            _cmdlets.Where(cmdlet => cmdlet.ParameterSets.Count > 1),
            cmdlet => Assert.Contains(cmdlet.ParameterSets, set => set.IsDefault)
        );
    }

    [Fact]
    public void The_page_on_the_guidelines_goes_through_all_of_them()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "craft.md"));

        string[] all =
        [
            .. Enumerable.Range(1, 6).Select(n => $"RD0{n}"),
            .. Enumerable.Range(1, 7).Select(n => $"RC0{n}"),
            .. Enumerable.Range(1, 5).Select(n => $"SD0{n}"),
            .. Enumerable.Range(1, 4).Select(n => $"SC0{n}"),
        ];
        Assert.All(all, id => Assert.Contains($"| {id} |", page));
        Assert.All(
            TestClass().Matches(page).Select(match => match.Value),
            name => Assert.NotEmpty(Directory.GetFiles(Path.Combine(Repository.Root, "tests"), $"{name}.cs", s_deep))
        );
    }

    private static readonly EnumerationOptions s_deep = new() { RecurseSubdirectories = true };

    private static Type Bare(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static bool IsPlural(string name) =>
        name.EndsWith('s')
        && !name.EndsWith("ss", StringComparison.Ordinal)
        && !name.EndsWith("us", StringComparison.Ordinal);

    [GeneratedRegex("^([A-Z][a-z0-9]+|[A-Z]+[0-9]*)+$")]
    private static partial Regex PascalCase();

    [GeneratedRegex(@"(?<=`)[A-Z]\w+Tests(?=`)")]
    private static partial Regex TestClass();
}
